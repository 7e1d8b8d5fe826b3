"""Judging two dense layers: what a network's outputs say about its shape, its layers and its activations."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder import probes
from autograder.exercises.definition import Exercise
from autograder.exercises.failures import judge_failure
from autograder.exercises.judgement import Finding, Judgement, found, lost
from autograder.exercises.networks.observation import BATCHES, FEW, LATENT_DIMS, NetworkRun
from autograder.exercises.observation import Outcome, Parameter
from autograder.oracle.activations import Activation
from autograder.oracle.closeness import close
from autograder.oracle.dense import chains
from autograder.oracle.network import RIGHT_HIDDEN, Reading, affine_in_third, read
from autograder.probes import Float64Array

HIDDEN_UNITS = 512
_MOST_NUMBERS = 8_000_000


@dataclass(frozen=True)
class Samples:
    """Inputs and the outputs seen for them, both as rows: (batch, in) and (batch, out)."""

    inputs: Float64Array
    outputs: Float64Array


def drawn(parameters: Sequence[Parameter], amplitudes: probes.Amplitudes, seed: int) -> list[Float64Array]:
    """The values that the worker was told to load; none for a module too large to be one of this course."""
    sizes = [int(np.prod(parameter.shape)) for parameter in parameters]
    if len(sizes) > 64 or sum(sizes) > _MOST_NUMBERS or any(size < 0 for size in sizes):
        return []
    values = probes.parameters([parameter.shape for parameter in parameters], amplitudes, seed)
    return [value.astype(np.float64) for value in values]


def unique(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with each misconception once, the first of each."""
    kept: dict[tuple[str, str | None], Finding] = {}
    for finding in findings:
        kept.setdefault((finding.check, finding.misconception), finding)
    return tuple(kept.values())


def of_reading(exercise: Exercise, reading: Reading) -> list[Finding]:
    """What a recognised network has other than ReLU and 512 units in one hidden layer."""
    findings = []
    if not reading.widths:
        findings.append(found(exercise, "no-hidden-layer"))
    elif reading.hidden == "no activation":
        findings.append(found(exercise, "no-hidden-activation"))
    else:
        if len(reading.widths) > 1:
            findings.append(found(exercise, "extra-layer", got=len(reading.widths) + 1))
        if reading.hidden != RIGHT_HIDDEN:
            findings.append(found(exercise, "another-hidden-activation", activation=reading.hidden))
    if reading.widths and reading.widths[0] != HIDDEN_UNITS:
        findings.append(found(exercise, "wrong-width", got=reading.widths[0]))
    if not reading.biased:
        findings.append(found(exercise, "no-bias"))
    return findings


def noisy(run: NetworkRun) -> bool:
    """Whether the same input has given two outputs in training mode."""
    first, second = run.outcomes[BATCHES.index(FEW)].value, run.repeated.value
    return first is not None and second is not None and not close(second, first)


def judge_runs(
    exercise: Exercise, runs: Sequence[NetworkRun], judge_run: Callable[[NetworkRun], list[Finding] | Judgement]
) -> Judgement:
    """The findings of all runs together; a run that cannot be judged decides by itself.

    Raises:
        ValueError: the runs are not those of the probe.
    """
    first = runs[0]
    if tuple(run.latent_dims for run in runs) != LATENT_DIMS[: len(runs)]:
        raise ValueError("runs for latent sizes that were not asked for")
    if first.built is not None:
        return judge_failure(exercise, first.built)
    if (failure := first.outcomes[0].failure) is not None and failure.kind == "unfinished":
        return judge_failure(exercise, failure, untouched=False)
    findings: list[Finding] = []
    results = [None if run.built is not None else judge_run(run) for run in runs]
    for run, judged in zip(runs, without_silent(results, ("activated-output", "another-output")), strict=True):
        if run.built is not None:
            return judge_failure(exercise, run.built, untouched=False)
        if isinstance(judged, Judgement):
            if run is not first and _is_about(judged.findings, "shape-mismatch"):
                fixed = found(exercise, "latent-size-fixed", asked=run.latent_dims, got=first.latent_dims)
                return Judgement(unique([*findings, fixed]))
            return judged
        findings += judged or ()
    return Judgement(unique(findings))


Judged = list[Finding] | Judgement | None
_SILENT = ("input-ignored", "layers-not-registered")


def without_silent(results: Sequence[Judged], silencers: Sequence[str]) -> list[Judged]:
    """The results without the runs whose output says nothing, where another run shows the mistake that explains it.

    A ReLU at the end may happen to leave nothing of all latents of a batch. Without such a mistake a silent run stays.

    Args:
        results: what came of each run.
        silencers: keys of the mistakes that can silence a run.
    """
    silent = [isinstance(one, Judgement) and any(_is_about(one.findings, key) for key in _SILENT) for one in results]
    heard = [finding for one in results if isinstance(one, list) for finding in one]
    explained = any(_is_about(heard, key) for key in silencers)
    return [None if skip and explained else one for one, skip in zip(results, silent, strict=True)]


def _is_about(findings: Iterable[Finding], key: str) -> bool:
    return any((finding.misconception or "").endswith(f"/{key}") for finding in findings)


def tuples(exercise: Exercise, run: NetworkRun) -> list[Finding]:
    """The finding for a network that returns a tuple or a list."""
    returned = next((outcome.returned for outcome in run.outcomes if outcome.returned in ("tuple", "list")), None)
    return [] if returned is None else [found(exercise, "returns-tuple", returned=returned)]


def unreadable(exercise: Exercise, run: NetworkRun, values: Sequence[Float64Array], samples: Samples) -> Finding | None:
    """The finding for outputs that do not come from registered layers at all; ``None`` where they may."""
    if not _has_layers(values, samples):
        made_anew = noisy(run) and _differs(run.repeated, run.evaluated)
        return found(exercise, "layers-made-in-forward" if made_anew else "layers-not-registered")
    if not _depends_on_input(samples.outputs):
        return found(exercise, "input-ignored")
    if not noisy(run) and run.reweighted.value is not None and not _differs(run.reweighted, run.evaluated):
        return found(exercise, "layers-not-registered")
    return None


def of_layers(
    exercise: Exercise,
    run: NetworkRun,
    values: Sequence[Float64Array],
    samples: Samples,
    outputs: Mapping[str, Activation],
    name_output: Callable[[str], Finding | None],
) -> list[Finding]:
    """What the outputs say about layers and activations.

    Args:
        exercise: the exercise judged.
        run: the run that the samples belong to.
        values: the weights that the probe gave the network.
        samples: what went in and came out.
        outputs: output activations to try, the right one first.
        name_output: the finding for an output activation, ``None`` for the right one.
    """
    reading = read(values, samples.inputs, samples.outputs, outputs)
    last = exercise.misconception("detached").check
    if reading is None and noisy(run):
        rest = lost(exercise, (exercise.misconception("unknown-network").check, last), "Not looked at: see the shape.")
        return [found(exercise, "random-output"), *rest]
    if reading is None:
        linear = affine_in_third(samples.outputs)
        return [
            found(exercise, "no-hidden-activation" if linear else "unknown-network"),
            *lost(exercise, (last,), "Not looked at: see the check above."),
        ]
    findings = of_reading(exercise, reading)
    if (wrong := name_output(reading.output)) is not None:
        findings.append(wrong)
    if noisy(run):
        findings.append(found(exercise, "dropout"))
    if not any(run.gradient):
        findings.append(found(exercise, "detached"))
    elif not any(run.gradient[place] for place in reading.places[0]):
        findings.append(found(exercise, "partly-detached"))
    return findings


def _has_layers(values: Sequence[Float64Array], samples: Samples) -> bool:
    sizes = int(samples.inputs.shape[1]), int(samples.outputs.shape[1])
    return any(True for depth in (2, 1, 3, 4) for _ in chains(values, *sizes, depth))


def _differs(a: Outcome, b: Outcome) -> bool:
    return a.value is None or b.value is None or not close(a.value, b.value)


def _depends_on_input(outputs: Float64Array) -> bool:
    return len(outputs) < 2 or bool(np.any(np.abs(outputs - outputs[:1]) > 1e-6))
