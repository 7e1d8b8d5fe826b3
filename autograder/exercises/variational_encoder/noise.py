"""Whether the noise in z is standard normal, drawn anew for every image, dimension and call."""

from collections.abc import Iterable, Sequence

import numpy as np

from autograder.exercises.failures import error, where
from autograder.exercises.judgement import Finding, found, lost
from autograder.exercises.variational_encoder.probe import COPIES, SamplingRun
from autograder.exercises.variational_encoder.texts import VARIATIONAL_ENCODER as EXERCISE
from autograder.oracle.closeness import close
from autograder.oracle.gaussian_heads import readings
from autograder.oracle.heads import Matched
from autograder.oracle.sampling import Law, Noise, Steered, law
from autograder.probes import Float64Array

_SHARED = {
    Law.ONE_NUMBER: "noise-one-number",
    Law.SHARED_BY_IMAGES: "noise-shared-by-images",
    Law.SHARED_BY_DIMENSIONS: "noise-shared-by-dimensions",
}


def is_random(run: SamplingRun) -> bool:
    """Whether two calls on the same images have given different latents, in training mode."""
    first, again = run.outcomes[1].value, run.repeated.value
    return first is not None and again is not None and not close(again, first, atol=1e-6, rtol=1e-6)


def judge(run: SamplingRun, steered: Steered, matched: Matched | None) -> list[Finding]:
    """Findings about noise that torch draws, or about its absence."""
    if steered.noise is Noise.UNSTEERED:
        only_in_eval = _moves_in_evaluation(run)
        return [
            found(EXERCISE, "noise-only-in-eval" if only_in_eval else "no-noise"),
            *lost(EXERCISE, ("gradient",), "Not looked at: there is no sample for a gradient to pass through."),
        ]
    if steered.noise is Noise.UNIFORM:
        return [found(EXERCISE, "uniform-noise")]
    if steered.noise is Noise.OTHER:
        return [found(EXERCISE, "noise-other")]
    findings = []
    if not is_random(run):
        findings.append(found(EXERCISE, "fixed-noise"))
        if _is_kept(run):
            return findings
    if matched is not None and matched.scale != 1.0:
        findings.append(found(EXERCISE, "noise-scaled", got=matched.scale))
    residuals = _residuals(run, steered.mean[0], steered.slope[0])
    return findings + ([] if residuals is None else judge_law(residuals))


def _is_kept(run: SamplingRun) -> bool:
    """Whether all copies of an image share their noise, as where it was drawn once: then its law cannot be told."""
    copies = run.copies.numbers
    return copies is not None and len(copies) == COPIES and float(np.ptp(copies, axis=0).max()) < 1e-6


def judge_law(residuals: Float64Array) -> list[Finding]:
    """Findings about noise of shape (copies, L) that should be standard normal."""
    wrong = law(residuals)
    if wrong is Law.RIGHT:
        return []
    if wrong in _SHARED:
        return [found(EXERCISE, _SHARED[wrong])]
    mean, variance = float(residuals.mean()), float(residuals.var())
    kurtosis = float(np.mean((residuals - mean) ** 4) / max(variance, 1e-12) ** 2)
    return [found(EXERCISE, "noise-law", law=wrong.value, mean=mean, variance=variance, kurtosis=kurtosis)]


def without_chance(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of all runs: two numbers may be alike by chance, so what tells more of them apart is believed."""
    kept = list(findings)
    keys = {finding.misconception for finding in kept}
    apart = f"{EXERCISE.key}/noise-shared-by-images"
    return [one for one in kept if apart not in keys or one.misconception != f"{EXERCISE.key}/noise-one-number"]


def judge_unsteered(run: SamplingRun, values: Sequence[Float64Array], images: Float64Array) -> list[Finding]:
    """Findings about noise that does not come from torch: right where its statistics fit the heads exactly."""
    for reading in readings(values, images, run.latent_dims, "ReLU"):
        for half in (1.0, 0.5):
            sigma = np.exp(half * reading.second.output[0])
            residuals = _residuals(run, reading.first.output[0], sigma)
            if residuals is not None and law(residuals) is Law.RIGHT:
                if (stopped := run.gradient_failure) is not None:
                    return [found(EXERCISE, "stops-in-training", error=error(stopped), line=where(stopped))]
                cut = run.gradient[reading.first.weight] == 0.0 or run.gradient[reading.second.weight] == 0.0
                return [found(EXERCISE, "sample-cuts-gradient")] if cut else []
    undecided = found(EXERCISE, "noise-not-seen")
    return [undecided, *lost(EXERCISE, ("hidden", "heads", "gradient"), "Not looked at: see the sampling.")]


def _residuals(run: SamplingRun, mean: Float64Array, slope: Float64Array) -> Float64Array | None:
    """The noise in the copies of the first image, from its μ and σ, shape (copies, L)."""
    latents = run.copies.numbers
    if latents is None or latents.size != COPIES * run.latent_dims or bool(np.any(np.abs(slope) < 1e-9)):
        return None
    return (latents.reshape(COPIES, run.latent_dims) - mean) / slope


def _moves_in_evaluation(run: SamplingRun) -> bool:
    if not run.evaluated:
        return False
    zero, one = (outcome.value for outcome in run.evaluated)
    return zero is not None and one is not None and not close(one, zero, atol=1e-6, rtol=1e-6)
