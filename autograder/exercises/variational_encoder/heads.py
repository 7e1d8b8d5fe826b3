"""Judging the two heads: μ's and σ's functions of them, and the gradient that they get through the sample."""

import numpy as np

from autograder.exercises.failures import error, where
from autograder.exercises.judgement import Finding, found
from autograder.exercises.variational_encoder.probe import SamplingRun, directions
from autograder.exercises.variational_encoder.texts import VARIATIONAL_ENCODER as EXERCISE
from autograder.oracle.gaussian_heads import Reading
from autograder.oracle.heads import SIGMA_SLOPES, Matched
from autograder.oracle.sampling import Noise, Steered
from autograder.probes import Float64Array


def judge_forms(matched: Matched) -> list[Finding]:
    """What is wrong about μ's and σ's functions of their heads."""
    findings = []
    one_head = matched.read.first is matched.read.second and matched.mu != "zero"
    if one_head and matched.sigma not in (None, "constant", "unknown"):
        findings.append(found(EXERCISE, "same-head-twice"))
    if matched.mu not in ("identity", "zero") and matched.sigma == "relu-exp":
        return [*findings, found(EXERCISE, "heads-activated", activation=matched.mu)]
    if matched.mu == "zero":
        findings.append(found(EXERCISE, "no-mu"))
    elif matched.mu == "exp":
        findings.append(found(EXERCISE, "exp-on-mu"))
    elif matched.mu != "identity":
        findings.append(found(EXERCISE, "mu-activated", activation=matched.mu))
    named = {
        "softplus": "softplus-sigma",
        "relu-exp": "relu-before-exp",
        "exp-twice": "variance-as-sigma",
        "constant": "constant-sigma",
    }
    if matched.sigma == "no-exp":
        head = matched.read.second.output
        findings.append(found(EXERCISE, "no-exp", low=float(head.min()), high=float(head.max())))
    elif matched.sigma in named:
        findings.append(found(EXERCISE, named[matched.sigma]))
    elif matched.sigma == "unknown":
        findings.append(found(EXERCISE, "unknown-sigma"))
    elif matched.sigma is not None and matched.sigma not in SIGMA_SLOPES:
        findings.append(found(EXERCISE, "sigma-activated", activation=matched.sigma))
    return findings


def judge_gradient(run: SamplingRun, steered: Steered, matched: Matched | None, images: Float64Array) -> list[Finding]:
    """Whether the gradient that reached the weights is the one of z = μ + σ·ε at ε = 1.

    Args:
        run: what was seen.
        steered: how z depends on the noise.
        matched: how the heads were read.
        images: the images encoded, shape (batch, 784).
    """
    if steered.noise is Noise.UNSTEERED:
        return []
    if run.gradient_failure is not None:
        return [
            found(EXERCISE, "stops-in-training", error=error(run.gradient_failure), line=where(run.gradient_failure))
        ]
    if not any(run.gradient):
        return [found(EXERCISE, "sample-cuts-gradient")]
    if matched is not None and run.gradient[matched.read.trunk] == 0.0:
        return [found(EXERCISE, "partly-detached")]
    if steered.noise is not Noise.NORMAL:
        return []
    if matched is None or matched.mu != "identity" or matched.sigma is None or matched.sigma not in SIGMA_SLOPES:
        return []
    if matched.read.first is matched.read.second:
        return []
    through_mu = directions(run.latent_dims)
    through_sigma = through_mu * steered.slope * SIGMA_SLOPES[matched.sigma]
    return _judge_heads(run, matched.read, through_mu, through_sigma) or _judge_trunk(
        run, matched.read, through_mu, through_sigma, images
    )


def _judge_heads(
    run: SamplingRun, reading: Reading, through_mu: Float64Array, through_sigma: Float64Array
) -> list[Finding]:
    """Findings about the gradients of the heads' weights, given those of their outputs, shape (batch, L)."""
    mu, sigma = (float(np.abs(through.T @ reading.features).sum()) for through in (through_mu, through_sigma))
    if reading.first.fused:
        got = run.gradient[reading.first.weight]
        for missing, rest in (("sigma-cut-off", mu), ("mu-cut-off", sigma)):
            if abs(got - rest) < 1e-3 * rest:
                return [found(EXERCISE, missing)]
        return _compare(got, mu + sigma)
    mu_got, sigma_got = run.gradient[reading.first.weight], run.gradient[reading.second.weight]
    if mu_got == 0.0:
        return [found(EXERCISE, "mu-cut-off")]
    if sigma_got == 0.0:
        return [found(EXERCISE, "sigma-cut-off")]
    return _compare(mu_got, mu) or _compare(sigma_got, sigma)


def _judge_trunk(
    run: SamplingRun, reading: Reading, through_mu: Float64Array, through_sigma: Float64Array, images: Float64Array
) -> list[Finding]:
    """Whether the hidden layer learns from both heads; only where it is a ReLU's."""
    if reading.activation != "ReLU":
        return []
    by_mu, by_sigma = through_mu @ reading.first.matrix, through_sigma @ reading.second.matrix
    on = reading.features > 0

    def expected(by: Float64Array) -> float:
        weights = (by * on).T @ images
        return float(np.abs(weights, out=weights).sum())

    got, both = run.gradient[reading.trunk], expected(by_mu + by_sigma)
    if abs(got - both) <= 4e-3 * both:
        return []
    for head, by in (("log σ", by_mu), ("μ", by_sigma)):
        alone = expected(by)
        if abs(got - alone) < 2e-3 * alone:
            return [found(EXERCISE, "head-cut-off", head=head)]
    return []


def _compare(got: float, expected: float) -> list[Finding]:
    if abs(got - expected) <= 2e-3 * expected:
        return []
    return [found(EXERCISE, "wrong-gradient", ratio=got / expected)]
