"""Judging the two heads: μ's and σ's functions of them, and the gradient that they get through the sample."""

import numpy as np

from autograder.exercises.judgement import Finding, found
from autograder.exercises.variational_encoder.probe import SamplingRun, directions
from autograder.exercises.variational_encoder.texts import VARIATIONAL_ENCODER as EXERCISE
from autograder.oracle.heads import SIGMA_SLOPES, Matched
from autograder.oracle.sampling import Noise, Steered


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


def judge_gradient(run: SamplingRun, steered: Steered, matched: Matched | None) -> list[Finding]:
    """Whether the gradient that reached the heads' weights is the one of z = μ + σ·ε at ε = 1."""
    if steered.noise is Noise.UNSTEERED:
        return []
    if not any(run.gradient):
        return [found(EXERCISE, "sample-cuts-gradient")]
    if steered.noise is not Noise.NORMAL:
        return []
    if matched is None or matched.mu != "identity" or matched.sigma is None or matched.sigma not in SIGMA_SLOPES:
        return []
    reading, weighting = matched.read, directions(run.latent_dims)
    through_mu = float(np.abs(weighting.T @ reading.features).sum())
    by_head = weighting * steered.slope * SIGMA_SLOPES[matched.sigma]
    through_sigma = float(np.abs(by_head.T @ reading.features).sum())
    if reading.first is reading.second:
        return []
    if reading.first.fused:
        got, expected = run.gradient[reading.first.weight], through_mu + through_sigma
        for missing, rest in (("sigma-cut-off", through_mu), ("mu-cut-off", through_sigma)):
            if abs(got - rest) < 1e-3 * rest:
                return [found(EXERCISE, missing)]
        return _compare(got, expected)
    mu_got, sigma_got = run.gradient[reading.first.weight], run.gradient[reading.second.weight]
    if mu_got == 0.0:
        return [found(EXERCISE, "mu-cut-off")]
    if sigma_got == 0.0:
        return [found(EXERCISE, "sigma-cut-off")]
    return _compare(mu_got, through_mu) or _compare(sigma_got, through_sigma)


def _compare(got: float, expected: float) -> list[Finding]:
    if abs(got - expected) <= 2e-3 * expected:
        return []
    return [found(EXERCISE, "wrong-gradient", ratio=got / expected)]
