"""Judging the two heads: μ's and σ's functions of them, and the gradient that they get through the sample."""

import numpy as np

from autograder.autoencoders.exercises.variational_encoder.cut import judge_moves
from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER as EXERCISE
from autograder.autoencoders.exercises.variational_encoder.probe import SamplingRun, directions
from autograder.autoencoders.reference.forms import CONSTANT_SIGMA, NO_MU, UNKNOWN_SIGMA
from autograder.autoencoders.reference.heads import RecognisedHeads
from autograder.autoencoders.reference.sampling import Noise, Steered
from autograder.autoencoders.reference.two_heads import TwoHeads
from autograder.course.draws import Float64Array
from autograder.judging.failures import exception_text, quoted_line
from autograder.judging.verdicts import Finding, finding

# σ of these is no function of the head of μ.
_OTHERS = ("sigma-astray", "sigma-shared")


def judge_forms(recognised: RecognisedHeads) -> list[Finding]:
    """What is wrong about μ's and σ's functions of their heads."""
    mu, sigma = recognised.mu, recognised.sigma
    findings = []
    shows_one = sigma not in (None, CONSTANT_SIGMA, UNKNOWN_SIGMA) and sigma.misconception not in _OTHERS
    if recognised.heads.are_one and mu is not NO_MU and shows_one:
        findings.append(finding(EXERCISE, "same-head-twice"))
    both_activated = mu.misconception in ("mu-activated", "exp-on-mu") and sigma is not None
    if both_activated and sigma is not None and sigma.misconception == "relu-before-exp":
        return [*findings, finding(EXERCISE, "heads-activated", **mu.values)]
    if mu.misconception is not None:
        findings.append(finding(EXERCISE, mu.misconception, **mu.values))
    if sigma is not None and sigma.misconception is not None:
        head = recognised.heads.second.output
        low, high = float(head.min()), float(head.max())
        findings.append(finding(EXERCISE, sigma.misconception, low=low, high=high, **sigma.values))
    return findings


def judge_gradient(
    run: SamplingRun, steered: Steered, recognised: RecognisedHeads | None, images: Float64Array
) -> list[Finding]:
    """Whether the gradient that reached the weights is the one of z = μ + σ·ε.

    Args:
        run: what was seen.
        steered: how z depends on the noise.
        recognised: what the heads were recognised as.
        images: the images encoded, shape (batch, 784).
    """
    if steered.noise is Noise.UNSTEERED:
        return []
    if findings := _judge_arrival(run):
        return findings
    if recognised is None:
        return [] if run.moves is None else judge_moves(run.moves)
    if run.gradient[recognised.heads.trunk] == 0.0:
        return [finding(EXERCISE, "partly-detached")]
    slope = recognised.sigma_slope
    if steered.noise is not Noise.NORMAL or slope is None or recognised.heads.are_one:
        return []
    at_mu = directions(run.latent_dims)
    alternating = run.alternating.numbers
    if alternating is None or alternating.size != steered.mean.size:
        return []
    at_sigma = at_mu * (alternating.reshape(steered.mean.shape) - steered.mean) * slope
    through_mu, through_sigma = recognised.reached(np.broadcast_to(at_mu, steered.mean.shape), at_sigma)
    return _judge_heads(run, recognised.heads, through_mu, through_sigma) or _judge_trunk(
        run, recognised.heads, through_mu, through_sigma, images
    )


def judge_unsteered_gradient(run: SamplingRun, recognised: RecognisedHeads) -> list[Finding]:
    """Whether a gradient reaches both heads and the trunk, where only the law of the noise is known."""
    if (findings := _judge_arrival(run)) or recognised.mu is NO_MU or recognised.sigma is CONSTANT_SIGMA:
        return findings
    heads = recognised.heads
    for weight, missing in (
        (heads.trunk, "partly-detached"),
        (heads.first.weight, "mu-cut-off"),
        (heads.second.weight, "sigma-cut-off"),
    ):
        if run.gradient[weight] == 0.0:
            return [finding(EXERCISE, missing)]
    return []


def _judge_arrival(run: SamplingRun) -> list[Finding]:
    """Whether a gradient that can be used reaches any weight."""
    if (stopped := run.gradient_failure) is not None:
        return [finding(EXERCISE, "stops-in-training", error=exception_text(stopped), line=quoted_line(stopped))]
    if not np.isfinite(run.gradient).all():
        return [finding(EXERCISE, "gradient-not-finite")]
    return [] if any(run.gradient) else [finding(EXERCISE, "sample-cuts-gradient")]


def _judge_heads(
    run: SamplingRun, heads: TwoHeads, through_mu: Float64Array, through_sigma: Float64Array
) -> list[Finding]:
    """Findings about the gradients of the heads' weights, given those of their outputs, shape (batch, L)."""
    mu, sigma = (float(np.abs(through.T @ heads.features).sum()) for through in (through_mu, through_sigma))
    if heads.first.fused:
        got = run.gradient[heads.first.weight]
        for missing, rest in (("sigma-cut-off", mu), ("mu-cut-off", sigma)):
            if abs(got - rest) < 1e-3 * rest:
                return [finding(EXERCISE, missing)]
        return _compare(got, mu + sigma)
    mu_got, sigma_got = run.gradient[heads.first.weight], run.gradient[heads.second.weight]
    if mu_got == 0.0:
        return [finding(EXERCISE, "mu-cut-off")]
    if sigma_got == 0.0:
        return [finding(EXERCISE, "sigma-cut-off")]
    return _compare(mu_got, mu) or _compare(sigma_got, sigma)


def _judge_trunk(
    run: SamplingRun, heads: TwoHeads, through_mu: Float64Array, through_sigma: Float64Array, images: Float64Array
) -> list[Finding]:
    """Whether the hidden layer learns from both heads; only where it is a ReLU's."""
    if heads.activation != "ReLU":
        return []
    by_mu, by_sigma = through_mu @ heads.first.matrix, through_sigma @ heads.second.matrix
    on = heads.features > 0

    def expected(by: Float64Array) -> float:
        weights = (by * on).T @ images
        return float(np.abs(weights, out=weights).sum())

    got, both = run.gradient[heads.trunk], expected(by_mu + by_sigma)
    if abs(got - both) <= 4e-3 * both:
        return []
    for head, by in (("log σ", by_mu), ("μ", by_sigma)):
        alone = expected(by)
        if abs(got - alone) < 2e-3 * alone:
            return [finding(EXERCISE, "head-cut-off", head=head)]
    return [finding(EXERCISE, "hidden-gradient")]


def _compare(got: float, expected: float) -> list[Finding]:
    if abs(got - expected) <= 2e-3 * expected:
        return []
    return [finding(EXERCISE, "wrong-gradient", ratio=got / expected)]
