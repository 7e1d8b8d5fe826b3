"""Judge whether the gradient of ``kl`` reaches both heads with the size that its value implies."""

import numpy as np

from autograder.autoencoders.exercises.kl.cut import judge_moves
from autograder.autoencoders.exercises.kl.latents import Encoded
from autograder.autoencoders.exercises.kl.misconceptions import KL
from autograder.autoencoders.exercises.kl.probe import BATCHES, GRADIENT_BATCH, KlRun, inputs
from autograder.autoencoders.reference import divergence
from autograder.autoencoders.reference.divergence import Explained
from autograder.autoencoders.reference.two_heads import TwoHeads
from autograder.course.draws import Float64Array
from autograder.judging.failures import exception_text, quoted_line
from autograder.judging.verdicts import Finding, finding

_RTOL = 5e-3
# How exact the trunk's gradient is, whose smaller part may hardly count beside the larger one.
_RTOL_OF_TRUNK = 3e-4

# Gradients at μ's head and at σ's, each (batch, L).
_AtHeads = tuple[Float64Array, Float64Array]


def judge(seed: int, run: KlRun, encoded: Encoded, explained: Explained) -> list[Finding]:
    """Findings about the gradient of a KL whose formula is known."""
    right = explained.formula in divergence.RIGHT
    if not any(run.gradient):
        return judge_no_gradient(run, "detached" if right else "no-gradient")
    recognised = encoded.recognised
    if recognised is not None and not any(run.gradient[place] for place in _places(recognised.heads)):
        return judge_no_gradient(run, "detached" if right else "no-gradient")
    slope = None if recognised is None else recognised.sigma_slope
    if right and slope is None and run.moves is not None:
        return judge_moves(run.moves)
    if not right or recognised is None or slope is None:
        return []
    # What the formula's value implies: its derivatives with respect to μ's and σ's heads, summed as the value is.
    place = BATCHES[run.latent_dims].index(GRADIENT_BATCH)
    mu, sigma = encoded.batches[place].mu, encoded.batches[place].sigma
    weights = explained.reduction.expected(*mu.shape)
    quadratic = explained.formula.expected["σ²"]
    by_mu, by_sigma = recognised.reached(
        2.0 * quadratic * mu * weights, (2.0 * quadratic * sigma**2 - 1.0) * slope * weights
    )
    of_z = recognised.reached(np.ones_like(mu), slope * sigma)
    heads = recognised.heads
    if heads.are_one:
        both = float(np.abs((by_mu + by_sigma).T @ heads.features).sum())
        return _compare(run.gradient[heads.first.weight], both)
    through_mu = float(np.abs(by_mu.T @ heads.features).sum())
    through_sigma = float(np.abs(by_sigma.T @ heads.features).sum())
    if heads.first.fused:
        got = run.gradient[heads.first.weight]
        if abs(got - through_mu) < _RTOL * through_mu:
            return [finding(KL, "partly-detached", missing="σ")]
        if abs(got - through_sigma) < _RTOL * through_sigma:
            return [finding(KL, "partly-detached", missing="μ")]
        return _compare(got, through_mu + through_sigma) or _judge_trunk(seed, run, heads, (by_mu, by_sigma), of_z)
    mu_got, sigma_got = run.gradient[heads.first.weight], run.gradient[heads.second.weight]
    if mu_got == 0.0 or sigma_got == 0.0:
        return [finding(KL, "partly-detached", missing="μ" if mu_got == 0.0 else "σ")]
    at_heads = _compare(mu_got, through_mu) or _compare(sigma_got, through_sigma)
    return at_heads or _judge_trunk(seed, run, heads, (by_mu, by_sigma), of_z)


def _places(heads: TwoHeads) -> tuple[int, ...]:
    """The weights among the parameters, beside which a ``kl`` may be one that is registered."""
    return heads.trunk, heads.first.weight, heads.second.weight


def _judge_trunk(seed: int, run: KlRun, heads: TwoHeads, by_heads: _AtHeads, z_by_heads: _AtHeads) -> list[Finding]:
    """Findings about the layer before the heads, where these have the gradient that they should.

    Where z does not send that layer its gradient either, the sampling is charged for it.
    """
    if heads.activation != "ReLU":
        return []
    images = inputs(seed, GRADIENT_BATCH).reshape(GRADIENT_BATCH, -1)

    def at_trunk(by_hidden: Float64Array) -> float:
        return float(np.abs((by_hidden * (heads.features > 0.0)).T @ images).sum())

    first, second = heads.first.matrix, heads.second.matrix
    z_by_mu, z_by_sigma = z_by_heads
    of_z = at_trunk(z_by_mu @ first + z_by_sigma @ second)
    if abs(run.latent_gradient[heads.trunk] - of_z) > _RTOL * of_z:
        return []
    got, (by_mu, by_sigma) = run.gradient[heads.trunk], by_heads
    if got == 0.0:
        return [finding(KL, "trunk-cut")]
    off = abs(got - at_trunk(by_mu @ first + by_sigma @ second))
    if off <= _RTOL_OF_TRUNK * got:
        return []
    off_by_one = {name: abs(got - at_trunk(way)) for name, way in (("μ", by_mu @ first), ("σ", by_sigma @ second))}
    through = min(off_by_one, key=lambda name: off_by_one[name])
    is_explained = off_by_one[through] < off and off_by_one[through] <= _RTOL * got
    return [finding(KL, "trunk-partly-cut", through=through)] if is_explained else []


def judge_no_gradient(run: KlRun, silent: str) -> list[Finding]:
    """Findings about a KL that sends no gradient; ``silent`` names the mistake where nothing stops training."""
    if not run.gradient_reached:
        return []  # what stops before z is the sampling's mistake
    if (stopped := run.gradient_failure) is not None:
        return [finding(KL, "stops-in-training", error=exception_text(stopped), line=quoted_line(stopped))]
    return [finding(KL, silent)]


def _compare(got: float, expected: float) -> list[Finding]:
    if abs(got - expected) <= _RTOL * expected:
        return []
    return [finding(KL, "wrong-gradient", ratio=got / expected)]
