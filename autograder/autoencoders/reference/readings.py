"""Reading μ, σ and the noise's law from many samples, where steering does not show them.

Noise may come from elsewhere than torch, or be made of several draws (Box and Müller's way, sums of uniform numbers).
Then every way to take the parameters as heads, with either right form of σ, is held against the mean and the spread of
the samples of each image and dimension. A wrong σ has another spread in every one of them.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

from autograder.autoencoders.reference.budget import Budget, OverBudget
from autograder.autoencoders.reference.heads import RecognisedHeads, other_forms, right_forms
from autograder.autoencoders.reference.sampling import SHARED, Law, sharing
from autograder.autoencoders.reference.two_heads import two_heads
from autograder.course.draws import Float64Array

_SIGMAS = 5.0
# Beyond these the normal law's share is compared with the noise's, at either side and at both; the last shows numbers
# that are cut off at 2.5.
_BOUNDS = (0.5, 1.0, 1.5, 2.0, 2.55)
_COMPARISONS = 12
# Beyond this kurtosis variances say little. Of numbers that are one and the same, rounding leaves none beside it.
_HEAVY, _BESIDE = 5.0, 1e-3


@dataclass(frozen=True)
class Reading:
    """Heads with which the samples are explained.

    Attributes:
        recognised: the heads and their forms.
        residuals: the noise that is left with these, shape (samples, L).
        law: what is wrong with that noise, if anything.
        scatter: how far means and variances of the noise lie apart for images and dimensions, as a sum of squared
            standard scores; small where μ and σ have the right forms, whatever the noise's law.
    """

    recognised: RecognisedHeads
    residuals: Float64Array
    law: Law
    scatter: float


def read_noise(
    values: Sequence[Float64Array], images: Float64Array, samples: Float64Array, budget: Budget
) -> Reading | None:
    """The heads that explain the samples, with right noise if that is possible; ``None`` where none do.

    Right forms of μ and σ come first, with noise of the right law or with numbers that are shared (no wrong σ shows
    twins); then one wrong form with right noise, unless right forms with noise of another law leave less scatter, and
    these last.

    Args:
        values: the module's parameters.
        images: shape (batch, 784).
        samples: latents of these images again and again, shape (rounds, batch, L).
        budget: what it may cost.
    """
    wrong: list[Reading] = []
    with suppress(OverBudget):
        for forms in (right_forms, other_forms):
            for heads in two_heads(values, images, samples.shape[2], ("ReLU",), budget):
                for recognised in forms(heads):
                    budget.spend_on_comparisons(_COMPARISONS)
                    reading = _read(samples, recognised)
                    if reading is not None and reading.law is Law.RIGHT:
                        rivals = wrong if forms is other_forms else []
                        return min((reading, *rivals), key=lambda one: one.scatter)
                    if reading is not None and forms is right_forms:
                        wrong.append(reading)
            if shared := [reading for reading in wrong if reading.law in SHARED]:
                return shared[0]
    return wrong[0] if wrong else None


def _read(samples: Float64Array, recognised: RecognisedHeads) -> Reading | None:
    assert recognised.sigma is not None
    mu = recognised.mu.expected(recognised.heads.first.output)
    sigma = recognised.sigma.expected(recognised.heads.second.output)
    residuals = (samples - mu) / sigma
    law = _law(residuals)
    return None if law is None else Reading(recognised, _flat(residuals), law, _scatter(residuals))


def law_of_many(residuals: Float64Array) -> Law:
    """What is wrong with many numbers that should be standard normal, shape (rounds, batch, L)."""
    if (shared := sharing(_flat(residuals), residuals.shape[1])) is not Law.RIGHT:
        return shared
    return _law_of_unshared(residuals)


def _flat(residuals: Float64Array) -> Float64Array:
    return residuals.reshape(-1, residuals.shape[2])


def _law(residuals: Float64Array) -> Law | None:
    """The noise's law, shape (rounds, batch, L), if it is one and the same for all images and dimensions."""
    if not np.isfinite(residuals).all():
        return None
    rounds, images, _ = residuals.shape
    if (shared := sharing(_flat(residuals), images)) is not Law.RIGHT:
        return shared
    means, variances = residuals.mean(axis=0), residuals.var(axis=0)
    kurtosis = float(np.mean(((residuals - means) ** 4).mean(axis=0) / np.maximum(variances, 1e-12) ** 2))
    if _is_chance(means * sqrt(rounds)) and _is_chance((variances - 1.0) * sqrt(rounds / 2.0)):
        return _law_of_unshared(_flat(residuals))
    mean, variance = float(means.mean()), float(variances.mean())
    apart = np.abs(means - mean) > _SIGMAS * sqrt(variance / rounds)
    spread_apart = np.abs(variances - variance) > _SIGMAS * variance * sqrt(max(kurtosis - 1.0, 1e-3) / rounds)
    if apart.any() or spread_apart.any():
        return _heavy_law(residuals) if kurtosis > _HEAVY else None
    found = _law_of_unshared(_flat(residuals))
    return Law.SCALED if found is Law.RIGHT else found


def _heavy_law(residuals: Float64Array) -> Law | None:
    """The same for numbers some of which lie so far out that they have no variance to speak of.

    Whatever their law is, of each image's and dimension's numbers as many lie below the quartiles of all.
    """
    rounds = len(residuals)
    quartiles = np.quantile(residuals, (0.25, 0.5, 0.75))
    for bound in quartiles + _BESIDE * (quartiles[2] - quartiles[0]):
        below = residuals < bound
        share = float(below.mean())
        if np.any(np.abs(below.mean(axis=0) - share) > _SIGMAS * sqrt(share * (1.0 - share) / rounds)):
            return None
    return Law.NOT_NORMAL


def _scatter(residuals: Float64Array) -> float:
    rounds = len(residuals)
    means, variances = residuals.mean(axis=0), residuals.var(axis=0)
    mean, variance = means.mean(), max(float(variances.mean()), 1e-12)
    of_means = np.sum((means - mean) ** 2) * rounds / variance
    return float(of_means + np.sum((variances / variance - 1.0) ** 2) * rounds / 2.0)


def _is_chance(scores: Float64Array) -> bool:
    """Whether standard normal scores have a sum of squares as they have by chance (Wilson's and Hilferty's bound)."""
    freedom = scores.size
    bound = freedom * (1.0 - 2.0 / (9.0 * freedom) + _SIGMAS * sqrt(2.0 / (9.0 * freedom))) ** 3
    return float(np.sum(scores**2)) <= bound


def _law_of_unshared(residuals: Float64Array) -> Law:
    count, spread = residuals.size, float(residuals.var())
    if abs(residuals.mean()) > _SIGMAS / sqrt(count):
        return Law.SHIFTED
    if abs(spread - 1.0) > _SIGMAS * sqrt(2.0 / count):
        return Law.SCALED
    for bound in _BOUNDS:
        share = 0.5 * (1.0 - erf(bound / sqrt(2.0)))
        below, above = float(np.mean(residuals < -bound)), float(np.mean(residuals > bound))
        for seen, expected in ((below, share), (above, share), (below + above, 2.0 * share)):
            if abs(seen - expected) > _SIGMAS * sqrt(expected * (1.0 - expected) / count):
                return Law.NOT_NORMAL
    return Law.RIGHT
