"""Judging the hidden layer, and the heads with it."""

from collections.abc import Sequence

import numpy as np

from autograder.autoencoders.exercises.variational_encoder import heads
from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER as EXERCISE
from autograder.autoencoders.networks.judge_layers import judge_one_hidden
from autograder.autoencoders.networks.line import HIDDEN_UNITS, LineScan
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.heads import RecognisedHeads
from autograder.autoencoders.reference.line import Layers, read_line
from autograder.autoencoders.reference.sampling import Steered
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close
from autograder.judging.verdicts import Finding, finding, not_looked_at

# What rounding to float32 leaves of z is as exact as that.
_ALIKE = 1e-6


def judge_layers(recognised: RecognisedHeads | None, steered: Steered, budget: Budget) -> list[Finding]:
    """Findings about the hidden layer and the heads."""
    if recognised is None and budget.is_spent:
        return [finding(EXERCISE, "too-many-ways"), *not_looked_at(EXERCISE, ("heads",), "Not looked at: see above.")]
    if recognised is None:
        return [_name_unknown_heads(steered), *not_looked_at(EXERCISE, ("hidden",), "Not looked at: see the heads.")]
    findings = heads.judge_forms(recognised)
    layers = recognised.heads
    if layers.activation == "no activation":
        findings.append(finding(EXERCISE, "no-hidden-activation"))
    elif layers.activation != "ReLU":
        findings.append(finding(EXERCISE, "another-hidden-activation", activation=layers.activation))
    if layers.width != HIDDEN_UNITS:
        findings.append(finding(EXERCISE, "wrong-width", got=layers.width))
    if not layers.biased:
        findings.append(finding(EXERCISE, "no-bias"))
    return findings


def judge_by_line(line: LineScan) -> list[Finding] | None:
    """Findings about layers that are not the usual ones; ``None`` where a line decides nothing."""
    reading = read_line(line)
    if reading.layers is Layers.OTHER:
        return [finding(EXERCISE, "another-network")]
    if line.end != "heads":
        return None
    if reading.layers is Layers.AFFINE:
        return [finding(EXERCISE, "no-hidden-activation")]
    return judge_one_hidden(EXERCISE, reading) if reading.layers is Layers.ONE_HIDDEN else None


def takes_pixels(values: Sequence[Float64Array], images: Float64Array, steered: Steered) -> bool:
    """Whether μ is a single linear layer's output for the images, shape (batch, 784)."""
    wanted = steered.mean.shape[1]
    weights = [value for value in values if value.shape == (wanted, images.shape[1])]
    biases = [np.zeros(wanted), *(value for value in values if value.shape == (wanted,))]
    return any(close(images @ weight.T + bias, steered.mean, 1e-3) for weight in weights for bias in biases)


def explains_sigma(line: LineScan, steered: Steered) -> bool:
    """Whether μ and log σ are those of the layers asked for, though σ's head alone is written in another way.

    A line can be so near that it does not come to bounds; where σ is held at one, several are the same.
    """
    sigma = np.sort(np.abs(steered.slope), axis=None)
    apart = _ALIKE * np.abs(steered.mean).max()
    return judge_by_line(line) == [] and bool(sigma[1] - sigma[0] > apart and sigma[-1] - sigma[-2] > apart)


def _name_unknown_heads(steered: Steered) -> Finding:
    return finding(EXERCISE, "unknown-heads", low=float(steered.mean.min()), high=float(steered.mean.max()))
