"""Judge what the student's variational encoder did: shape, layers, heads, noise and gradient."""

import numpy as np

from autograder.exercises.definition import Kind
from autograder.exercises.failures import judge_failure, name_failure, name_missing_tensor
from autograder.exercises.judgement import Finding, Judgement, Status, everything, found, lost
from autograder.exercises.networks.judge import HIDDEN_UNITS, drawn, unique, without_silent
from autograder.exercises.observation import Outcome
from autograder.exercises.variational_encoder import heads, noise
from autograder.exercises.variational_encoder.probe import (
    AMPLITUDES,
    BATCHES,
    STEERED_IMAGES,
    Observation,
    SamplingRun,
    inputs,
)
from autograder.exercises.variational_encoder.texts import VARIATIONAL_ENCODER as EXERCISE
from autograder.oracle.closeness import close
from autograder.oracle.heads import Matched, read
from autograder.oracle.sampling import Noise, Steered, steer
from autograder.probes import Float64Array


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``VariationalEncoder``, its KL term apart."""
    first = seen.runs[0]
    if first.built is not None:
        return judge_failure(EXERCISE, first.built)
    if (failure := first.outcomes[0].failure) is not None and failure.kind == "unfinished":
        return judge_failure(EXERCISE, failure, untouched=False)
    findings: list[Finding] = []
    runs = seen.kept if seen.kept and all(_explained(seed, run) for run in seen.kept) else seen.runs
    results = [None if run.built is not None else _judge_run(seed, run) for run in runs]
    for run, judged in zip(runs, without_silent(results, _SILENCERS), strict=True):
        if run.built is not None:
            return judge_failure(EXERCISE, run.built, untouched=False)
        if isinstance(judged, Judgement):
            if findings and _split_by_two(run):
                return Judgement(unique([*findings, _named_split(run)]))
            return judged
        findings += judged or [_NOTHING]
    return Judgement(unique(noise.without_chance(finding for finding in findings if finding is not _NOTHING)))


_SILENCERS = ("heads-activated", "mu-activated", "sigma-activated", "relu-before-exp")
_NOTHING = Finding("shape", "", 0.0, None, Kind.NOTE)


def _explained(seed: int, run: SamplingRun) -> bool:
    """Whether normal noise explains the latents, with heads that are known."""
    rows = [_latents(outcome, run.latent_dims) for outcome in run.steered]
    if any(row is None for row in rows):
        return False
    (steered, *_) = steer(*(row for row in rows if row is not None))
    if steered.noise is not Noise.NORMAL:
        return False
    images = inputs(seed, STEERED_IMAGES).reshape(STEERED_IMAGES, -1)
    reading = read(drawn(run.parameters, AMPLITUDES, seed), images, steered, run.latent_dims)
    return reading is not None and reading.sigma != "unknown"


def _split_by_two(run: SamplingRun) -> bool:
    failure = run.outcomes[0].failure
    return failure is not None and failure.error in ("ValueError", "RuntimeError", "IndexError")


def _named_split(run: SamplingRun) -> Finding:
    failure = run.outcomes[0].failure
    message = failure.message if failure is not None else ""
    return found(EXERCISE, "split-by-two", latents=run.latent_dims, message=message[:80])


def _judge_run(seed: int, run: SamplingRun) -> list[Finding] | Judgement:
    rows = [_latents(outcome, run.latent_dims) for outcome in run.steered]
    if any(row is None for row in rows):
        return _unusable(run)
    if not all(np.isfinite(row).all() for row in rows if row is not None):
        return everything(EXERCISE, found(EXERCISE, "unknown-heads", low=float("nan"), high=float("nan")))
    shape = _shape(run)
    possible = steer(*(row for row in rows if row is not None))
    values = drawn(run.parameters, AMPLITUDES, seed)
    if not values:
        return everything(EXERCISE, found(EXERCISE, "layers-not-registered"))
    steered_noise = possible[0].noise is not Noise.UNSTEERED
    if _ignores_images(possible[0]) and (steered_noise or not noise.is_random(run)):
        return everything(EXERCISE, found(EXERCISE, "input-ignored"))
    images = inputs(seed, STEERED_IMAGES).reshape(STEERED_IMAGES, -1)
    if possible[0].noise is Noise.UNSTEERED and noise.is_random(run):
        return [*shape, *noise.judge_unsteered(run, values, images)]
    readings = [(steered, read(values, images, steered, run.latent_dims)) for steered in possible]
    steered, reading = next((pair for pair in readings if pair[1] and pair[1].sigma != "unknown"), readings[0])
    return [
        *shape,
        *_judge_reading(reading, steered),
        *noise.judge(run, steered, reading),
        *heads.judge_gradient(run, steered, reading, images),
    ]


def _ignores_images(steered: Steered) -> bool:
    return all(close(rows, rows[:1].repeat(len(rows), axis=0)) for rows in (steered.mean, steered.slope))


def _judge_reading(reading: Matched | None, steered: Steered) -> list[Finding]:
    if reading is None:
        low, high = float(steered.mean.min()), float(steered.mean.max())
        unknown = found(EXERCISE, "unknown-heads", low=low, high=high)
        return [unknown, *lost(EXERCISE, ("hidden",), "Not looked at: see the heads.")]
    findings = heads.judge_forms(reading)
    if reading.read.activation == "no activation":
        findings.append(found(EXERCISE, "no-hidden-activation"))
    elif reading.read.activation != "ReLU":
        findings.append(found(EXERCISE, "another-hidden-activation", activation=reading.read.activation))
    if reading.read.width != HIDDEN_UNITS:
        findings.append(found(EXERCISE, "wrong-width", got=reading.read.width))
    if not reading.read.biased:
        findings.append(found(EXERCISE, "no-bias"))
    return findings


def _latents(outcome: Outcome, latent_dims: int) -> Float64Array | None:
    numbers = outcome.numbers
    if numbers is None or numbers.size != STEERED_IMAGES * latent_dims:
        return None
    return numbers.reshape(STEERED_IMAGES, latent_dims)


def _unusable(run: SamplingRun) -> Judgement:
    for outcome in (*run.outcomes, *run.steered):
        if outcome.failure is not None:
            return everything(EXERCISE, name_failure(EXERCISE, outcome.failure), Status.ERROR)
        if outcome.value is None:
            return everything(EXERCISE, name_missing_tensor(EXERCISE, outcome))
    return everything(EXERCISE, _wrong_shape(run.outcomes[-1], BATCHES[-1], run.latent_dims))


def _wrong_shape(outcome: Outcome, batch: int, latent_dims: int) -> Finding:
    got, expected = tuple(np.shape(outcome.value if outcome.value is not None else ())), (batch, latent_dims)
    if len(got) == 2 and got[0] == batch and got[1] != latent_dims:
        return found(EXERCISE, "latent-size-fixed", asked=latent_dims, got=got[1])
    if batch == 1 and got == (latent_dims,):
        return found(EXERCISE, "squeezed", got=got, expected=expected)
    return found(EXERCISE, "wrong-shape", got=got, expected=expected)


def _shape(run: SamplingRun) -> list[Finding]:
    findings = [found(EXERCISE, "not-flattened")] if run.on_rows else []
    if (returned := run.outcomes[-1].returned) in ("tuple", "list"):
        findings.append(found(EXERCISE, "changed-interface", returned=returned))
    for outcome, batch in zip(run.outcomes, BATCHES, strict=True):
        if outcome.failure is not None:
            return [*findings, name_failure(EXERCISE, outcome.failure)]
        if outcome.value is None or outcome.value.shape != (batch, run.latent_dims):
            return [*findings, _wrong_shape(outcome, batch, run.latent_dims)]
    return findings
