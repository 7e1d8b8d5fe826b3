"""Judging ``kl`` with larger heads, where μ and log σ reach so far out that bounds show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.exercises.kl.latents import Encoded
from autograder.autoencoders.exercises.kl.misconceptions import KL
from autograder.autoencoders.exercises.kl.probe import FAR_IMAGES, KlRun
from autograder.autoencoders.probe_data import FAINT, head_weights
from autograder.autoencoders.reference import guarded
from autograder.autoencoders.reference.bounds import agree, held, larger_heads
from autograder.autoencoders.reference.divergence import Coefficients, Latents
from autograder.course.draws import Float64Array
from autograder.judging.verdicts import Finding, finding

# A constant of 1e-3 may be added to σ without a mistake, and bounds that z shows have few digits.
_RTOL, _ATOL = 1e-3, 0.02
# Terms that leave digits for what a constant inside the logarithm changes.
_CLEAR = 1e3


@dataclass(frozen=True)
class _Image:
    """One image with one head larger: μ and σ by the heads, by z as far as bounds go, and the KL seen."""

    by_heads: Latents
    by_z: Latents
    seen: float


def judge(runs: Sequence[KlRun], encoded: Sequence[Encoded], formula: Coefficients) -> list[Finding]:
    """Findings about a KL that is right as it comes, and another with larger heads."""
    images = [one for run, known in zip(runs, encoded, strict=True) for one in _images(run, known)]
    seen, by_heads = np.array([one.seen for one in images]), [one.by_heads for one in images]
    # What bounds hold in z as well is the sampling's mistake.
    for latents in (by_heads, [one.by_z for one in images]):
        if _is_right(formula, latents, seen):
            return []
    if (bound := guarded.explain_bounded(by_heads, seen)) is None:
        return [finding(KL, "far-off")]
    return [finding(KL, "bounded", what=bound.of, bounds=bound.in_words)] if bound.is_mistake else []


def _images(run: KlRun, known: Encoded) -> Iterator[_Image]:
    """What was seen of each image, where the heads are known."""
    recognised = known.recognised
    slope = None if recognised is None else recognised.sigma_slope
    if recognised is None or slope is None or recognised.heads.are_one:
        return
    heads = recognised.heads.of_rows(slice(FAR_IMAGES))
    for place, batch in zip(head_weights(run.parameters, run.latent_dims), run.far, strict=True):
        mu, log_sigma = larger_heads(heads, slope, place)
        by_heads = Latents(mu, np.exp(log_sigma), mu)
        by_z = _held(by_heads, [_rows(one.numbers, mu) for one in batch.latents])
        for row, kept in enumerate(batch.values):
            seen = np.nan if kept.numbers is None else float(kept.numbers.sum())
            yield _Image(_row(by_heads, row), _row(by_z, row), seen)


def _is_right(formula: Coefficients, latents: Sequence[Latents], seen: Float64Array) -> bool:
    """Whether the formula gives what was seen, perhaps with a small constant inside or under its logarithm.

    That is read off where σ² is small, since a large one leaves no digits for it.
    """
    if guarded.agrees(_values(formula, latents), seen, latents, _RTOL, _ATOL):
        return True
    clear = [place for place, one in enumerate(latents) if np.abs(one.terms()[:4]).sum() < _CLEAR]
    if not clear:
        return False
    guard = guarded.explain_guarded([latents[place] for place in clear], seen[clear], _RTOL, _ATOL)
    if guard is None or not guard.is_free:
        return False
    logs = [np.log(one.sigma) for one in latents]
    values = [guarded.value(formula, guard.logarithm(log), log, one.mu) for log, one in zip(logs, latents, strict=True)]
    return guarded.agrees(values, seen, latents, _RTOL, _ATOL)


def _held(heads: Latents, z: Sequence[Float64Array]) -> Latents:
    """The heads' μ and σ within the bounds that z shows; their own digits are better than those of z."""
    without, faint = z
    sigma = np.abs(faint - without) / FAINT
    mu, log_sigma = heads.mu, np.log(heads.sigma)
    of_mu, of_sigma = held("μ", mu, without), held("log σ", log_sigma, np.log(np.maximum(sigma, 1e-12)))
    if agree(without, of_mu.keep(mu)):
        mu = of_mu.keep(mu)
    if agree(sigma, np.exp(of_sigma.keep(log_sigma))) and not agree(sigma, heads.sigma):
        log_sigma = of_sigma.keep(log_sigma)
    return Latents(mu, np.exp(log_sigma), mu)


def _row(latents: Latents, row: int) -> Latents:
    rows = slice(row, row + 1)
    return Latents(latents.mu[rows], latents.sigma[rows], latents.z[rows])


def _values(formula: Coefficients, latents: Sequence[Latents]) -> list[float]:
    logs = [np.log(one.sigma) for one in latents]
    return [guarded.value(formula, log, log, one.mu) for log, one in zip(logs, latents, strict=True)]


def _rows(numbers: Float64Array | None, like: Float64Array) -> Float64Array:
    """The latents; no numbers of the usual shape, where they are of another."""
    if numbers is None or numbers.size != like.size:
        return np.full_like(like, np.nan)
    return numbers.reshape(like.shape)
