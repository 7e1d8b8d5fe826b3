"""Whether a batch of images becomes a batch of latents of the right shape and type, and what stopped it if not."""

import numpy as np

from autograder.autoencoders.exercises.variational_encoder import split
from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER as EXERCISE
from autograder.autoencoders.exercises.variational_encoder.probe import BATCHES, COPIES, STEERED_IMAGES, SamplingRun
from autograder.autoencoders.probe_data import sizes_in_words
from autograder.course.draws import Float64Array
from autograder.course.observation import CallResult
from autograder.judging.failures import name_failure, name_missing_tensor
from autograder.judging.verdicts import Finding, Judgement, Status, fail_all_checks, finding


def latents(result: CallResult, latent_dims: int) -> Float64Array | None:
    """The latents of the steered images; ``None`` where there are not as many numbers."""
    if result.value is None or result.value.size != STEERED_IMAGES * latent_dims:
        return None
    return result.value.astype(np.float64).reshape(STEERED_IMAGES, latent_dims)


def judge_no_latents(run: SamplingRun) -> Judgement:
    """The judgement where some call has given no latents, or not as many."""
    if (split_wrongly := split.name_stopped(run)) is not None:
        return fail_all_checks(EXERCISE, split_wrongly, Status.ERROR)
    counts = (*BATCHES, *[STEERED_IMAGES] * len(run.steered))
    for result, count in zip((*run.outputs, *run.steered), counts, strict=True):
        if result.failure is not None:
            named = name_failure(EXERCISE, result.failure, sizes_in_words(count, run.latent_dims))
            return fail_all_checks(EXERCISE, named, Status.ERROR)
        if result.value is None:
            return fail_all_checks(EXERCISE, name_missing_tensor(EXERCISE, result))
    return fail_all_checks(EXERCISE, _name_wrong_shape(run.outputs[-1], BATCHES[-1], run.latent_dims))


def _name_wrong_shape(result: CallResult, batch: int, latent_dims: int) -> Finding:
    got, expected = tuple(np.shape(result.value if result.value is not None else ())), (batch, latent_dims)
    if len(got) == 2 and got[0] == batch and got[1] != latent_dims:
        return finding(EXERCISE, "latent-size-fixed", asked=latent_dims, got=got[1])
    if batch == 1 and got == (latent_dims,):
        return finding(EXERCISE, "squeezed", got=got, expected=expected)
    return finding(EXERCISE, "wrong-shape", got=got, expected=expected)


def judge_call(run: SamplingRun) -> list[Finding]:
    """Findings about the type of what a call gives, and about what was done to the images."""
    findings = [finding(EXERCISE, "not-flattened")] if run.on_rows else []
    if run.overwrites:
        findings.append(finding(EXERCISE, "input-overwritten"))
    if (dtype := run.outputs[-1].dtype) != "float32":
        findings.append(finding(EXERCISE, "another-type", dtype=dtype))
    if (returned := run.outputs[-1].returned) in ("tuple", "list"):
        findings.append(finding(EXERCISE, "changed-interface", returned=returned))
    return findings


def judge(run: SamplingRun) -> list[Finding]:
    """Findings about shape and type, and about what was done to the images."""
    findings = judge_call(run)
    for result, batch in zip((*run.outputs, run.copies), (*BATCHES, COPIES), strict=True):
        if result.failure is not None:
            return [*findings, name_failure(EXERCISE, result.failure, sizes_in_words(batch, run.latent_dims))]
        if result.value is None or result.value.shape != (batch, run.latent_dims):
            return [*findings, _name_wrong_shape(result, batch, run.latent_dims)]
    return findings
