"""Judge whether the gradient of ``kl`` reaches both heads with the size that its value implies."""

import numpy as np

from autograder.exercises.failures import error, where
from autograder.exercises.judgement import Finding, found
from autograder.exercises.kl.latents import Encoded
from autograder.exercises.kl.probe import BATCHES, GRADIENT_BATCH, KlRun
from autograder.exercises.kl.texts import KL
from autograder.oracle.divergence import Explained
from autograder.oracle.heads import SIGMA_SLOPES

_RTOL = 5e-3


def judge(run: KlRun, encoded: Encoded, explained: Explained) -> list[Finding]:
    """Findings about the gradient of a KL whose formula is known."""
    right = explained.formula.key in ("exact", "blog")
    if not any(run.gradient):
        return _silent(run, right)
    matched = encoded.matched
    if not right or matched is None or matched.mu != "identity" or matched.sigma is None:
        return []
    if matched.sigma not in SIGMA_SLOPES:
        return []
    place = BATCHES[run.latent_dims].index(GRADIENT_BATCH)
    mu, sigma = encoded.batches[place].mu, encoded.batches[place].sigma
    weights = explained.reduction.weights(*mu.shape)
    quadratic = explained.formula.coefficients["σ²"]
    by_mu = 2.0 * quadratic * mu * weights
    by_head = (2.0 * quadratic * sigma**2 - 1.0) * SIGMA_SLOPES[matched.sigma] * weights
    reading = matched.read
    if reading.first is reading.second:
        both = float(np.abs((by_mu + by_head).T @ reading.features).sum())
        return _compare(run.gradient[reading.first.weight], both)
    through_mu = float(np.abs(by_mu.T @ reading.features).sum())
    through_sigma = float(np.abs(by_head.T @ reading.features).sum())
    if reading.first.fused:
        got = run.gradient[reading.first.weight]
        if abs(got - through_mu) < _RTOL * through_mu:
            return [found(KL, "partly-detached", missing="σ")]
        if abs(got - through_sigma) < _RTOL * through_sigma:
            return [found(KL, "partly-detached", missing="μ")]
        return _compare(got, through_mu + through_sigma)
    mu_got, sigma_got = run.gradient[reading.first.weight], run.gradient[reading.second.weight]
    if mu_got == 0.0 or sigma_got == 0.0:
        return [found(KL, "partly-detached", missing="μ" if mu_got == 0.0 else "σ")]
    return _compare(mu_got, through_mu) or _compare(sigma_got, through_sigma)


def _silent(run: KlRun, right: bool) -> list[Finding]:
    """Findings about a KL that sends no gradient."""
    if not run.gradient_reached:
        return []  # what stops before z is the sampling's mistake
    if (stopped := run.gradient_failure) is not None:
        return [found(KL, "stops-in-training", error=error(stopped), line=where(stopped))]
    return [found(KL, "detached" if right else "no-gradient")]


def _compare(got: float, expected: float) -> list[Finding]:
    if abs(got - expected) <= _RTOL * expected:
        return []
    return [found(KL, "wrong-gradient", ratio=got / expected)]
