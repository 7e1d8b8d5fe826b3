"""Whether the noise in z is standard normal, drawn anew for every image, dimension and call."""

from collections.abc import Iterable

import numpy as np

from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER as EXERCISE
from autograder.autoencoders.exercises.variational_encoder.probe import (
    COPIES,
    ROUNDS,
    STEERED_IMAGES,
    SamplingRun,
    is_plain,
)
from autograder.autoencoders.reference.heads import RecognisedHeads
from autograder.autoencoders.reference.readings import Reading, law_of_many
from autograder.autoencoders.reference.sampling import Law, Noise, Steered, law
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close
from autograder.judging.verdicts import Finding, finding, not_looked_at

_SHARED = {
    Law.ONE_NUMBER: "noise-one-number",
    Law.SHARED_BY_IMAGES: "noise-shared-by-images",
    Law.SHARED_BY_DIMENSIONS: "noise-shared-by-dimensions",
    Law.SHARED: "noise-shared",
}

# Of noise that σ makes this small, rounding to float32 leaves too few digits to tell its law.
_NARROW = 1e-4
# Of all rounds so many at least are without an infinite number, where such a number is chance.
_MOST_WHOLE = 0.98
# How far a uniform draw rises where a normal one goes from 0 to 1; what part of its variance that of a sum may be.
_RISE_OF_UNIFORM, _SHARES = 0.3413447460685429, (0.01, 0.65)


def is_random(run: SamplingRun) -> bool:
    """Whether two calls on the same images have given different latents, in training mode."""
    first, again = run.outputs[1].value, run.repeated.value
    return first is not None and again is not None and not close(again, first, atol=1e-6, rtol=1e-6)


def _repeats(run: SamplingRun) -> bool:
    """Whether two calls on the same images have given the same latents."""
    first, again = run.outputs[1].value, run.repeated.value
    return first is not None and again is not None and not is_random(run)


def judge(
    run: SamplingRun, steered: Steered, recognised: RecognisedHeads | None, is_known: bool = True
) -> list[Finding]:
    """Findings about noise that torch draws, or about its absence; its law has no name where no layers are known."""
    findings = _judge(run, steered, recognised)
    if not is_known and any(one.is_about("noise-law") for one in findings):
        return list(not_looked_at(EXERCISE, ("sampling",), "Not looked at: see the heads."))
    return findings


def _judge(run: SamplingRun, steered: Steered, recognised: RecognisedHeads | None) -> list[Finding]:
    if steered.noise is Noise.UNSTEERED:
        if recognised is not None and recognised.formula is not None:
            why = finding(EXERCISE, recognised.formula.misconception, written=recognised.formula.written)
        else:
            why = finding(EXERCISE, "noise-only-in-eval" if _moves_in_evaluation(run) else "no-noise")
        return [
            why,
            *not_looked_at(
                EXERCISE, ("gradient",), "Not looked at: there is no sample for a gradient to pass through."
            ),
        ]
    if steered.noise is Noise.UNIFORM and is_plain(run):
        return [finding(EXERCISE, "noise-of-uniforms" if _is_a_sum_of_uniforms(run) else "uniform-noise")]
    if steered.noise is not Noise.NORMAL:
        return [finding(EXERCISE, "noise-other")]
    findings = []
    if recognised is not None and recognised.formula is not None:
        formula = recognised.formula
        findings.append(finding(EXERCISE, formula.misconception, written=formula.written))
    if _repeats(run):
        findings.append(finding(EXERCISE, "fixed-noise"))
        if _is_kept(run):
            return findings
    scale = 1.0 if recognised is None else recognised.scale
    if (samples := many_samples(run)) is not None and not run.drops:
        wide = (np.abs(steered.slope) > _NARROW).all(axis=1)
        many = ((samples - steered.mean) * scale / np.maximum(np.abs(steered.slope), _NARROW))[:, wide]
        return findings + (name_law(law_of_many(many), many) if wide.any() else [])
    if recognised is not None and scale != 1.0:
        findings.append(finding(EXERCISE, "noise-scaled", got=scale))
    if run.copies.value is None or run.copies.value.size != COPIES * run.latent_dims:
        return [*findings, *not_looked_at(EXERCISE, ("sampling",), "Not looked at: see the shape.")]
    if run.drops:
        return findings  # it adds to the noise
    if recognised is not None and recognised.sigma is not None and recognised.sigma.misconception == "sigma-shared":
        return findings  # other images may have another σ
    residuals = _residuals(run, steered.mean[0], steered.slope[0])
    return findings + ([] if residuals is None else name_law(law(residuals), residuals))


def many_samples(run: SamplingRun) -> Float64Array | None:
    """The many samples of the steered images, shape (rounds, batch, L), where there are any.

    The logarithm of a uniform number is infinite once in some millions: a few such rounds are left out.
    """
    samples = run.many[0].numbers if run.many else None
    rounds = ROUNDS[run.latent_dims]
    if samples is None or samples.size != rounds * STEERED_IMAGES * run.latent_dims:
        return None
    samples = samples.reshape(rounds, STEERED_IMAGES, run.latent_dims)
    whole = np.isfinite(samples).all(axis=(1, 2))
    return samples[whole] if whole.mean() > _MOST_WHOLE else samples


def _is_kept(run: SamplingRun) -> bool:
    """Whether all copies of an image share their noise: drawn once, it says nothing about its law."""
    copies = run.copies.numbers
    return copies is not None and len(copies) == COPIES and float(np.ptp(copies, axis=0).max()) < 1e-6


def name_law(wrong: Law, residuals: Float64Array) -> list[Finding]:
    """Findings about noise of shape (samples, L) that should be standard normal."""
    if wrong is Law.RIGHT:
        return []
    if wrong in _SHARED:
        return [finding(EXERCISE, _SHARED[wrong])]
    mean, variance = float(residuals.mean()), float(residuals.var())
    kurtosis = float(np.mean((residuals - mean) ** 4) / max(variance, 1e-12) ** 2)
    return [finding(EXERCISE, "noise-law", law=wrong.value, mean=mean, variance=variance, kurtosis=kurtosis)]


def without_chance(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of all runs, where one run shows what another leaves to chance.

    Two numbers may be alike, a head may be of one sign throughout, so that it is its own absolute value, and latents
    may be so small that what bends them looks like noise of another law: the run that sees more differences counts.
    """
    kept = list(findings)
    for more, less in (
        ("sigma-activated", ("no-exp",)),
        ("sample-activated", ("noise-law",)),
        ("noise-shared-by-images", ("noise-one-number",)),
        ("noise-shared", ("noise-one-number", "noise-shared-by-images", "noise-shared-by-dimensions")),
    ):
        if any(one.is_about(more) for one in kept):
            kept = [one for one in kept if not one.is_about(*less)]
    return kept


def judge_reading(run: SamplingRun, reading: Reading) -> list[Finding]:
    """Findings about noise whose law and heads many samples have shown."""
    fixed = [finding(EXERCISE, "fixed-noise")] if _repeats(run) else []
    return [*fixed, *name_law(reading.law, reading.residuals)]


def judge_unseen() -> list[Finding]:
    """Findings about noise that nothing has shown."""
    undecided = finding(EXERCISE, "noise-not-seen")
    return [undecided, *not_looked_at(EXERCISE, ("hidden", "heads", "gradient"), "Not looked at: see the sampling.")]


def _residuals(run: SamplingRun, mean: Float64Array, slope: Float64Array) -> Float64Array | None:
    """The noise in the copies of the first image, from its μ and σ, shape (copies, L)."""
    latents, wide = run.copies.numbers, np.abs(slope) > _NARROW
    if latents is None or latents.size != COPIES * run.latent_dims or not wide.any():
        return None
    return ((latents.reshape(COPIES, run.latent_dims) - mean)[:, wide]) / slope[wide]


def _is_a_sum_of_uniforms(run: SamplingRun) -> bool:
    """Whether z, which moves in proportion to a uniform draw, spreads less than one: a sum of several does."""
    copies, (zero, one, *_) = run.copies.numbers, [level.numbers for level in run.steered]
    if copies is None or copies.size != COPIES * run.latent_dims or zero is None or one is None:
        return False
    width = (one - zero).reshape(STEERED_IMAGES, -1)[0] / _RISE_OF_UNIFORM
    spread = copies.reshape(COPIES, run.latent_dims).var(axis=0)
    share = float(12.0 * spread.sum() / max(np.sum(width**2), 1e-300))
    return _SHARES[0] < share < _SHARES[1]


def _moves_in_evaluation(run: SamplingRun) -> bool:
    if not run.evaluated:
        return False
    zero, one = (outcome.value for outcome in run.evaluated)
    return zero is not None and one is not None and not close(one, zero, atol=1e-6, rtol=1e-6)
