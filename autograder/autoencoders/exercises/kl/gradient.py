"""Judge whether the gradient of ``kl`` reaches both heads with the size that its value implies."""

import numpy as np

from autograder.autoencoders.exercises.kl.latents import Encoded
from autograder.autoencoders.exercises.kl.misconceptions import KL
from autograder.autoencoders.exercises.kl.probe import BATCHES, GRADIENT_BATCH, KlRun
from autograder.autoencoders.reference import divergence
from autograder.autoencoders.reference.divergence import Explained
from autograder.judging.failures import exception_text, quoted_line
from autograder.judging.verdicts import Finding, finding

_RTOL = 5e-3


def judge(run: KlRun, encoded: Encoded, explained: Explained) -> list[Finding]:
    """Findings about the gradient of a KL whose formula is known."""
    right = explained.formula in divergence.RIGHT
    if not any(run.gradient):
        return judge_no_gradient(run, "detached" if right else "no-gradient")
    recognised = encoded.recognised
    slope = None if recognised is None else recognised.sigma_slope
    if not right or recognised is None or slope is None:
        return []
    # What the formula's value implies: its derivatives with respect to μ's and σ's heads, summed as the value is.
    place = BATCHES[run.latent_dims].index(GRADIENT_BATCH)
    mu, sigma = encoded.batches[place].mu, encoded.batches[place].sigma
    weights = explained.reduction.expected(*mu.shape)
    quadratic = explained.formula.expected["σ²"]
    by_mu = 2.0 * quadratic * mu * weights
    by_sigma = (2.0 * quadratic * sigma**2 - 1.0) * slope * weights
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
        return _compare(got, through_mu + through_sigma)
    mu_got, sigma_got = run.gradient[heads.first.weight], run.gradient[heads.second.weight]
    if mu_got == 0.0 or sigma_got == 0.0:
        return [finding(KL, "partly-detached", missing="μ" if mu_got == 0.0 else "σ")]
    return _compare(mu_got, through_mu) or _compare(sigma_got, through_sigma)


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
