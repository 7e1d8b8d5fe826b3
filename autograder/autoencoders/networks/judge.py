"""Judging two dense layers: what a network's outputs say about its shape, its layers and its activations."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.networks.probe import BATCHES, FEW, NetworkRun
from autograder.autoencoders.reference.activations import Activation
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.network import (
    RIGHT_HIDDEN,
    RecognisedNetwork,
    affine_in_third,
    has_layers,
    recognise_network,
)
from autograder.course.draws import Float64Array
from autograder.course.exercise import Exercise
from autograder.course.observation import CallResult
from autograder.judging.closeness import close
from autograder.judging.explain import Hypothesis
from autograder.judging.failures import judge_failure, name_failure, name_missing_tensor
from autograder.judging.verdicts import Finding, Judgement, each_once, finding, not_looked_at

HIDDEN_UNITS = 512
# Under the probe's weights the sigmoid of a longer network is 0 or 1 nearly everywhere, and sends no gradient.
_LONGEST_WITH_GRADIENT = 4

# What comes of one run: findings, or a judgement where it cannot be looked at any further.
RunJudged = Sequence[Finding] | Judgement

_SILENT = ("input-ignored", "layers-not-registered")


@dataclass(frozen=True)
class Samples:
    """Inputs and the outputs seen for them, both as rows: (batch, in) and (batch, out)."""

    inputs: Float64Array
    outputs: Float64Array


def is_random(run: NetworkRun) -> bool:
    """Whether the same input has given two outputs in training mode."""
    first, second = run.outputs[BATCHES.index(FEW)].value, run.repeated.value
    return first is not None and second is not None and not close(second, first)


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
    for run, one in zip(runs, drop_silent_runs(judged, ("activated-output", "another-output")), strict=True):
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

    A ReLU at the end may happen to leave nothing of all latents of a batch. Without such a mistake a silent run stays.

    Args:
        judged: what came of each run.
        explained_by: keys of the mistakes that can silence a run.
    """
    seen = [one for findings in judged if not isinstance(findings, Judgement) for one in findings]
    if not any(one.is_about(*explained_by) for one in seen):
        return list(judged)
    return [() if isinstance(one, Judgement) and one.is_about(*_SILENT) else one for one in judged]


def judge_returned_type(exercise: Exercise, run: NetworkRun) -> list[Finding]:
    """The finding for a network that returns a tuple or a list."""
    returned = next((output.returned for output in run.outputs if output.returned in ("tuple", "list")), None)
    return [] if returned is None else [finding(exercise, "returns-tuple", returned=returned)]


def judge_registration(
    exercise: Exercise, run: NetworkRun, values: Sequence[Float64Array], samples: Samples, budget: Budget
) -> Finding | None:
    """The finding for outputs that do not come from registered layers at all; ``None`` where they may."""
    sizes = int(samples.inputs.shape[1]), int(samples.outputs.shape[1])
    if not has_layers(values, *sizes, budget) and not budget.is_spent:
        made_anew = is_random(run) and _differs(run.repeated, run.evaluated)
        return finding(exercise, "layers-made-in-forward" if made_anew else "layers-not-registered")
    if not _depends_on_input(samples.outputs):
        return finding(exercise, "input-ignored")
    if not is_random(run) and run.reweighted.value is not None and not _differs(run.reweighted, run.evaluated):
        return finding(exercise, "layers-not-registered")
    return None


def judge_layers(
    exercise: Exercise,
    run: NetworkRun,
    values: Sequence[Float64Array],
    samples: Samples,
    outputs: Sequence[Hypothesis[Activation]],
    budget: Budget,
) -> list[Finding]:
    """What the outputs say about layers and activations.

    Args:
        exercise: the exercise judged.
        run: the run that the samples belong to.
        values: the weights that the probe gave the network.
        samples: what went in and came out.
        outputs: what the network may end in, the right activation first.
        budget: what the search for the network may cost.
    """
    network = recognise_network(values, samples.inputs, samples.outputs, outputs, budget)
    if network is None:
        return _judge_unrecognised(exercise, run, samples, budget)
    findings = []
    if network.output.misconception is not None:
        low, high = float(samples.outputs.min()), float(samples.outputs.max())
        findings.append(finding(exercise, network.output.misconception, low=low, high=high, **network.output.values))
    findings += _judge_hidden_layer(exercise, network)
    if is_random(run):
        findings.append(finding(exercise, "dropout"))
    if not np.isfinite([*run.gradient, run.input_gradient]).all():
        findings.append(finding(exercise, "gradient-not-finite"))
    elif not any(run.gradient):
        longer = len(network.places) > _LONGEST_WITH_GRADIENT
        findings.append(finding(exercise, "no-gradient-seen" if longer else "detached"))
    elif not any(run.gradient[place] for place in network.places[0]):
        findings.append(finding(exercise, "partly-detached"))
    return findings + _judge_later_calls(exercise, run)


def _judge_later_calls(exercise: Exercise, run: NetworkRun) -> list[Finding]:
    """The finding for a network whose first calls can be judged and which gives no tensor in evaluation mode."""
    for result in (run.evaluated, run.reweighted):
        if result.failure is not None:
            return [name_failure(exercise, result.failure)]
        if result.value is None:
            return [name_missing_tensor(exercise, result)]
    return []


def is_unexplained(findings: Sequence[Finding]) -> bool:
    """Whether ``judge_layers`` has found no network that gives the outputs."""
    return any(one.is_about("unknown-network", "too-many-ways") for one in findings)


def _judge_unrecognised(exercise: Exercise, run: NetworkRun, samples: Samples, budget: Budget) -> list[Finding]:
    """What can be said of outputs that no known network gives."""
    last = exercise.misconception("detached").check
    if is_random(run):
        hidden = exercise.misconception("unknown-network").check
        rest = not_looked_at(exercise, (hidden, last), "Not looked at: see the shape.")
        return [finding(exercise, "random-output"), *rest]
    key = "no-hidden-activation" if affine_in_third(samples.outputs) else "unknown-network"
    key = "too-many-ways" if budget.is_spent else key
    return [finding(exercise, key), *not_looked_at(exercise, (last,), "Not looked at: see the check above.")]


def _judge_hidden_layer(exercise: Exercise, network: RecognisedNetwork) -> list[Finding]:
    """What a recognised network has other than ReLU and 512 units in one hidden layer."""
    findings = []
    if not network.widths:
        findings.append(finding(exercise, "no-hidden-layer"))
    elif network.hidden == "no activation":
        findings.append(finding(exercise, "no-hidden-activation"))
    else:
        if len(network.widths) > 1:
            findings.append(finding(exercise, "extra-layer", got=len(network.widths) + 1))
        if network.hidden != RIGHT_HIDDEN:
            findings.append(finding(exercise, "another-hidden-activation", activation=network.hidden))
    if network.widths and network.widths[0] != HIDDEN_UNITS:
        findings.append(finding(exercise, "wrong-width", got=network.widths[0]))
    if not network.biased:
        findings.append(finding(exercise, "no-bias"))
    return findings


def _differs(a: CallResult, b: CallResult) -> bool:
    return a.value is None or b.value is None or not close(a.value, b.value)


def _depends_on_input(outputs: Float64Array) -> bool:
    return len(outputs) < 2 or bool(np.any(np.abs(outputs - outputs[:1]) > 1e-6))
