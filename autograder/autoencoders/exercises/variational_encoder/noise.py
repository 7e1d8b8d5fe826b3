"""Whether the noise in z is standard normal, drawn anew for every image, dimension and call."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

import numpy as np

from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER as EXERCISE
from autograder.autoencoders.exercises.variational_encoder.probe import COPIES, SamplingRun
from autograder.autoencoders.reference.budget import Budget, OverBudget
from autograder.autoencoders.reference.heads import RecognisedHeads
from autograder.autoencoders.reference.sampling import Law, Noise, Steered, law
from autograder.autoencoders.reference.two_heads import TwoHeads, two_heads
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close
from autograder.judging.failures import exception_text, quoted_line
from autograder.judging.verdicts import Finding, finding, not_looked_at

_SHARED = {
    Law.ONE_NUMBER: "noise-one-number",
    Law.SHARED_BY_IMAGES: "noise-shared-by-images",
    Law.SHARED_BY_DIMENSIONS: "noise-shared-by-dimensions",
}


def is_random(run: SamplingRun) -> bool:
    """Whether two calls on the same images have given different latents, in training mode."""
    first, again = run.outputs[1].value, run.repeated.value
    return first is not None and again is not None and not close(again, first, atol=1e-6, rtol=1e-6)


def judge(run: SamplingRun, steered: Steered, recognised: RecognisedHeads | None) -> list[Finding]:
    """Findings about noise that torch draws, or about its absence."""
    if steered.noise is Noise.UNSTEERED:
        only_in_eval = _moves_in_evaluation(run)
        return [
            finding(EXERCISE, "noise-only-in-eval" if only_in_eval else "no-noise"),
            *not_looked_at(
                EXERCISE, ("gradient",), "Not looked at: there is no sample for a gradient to pass through."
            ),
        ]
    if steered.noise is Noise.UNIFORM:
        return [finding(EXERCISE, "uniform-noise")]
    if steered.noise is Noise.OTHER:
        return [finding(EXERCISE, "noise-other")]
    findings = []
    if not is_random(run):
        findings.append(finding(EXERCISE, "fixed-noise"))
        if _is_kept(run):
            return findings
    if recognised is not None and recognised.scale != 1.0:
        findings.append(finding(EXERCISE, "noise-scaled", got=recognised.scale))
    if run.copies.value is None or run.copies.value.size != COPIES * run.latent_dims:
        return [*findings, *not_looked_at(EXERCISE, ("sampling",), "Not looked at: see the shape.")]
    residuals = _residuals(run, steered.mean[0], steered.slope[0])
    return findings + ([] if residuals is None else judge_law(residuals))


def _is_kept(run: SamplingRun) -> bool:
    """Whether all copies of an image share their noise: drawn once, it says nothing about its law."""
    copies = run.copies.numbers
    return copies is not None and len(copies) == COPIES and float(np.ptp(copies, axis=0).max()) < 1e-6


def judge_law(residuals: Float64Array) -> list[Finding]:
    """Findings about noise of shape (copies, L) that should be standard normal."""
    wrong = law(residuals)
    if wrong is Law.RIGHT:
        return []
    if wrong in _SHARED:
        return [finding(EXERCISE, _SHARED[wrong])]
    mean, variance = float(residuals.mean()), float(residuals.var())
    kurtosis = float(np.mean((residuals - mean) ** 4) / max(variance, 1e-12) ** 2)
    return [finding(EXERCISE, "noise-law", law=wrong.value, mean=mean, variance=variance, kurtosis=kurtosis)]


def without_chance(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of all runs: two numbers may be alike by chance, so the one that sees more differences counts."""
    kept = list(findings)
    told_apart = any(one.is_about("noise-shared-by-images") for one in kept)
    return [one for one in kept if not (told_apart and one.is_about("noise-one-number"))]


def judge_unsteered(
    run: SamplingRun, values: Sequence[Float64Array], images: Float64Array, budget: Budget
) -> list[Finding]:
    """Findings about noise that does not come from torch: right where its statistics fit the heads exactly."""
    with suppress(OverBudget):
        for heads in two_heads(values, images, run.latent_dims, ("ReLU",), budget):
            for half in (1.0, 0.5):
                budget.spend_on_comparisons(1)
                sigma = np.exp(half * heads.second.output[0])
                residuals = _residuals(run, heads.first.output[0], sigma)
                if residuals is not None and law(residuals) is Law.RIGHT:
                    return _judge_unsteered_gradient(run, heads)
    undecided = finding(EXERCISE, "noise-not-seen")
    return [undecided, *not_looked_at(EXERCISE, ("hidden", "heads", "gradient"), "Not looked at: see the sampling.")]


def _judge_unsteered_gradient(run: SamplingRun, heads: TwoHeads) -> list[Finding]:
    if (stopped := run.gradient_failure) is not None:
        return [finding(EXERCISE, "stops-in-training", error=exception_text(stopped), line=quoted_line(stopped))]
    cut = run.gradient[heads.first.weight] == 0.0 or run.gradient[heads.second.weight] == 0.0
    return [finding(EXERCISE, "sample-cuts-gradient")] if cut else []


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
