"""Judging a network's runs: what stops them, what their calls give, and whether their layers are registered."""

from collections.abc import Sequence

import numpy as np

from autograder.autoencoders.networks.judge_layers import Samples, differs, is_random
from autograder.autoencoders.networks.probe import NetworkRun
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.line import Layers, read_line
from autograder.autoencoders.reference.network import has_layers
from autograder.course.draws import Float64Array
from autograder.course.exercise import Exercise
from autograder.judging.failures import judge_failure
from autograder.judging.verdicts import Finding, Judgement, each_once, finding

# What comes of one run: findings, or a judgement where it cannot be looked at any further.
RunJudged = Sequence[Finding] | Judgement

_SILENT = ("input-ignored", "layers-not-registered")
_SILENCING = ("activated-output", "another-output", "rounded-output")


def judge_first_run(exercise: Exercise, runs: Sequence[NetworkRun]) -> Judgement | None:
    """The judgement where nothing could be run, or only in part; ``None`` where there is something to look at."""
    first = runs[0]
    if first.build_failure is not None:
        return judge_failure(exercise, first.build_failure)
    if (failure := first.outputs[0].failure) is not None and failure.kind == "unfinished":
        return judge_failure(exercise, failure, untouched=False)
    return None


def judge_together(exercise: Exercise, runs: Sequence[NetworkRun], judged: Sequence[RunJudged]) -> Judgement:
    """The findings of all runs together; a run that could not be looked at decides by itself.

    Args:
        exercise: the exercise judged.
        runs: the runs, the first of which could be built.
        judged: what came of each.
    """
    first = runs[0]
    findings: list[Finding] = []
    for run, one in zip(runs, drop_silent_runs(judged, _SILENCING), strict=True):
        if not isinstance(one, Judgement):
            findings += one
            continue
        if run is first or run.build_failure is not None or not one.is_about("shape-mismatch"):
            return one
        fixed = finding(exercise, "latent-size-fixed", asked=run.latent_dims, got=first.latent_dims)
        return Judgement(each_once([*findings, fixed]))
    return Judgement(each_once(findings))


def drop_silent_runs(judged: Sequence[RunJudged], explained_by: Sequence[str]) -> list[RunJudged]:
    """The runs, those left empty whose output says nothing, where another run shows the mistake that explains it.

    A ReLU at the end may happen to leave nothing of all latents of a batch, and rounding may leave all as they were.
    Without such a mistake a silent run stays.

    Args:
        judged: what came of each run.
        explained_by: keys of the mistakes that can silence a run.
    """
    seen = [one for findings in judged if not isinstance(findings, Judgement) for one in findings]
    if not any(one.is_about(*explained_by) for one in seen):
        return list(judged)
    return [() if isinstance(one, Judgement) and one.is_about(*_SILENT) else one for one in judged]


def judge_call(exercise: Exercise, run: NetworkRun) -> list[Finding]:
    """The findings for what a call gives besides a tensor of float32, and for what it does to what it is given."""
    findings = [finding(exercise, "input-overwritten")] if run.overwrites else []
    returned = next((output.returned for output in run.outputs if output.returned in ("tuple", "list")), None)
    if returned is not None:
        findings.append(finding(exercise, "returns-tuple", returned=returned))
    another = next((output.dtype for output in run.outputs if output.dtype != "float32"), None)
    return findings if another is None else [*findings, finding(exercise, "another-type", dtype=another)]


def judge_registration(
    exercise: Exercise, run: NetworkRun, values: Sequence[Float64Array], samples: Samples, budget: Budget
) -> Finding | None:
    """The finding for outputs that do not come from registered layers at all; ``None`` where they may."""
    sizes = int(samples.inputs.shape[1]), int(samples.outputs.shape[1])
    if run.unsettled and values and _depends_on_input(samples.outputs):
        return None  # what changes from call to call says nothing about where the layers are
    has_none = not has_layers(values, *sizes, budget) and not budget.is_spent
    if has_none and differs(run.reevaluated, run.evaluated):
        return finding(exercise, "random-output" if all(run.gradient) and values else "layers-made-in-forward")
    if not _depends_on_input(samples.outputs):
        return finding(exercise, "input-ignored")
    if _has_own_weights(run):
        return finding(exercise, "layers-not-registered")
    if run.line is not None and has_none and read_line(run.line).layers is Layers.NOT_REGISTERED:
        return finding(exercise, "layers-not-registered")
    if not values or (not is_random(run) and not differs(run.reweighted, run.evaluated)):
        return finding(exercise, "layers-not-registered")
    return None


def _has_own_weights(run: NetworkRun) -> bool:
    """Whether another module with all that this one has registered gives something else."""
    is_settled = run.rebuilt.value is not None and not differs(run.reevaluated, run.evaluated)
    return is_settled and differs(run.rebuilt, run.evaluated)


def _depends_on_input(outputs: Float64Array) -> bool:
    return len(outputs) < 2 or bool(np.any(np.abs(outputs - outputs[:1]) > 1e-6))
