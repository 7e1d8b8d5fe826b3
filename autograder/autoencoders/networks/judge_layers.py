"""Judging two dense layers: what a network's outputs say about its layers and its activations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.networks.judge_gradient import judge_gradient, judge_moves
from autograder.autoencoders.networks.line import HIDDEN_UNITS
from autograder.autoencoders.networks.probe import BATCHES, FEW, NetworkRun
from autograder.autoencoders.probe_data import calming
from autograder.autoencoders.reference.activations import Activation, identity, sigmoid
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.line import Layers, LineReading, activation_with, read_line
from autograder.autoencoders.reference.network import RIGHT_HIDDEN, RecognisedNetwork, recognise_network
from autograder.course.draws import Amplitudes, Float64Array
from autograder.course.exercise import Exercise
from autograder.course.observation import CallResult
from autograder.judging.closeness import close
from autograder.judging.explain import Hypothesis
from autograder.judging.failures import name_failure, name_missing_tensor
from autograder.judging.verdicts import Finding, finding, not_looked_at

# Under the probe's weights the sigmoid of a longer network is 0 or 1 nearly everywhere, and sends no gradient.
_LONGEST_WITH_GRADIENT = 4
_AT_STEP = 1e-3
_ENDS: Mapping[str, Activation] = {"identity": identity, "sigmoid": sigmoid, "tanh": np.tanh}


@dataclass(frozen=True)
class Samples:
    """Inputs and the outputs seen for them, both as rows: (batch, in) and (batch, out)."""

    inputs: Float64Array
    outputs: Float64Array


@dataclass(frozen=True)
class Calm:
    """The same network in double precision, under weights that keep numbers near 1.

    In single precision what many layers of large weights give is mostly rounding.
    """

    values: Sequence[Float64Array]
    samples: Samples


def is_random(run: NetworkRun) -> bool:
    """Whether the same input has given two outputs in training mode."""
    first, second = run.outputs[BATCHES.index(FEW)].value, run.repeated.value
    return first is not None and second is not None and not close(second, first)


def differs(a: CallResult, b: CallResult) -> bool:
    """Whether two calls have not given the same numbers."""
    return a.value is None or b.value is None or not close(a.value, b.value)


def calmed(
    run: NetworkRun, values: Sequence[Float64Array], inputs: Float64Array, outputs: int, sizes: Amplitudes
) -> Calm | None:
    """What is seen in double precision of inputs with so many numbers for an output; ``None`` where that is nothing."""
    numbers = next((result.numbers for result in run.precise), None)
    if numbers is None or numbers.size != len(inputs) * outputs or not values:
        return None
    calm = [value * calming(value.shape, sizes) for value in values]
    return Calm(calm, Samples(inputs, numbers.reshape(len(inputs), outputs)))


def _has_modes(run: NetworkRun) -> bool:
    """Whether evaluation mode gives another output than training mode, and neither is left to chance."""
    training, evaluated, again = run.outputs[BATCHES.index(FEW)], run.evaluated, run.reevaluated
    return not is_random(run) and not differs(again, evaluated) and differs(training, evaluated)


def judge_layers(
    exercise: Exercise,
    run: NetworkRun,
    values: Sequence[Float64Array],
    samples: Samples,
    outputs: Sequence[Hypothesis[Activation]],
    budget: Budget,
    changes: Sequence[Hypothesis[Activation]] = (),
    calm: Calm | None = None,
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
        calm: what is seen of a network of more layers.
    """
    network = recognise_network(values, samples.inputs, samples.outputs, outputs, budget)
    if network is None and (lowest := _without_lowest_noise(run, samples)) is not None:
        network = recognise_network(values, samples.inputs, lowest, outputs, budget)
    if network is None and calm is not None:
        network = recognise_network(calm.values, calm.samples.inputs, calm.samples.outputs, outputs, Budget())
    changed = None
    if network is None:
        network, changed = _recognise_with_changes(values, samples, outputs, changes)
    if network is not None:
        mistakes = [] if changed is None or changed.misconception is None else [changed]
        findings = [finding(exercise, "input-changed", **mistake.values) for mistake in mistakes]
        findings += [*judge_output(exercise, network.output, samples), *_judge_hidden_layer(exercise, network)]
        if network.output.misconception != "rounded-output":  # steps send no gradient
            longer = len(network.places) > _LONGEST_WITH_GRADIENT
            findings += judge_gradient(exercise, run, network.places[0], longer)
    elif _has_modes(run) and run.line is not None and (end := _judge_end(exercise, run, samples, outputs)) is not None:
        findings = [finding(exercise, "batch-norm"), *end]
        findings += judge_gradient(exercise, run, (), longer=False)
    elif (by_line := _judge_by_line(exercise, run, samples, outputs)) is not None:
        findings = by_line
    else:
        return judge_unrecognised(exercise, run, budget)
    if is_random(run):
        findings.append(finding(exercise, "noise-added" if run.quiet else "dropout"))
    return findings + _judge_later_calls(exercise, run)


def _without_lowest_noise(run: NetworkRun, samples: Samples) -> Float64Array | None:
    """The outputs with uniform draws at the lower end of their range, where these are others."""
    for result in run.lowest:
        if (lowest := result.numbers) is not None and lowest.size == samples.outputs.size:
            return lowest.reshape(samples.outputs.shape)
    return None


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


def judge_output(exercise: Exercise, output: Hypothesis[Activation], samples: Samples) -> list[Finding]:
    """The finding for what a network ends in, if that is a mistake."""
    if output.misconception is None:
        return []
    low, high = float(samples.outputs.min()), float(samples.outputs.max())
    return [finding(exercise, output.misconception, low=low, high=high, **output.values)]


def _judge_by_line(
    exercise: Exercise, run: NetworkRun, samples: Samples, outputs: Sequence[Hypothesis[Activation]]
) -> list[Finding] | None:
    """What is to say of a network that was followed along a line; ``None`` where that decides nothing."""
    if run.line is None or (findings := _judge_end(exercise, run, samples, outputs)) is None:
        return None
    reading = read_line(run.line)
    # A line is followed in evaluation mode, where a dropout is off.
    if reading.layers is Layers.OTHER and not (is_random(run) and differs(run.reevaluated, run.evaluated)):
        findings.append(finding(exercise, "another-network"))
    elif reading.layers is Layers.AFFINE:
        findings.append(finding(exercise, "no-hidden-activation"))
    elif reading.layers is Layers.ONE_HIDDEN:
        findings += judge_one_hidden(exercise, reading)
    else:
        return None
    # Where nothing is squashed at the end, nothing but a cut keeps every gradient from arriving.
    longer = reading.layers is Layers.OTHER and run.line.end != "identity"
    return findings + (judge_gradient(exercise, run, (), longer) or judge_moves(exercise, run))


def judge_far_out(exercise: Exercise, run: NetworkRun) -> list[Finding]:
    """The finding for a network that is the one asked for near by, and another one further along a line."""
    is_other = run.line is not None and read_line(run.line).layers is Layers.OTHER
    return [finding(exercise, "another-network")] if is_other else []


def _judge_end(
    exercise: Exercise, run: NetworkRun, samples: Samples, outputs: Sequence[Hypothesis[Activation]]
) -> list[Finding] | None:
    """The finding for what a network ends in that was followed along a line, if that is a mistake.

    ``None`` where that is not seen: pixels that are all between 0 and 1 have passed through something.
    """
    if (line := run.line) is None:
        return None
    low, high = samples.outputs.min(), samples.outputs.max()
    is_tanh = line.end == "tanh" and -1.0 <= low < 0.0 < high <= 1.0
    # Of curved functions any end is noted that could be taken away.
    end = identity if line.end == "tanh" and not is_tanh else _ENDS[line.end]
    if end is identity and outputs[0].expected is not identity and 0.0 <= low <= high <= 1.0:
        clamped = [one for one in outputs if low == 0.0 and high == 1.0 and one.values.get("activation") == "clamping"]
        return [one for output in clamped for one in judge_output(exercise, output, samples)] or None
    return [one for output in outputs if output.expected is end for one in judge_output(exercise, output, samples)]


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


def judge_unrecognised(exercise: Exercise, run: NetworkRun, budget: Budget) -> list[Finding]:
    """What can be said of outputs that no known network gives."""
    last = exercise.misconception("detached").check
    if run.unsettled:
        return [finding(exercise, "changes-itself"), *([] if any(run.gradient) else [finding(exercise, "detached")])]
    if is_random(run):
        hidden = exercise.misconception("unknown-network").check
        rest = not_looked_at(exercise, (hidden, last), "Not looked at: see the shape.")
        return [finding(exercise, "random-output"), *rest]
    key = "too-many-ways" if budget.is_spent else "unknown-network"
    if not any(run.gradient):
        return [finding(exercise, key), finding(exercise, "detached")]
    return [finding(exercise, key), *not_looked_at(exercise, (last,), "Not looked at: see the check above.")]


def rounded(
    step: Activation, at_step: Callable[[Float64Array], Float64Array], samples: Samples
) -> list[Hypothesis[Activation]]:
    """The end of a network that gives whole numbers, each of them rounded or compared with a threshold; else none.

    Args:
        step: what it is rounded to.
        at_step: how far a number is from where that jumps; what is nearer than rounding in float32 may be either.
        samples: what was seen.
    """
    seen = samples.outputs
    if np.any(seen != np.round(seen)):
        return []

    def end(last: Float64Array) -> Float64Array:
        return np.where(at_step(last) < _AT_STEP, seen[: len(last)], step(last))

    return [Hypothesis("rounded-output", end)]


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
