"""Judging two dense layers: what a network's outputs say about its shape, its layers and its activations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.networks.line import HIDDEN_UNITS
from autograder.autoencoders.networks.probe import BATCHES, FEW, NetworkRun
from autograder.autoencoders.reference.activations import Activation, identity, sigmoid
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.line import Layers, LineReading, activation_with, read_line
from autograder.autoencoders.reference.network import (
    RIGHT_HIDDEN,
    RecognisedNetwork,
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


def _has_modes(run: NetworkRun) -> bool:
    """Whether evaluation mode gives another output than training mode, and neither is left to chance."""
    training, evaluated, again = run.outputs[BATCHES.index(FEW)], run.evaluated, run.reevaluated
    return not is_random(run) and not _differs(again, evaluated) and _differs(training, evaluated)


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
    has_none = not has_layers(values, *sizes, budget) and not budget.is_spent
    if has_none and _differs(run.reevaluated, run.evaluated):
        return finding(exercise, "random-output" if all(run.gradient) and values else "layers-made-in-forward")
    if not _depends_on_input(samples.outputs):
        return finding(exercise, "input-ignored")
    if run.line is not None and has_none and read_line(run.line).layers is Layers.NOT_REGISTERED:
        return finding(exercise, "layers-not-registered")
    if not values or (not is_random(run) and not _differs(run.reweighted, run.evaluated)):
        return finding(exercise, "layers-not-registered")
    return None


def judge_layers(
    exercise: Exercise,
    run: NetworkRun,
    values: Sequence[Float64Array],
    samples: Samples,
    outputs: Sequence[Hypothesis[Activation]],
    budget: Budget,
    changes: Sequence[Hypothesis[Activation]] = (),
) -> list[Finding]:
    """What the outputs say about layers and activations.

    Args:
        exercise: the exercise judged.
        run: the run that the samples belong to.
        values: the weights that the probe gave the network.
        samples: what went in and came out.
        outputs: what the network may end in, the right activation first.
        budget: what the search for the network may cost.
        changes: what the inputs may have been changed to before the first layer.
    """
    network = recognise_network(values, samples.inputs, samples.outputs, outputs, budget)
    changed = None
    if network is None and run.line is None:
        network, changed = _recognise_with_changes(values, samples, outputs, changes)
    if network is not None:
        findings = [finding(exercise, "input-changed", **changed.values)] if changed is not None else []
        findings += [*_judge_output(exercise, network.output, samples), *_judge_hidden_layer(exercise, network)]
        longer = len(network.places) > _LONGEST_WITH_GRADIENT
        findings += _judge_gradient(exercise, run, network.places[0], longer)
    elif _has_modes(run):
        findings = [finding(exercise, "batch-norm"), *_judge_end(exercise, run, samples, outputs)]
        findings += _judge_gradient(exercise, run, (), longer=False)
    elif (by_line := _judge_by_line(exercise, run, samples, outputs)) is not None:
        findings = by_line
    else:
        return _judge_unrecognised(exercise, run, budget)
    if is_random(run):
        findings.append(finding(exercise, "noise-added" if run.quiet else "dropout"))
    return findings + _judge_later_calls(exercise, run)


def _recognise_with_changes(
    values: Sequence[Float64Array],
    samples: Samples,
    outputs: Sequence[Hypothesis[Activation]],
    changes: Sequence[Hypothesis[Activation]],
) -> tuple[RecognisedNetwork | None, Hypothesis[Activation] | None]:
    """The network that explains the outputs of changed inputs, and the change; nothing where no change does."""
    budget = Budget()
    for change in changes:
        inputs = change.expected(samples.inputs)
        network = recognise_network(values, inputs, samples.outputs, outputs[:1], budget, (RIGHT_HIDDEN,))
        if network is not None:
            return network, change
    return None, None


def _judge_output(exercise: Exercise, output: Hypothesis[Activation], samples: Samples) -> list[Finding]:
    """The finding for what a network ends in, if that is a mistake."""
    if output.misconception is None:
        return []
    low, high = float(samples.outputs.min()), float(samples.outputs.max())
    return [finding(exercise, output.misconception, low=low, high=high, **output.values)]


def _judge_gradient(exercise: Exercise, run: NetworkRun, first: Collection[int], longer: bool) -> list[Finding]:
    """The finding for a gradient that does not arrive, at any layer or at the first one's parameters."""
    if not np.isfinite([*run.gradient, run.input_gradient]).all():
        return [finding(exercise, "gradient-not-finite")]
    if not any(run.gradient):
        return [finding(exercise, "no-gradient-seen" if longer else "detached")]
    if first and not any(run.gradient[place] for place in first):
        return [finding(exercise, "partly-detached")]
    return []


def _judge_by_line(
    exercise: Exercise, run: NetworkRun, samples: Samples, outputs: Sequence[Hypothesis[Activation]]
) -> list[Finding] | None:
    """What is to say of a network that was followed along a line; ``None`` where that decides nothing."""
    if run.line is None:
        return None
    reading = read_line(run.line)
    findings = _judge_end(exercise, run, samples, outputs)
    if reading.layers is Layers.OTHER and not is_random(run):
        findings.append(finding(exercise, "another-network"))
    elif reading.layers is Layers.AFFINE:
        findings.append(finding(exercise, "no-hidden-activation"))
    elif reading.layers is Layers.ONE_HIDDEN:
        findings += judge_one_hidden(exercise, reading)
    else:
        return None
    return findings + _judge_gradient(exercise, run, (), longer=reading.layers is Layers.OTHER)


def _judge_end(
    exercise: Exercise, run: NetworkRun, samples: Samples, outputs: Sequence[Hypothesis[Activation]]
) -> list[Finding]:
    """The finding for what a network ends in that was followed along a line, if that is a mistake."""
    end = None if run.line is None else {"identity": identity, "sigmoid": sigmoid}.get(run.line.end)
    ends = [output for output in outputs if output.expected is end]
    return [one for output in ends for one in _judge_output(exercise, output, samples)]


def judge_one_hidden(exercise: Exercise, reading: LineReading) -> list[Finding]:
    """What one hidden layer has other than ReLU and 512 units, where a line shows that there is one."""
    findings = []
    if reading.leak is not None and (activation := activation_with(reading.leak)) != RIGHT_HIDDEN:
        findings.append(finding(exercise, "another-hidden-activation", activation=activation))
    if reading.width != HIDDEN_UNITS:
        findings.append(finding(exercise, "wrong-width", got=reading.width))
    return findings


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


def _judge_unrecognised(exercise: Exercise, run: NetworkRun, budget: Budget) -> list[Finding]:
    """What can be said of outputs that no known network gives."""
    last = exercise.misconception("detached").check
    if is_random(run):
        hidden = exercise.misconception("unknown-network").check
        rest = not_looked_at(exercise, (hidden, last), "Not looked at: see the shape.")
        return [finding(exercise, "random-output"), *rest]
    key = "too-many-ways" if budget.is_spent else "unknown-network"
    if not any(run.gradient):
        return [finding(exercise, key), finding(exercise, "detached")]
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
