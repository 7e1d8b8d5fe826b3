"""Judge what the student's encoder did: a network 784 → 512 → L with ReLU between the layers."""

from collections.abc import Sequence

import numpy as np

from autograder.autoencoders.exercises.encoder.misconceptions import ENCODER
from autograder.autoencoders.exercises.encoder.probe import AMPLITUDES, inputs
from autograder.autoencoders.networks import judge as networks
from autograder.autoencoders.networks.judge import RunJudged
from autograder.autoencoders.networks.judge_layers import (
    Samples,
    calmed,
    is_random,
    is_unexplained,
    judge_far_out,
    judge_layers,
    rounded,
)
from autograder.autoencoders.networks.line import LineScan
from autograder.autoencoders.networks.probe import BATCHES, FEW, NetworkObservation, NetworkRun
from autograder.autoencoders.probe_data import LARGER, head_weights, loaded, sizes_in_words
from autograder.autoencoders.reference.activations import HIDDEN, Activation, identity, log_softmax
from autograder.autoencoders.reference.bounds import Bound
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.inputs import ANOTHER_ORDER, BATCH_CHANGES, INPUT_CHANGES
from autograder.autoencoders.reference.network import RIGHT_HIDDEN, recognise_network
from autograder.autoencoders.rewriting.prices import with_slips
from autograder.course.draws import Float64Array
from autograder.course.observation import CallResult
from autograder.judging.closeness import close
from autograder.judging.explain import Hypothesis
from autograder.judging.failures import judge_failure, name_failure, name_missing_tensor
from autograder.judging.verdicts import Finding, Judgement, Status, fail_all_checks, finding, not_looked_at

Observation = NetworkObservation


def _by_length(rows: Float64Array) -> Float64Array:
    lengths: Float64Array = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(lengths, 1e-12)


_OUTPUTS: tuple[Hypothesis[Activation], ...] = (
    Hypothesis(None, identity),
    *(
        Hypothesis("activated-output", function, {"activation": name})
        for name, function in HIDDEN.items()
        if function is not identity
    ),
    Hypothesis("activated-output", log_softmax, {"activation": "a log-softmax"}),
    Hypothesis("activated-output", _by_length, {"activation": "a division by its own length"}),
)

# So near to its bound is what a sigmoid or a tanh makes of a large number.
_AT_BOUND = 1e-5
_CHANGES = (ANOTHER_ORDER, *INPUT_CHANGES, *BATCH_CHANGES)


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``Encoder``."""
    stopped = networks.judge_first_run(ENCODER, seen.runs)
    rest = stopped or networks.judge_together(ENCODER, seen.runs, [_judge_run(seed, run) for run in seen.runs])
    return with_slips(ENCODER, seen.slips, rest)


def _judge_run(seed: int, run: NetworkRun) -> RunJudged:
    if run.build_failure is not None:
        return judge_failure(ENCODER, run.build_failure, untouched=False)
    shape, samples = _rows(seed, run)
    if samples is None:
        return fail_all_checks(ENCODER, shape[0], Status.ERROR if run.outputs[-1].failure else None)
    values, budget = loaded(run.parameters, AMPLITUDES, seed), Budget()
    if (no_layers := networks.judge_registration(ENCODER, run, values, samples, budget)) is not None:
        return fail_all_checks(ENCODER, no_layers)
    if (hidden := _judge_hidden_returned(run, values, samples, budget)) is not None:
        return hidden
    outputs = (*_OUTPUTS, *rounded(np.round, _from_half, samples))
    calm = calmed(run, values, inputs(seed, FEW).reshape(FEW, -1), run.latent_dims, AMPLITUDES)
    findings = judge_layers(ENCODER, run, values, samples, outputs, budget, _CHANGES, calm)
    is_other = any(one.is_about("another-network", "batch-norm") for one in findings)
    if not findings or is_unexplained(findings) or is_other:
        far = _judge_far(seed, run, values, samples)
        if is_other and not far and run.line is not None:
            findings += _judge_range(run.line, samples)
        findings = far or findings
    findings = findings or judge_far_out(ENCODER, run)
    return [*shape, *findings]


def _judge_far(seed: int, run: NetworkRun, values: Sequence[Float64Array], samples: Samples) -> list[Finding]:
    """The finding for a latent that is right but for bounds, which show far out."""
    images = inputs(seed, FEW).reshape(FEW, -1)
    for place, result in zip(head_weights(run.parameters, run.latent_dims), run.far, strict=True):
        if (seen := _latents(result, FEW)) is None:
            continue
        larger = [value * LARGER if at == place else value for at, value in enumerate(values)]
        bound = Bound("z", float(seen.min()), float(seen.max()))
        ends: tuple[Hypothesis[Activation], ...] = (
            Hypothesis(None, identity),
            Hypothesis("activated-output", bound.keep),
        )
        network = recognise_network(larger, images, seen, ends, Budget(), (RIGHT_HIDDEN,))
        if network is None or network.output.misconception is None or not bound.is_mistake:
            continue
        if recognise_network(values, samples.inputs, samples.outputs, ends[1:], Budget(), (RIGHT_HIDDEN,)) is not None:
            return [finding(ENCODER, "activated-output", activation=f"a bound ({bound.in_words})")]
    return []


def _judge_range(line: LineScan, samples: Samples) -> list[Finding]:
    """The finding for latents that reach a bound: of a network that nothing else is known of, it shows the end.

    A line leads so far out that whatever is bounded comes to its bounds there.
    """
    along = line.bends.values
    numbers = np.concatenate([samples.outputs.reshape(-1), along.reshape(-1)])
    low, high = numbers.min(), numbers.max()
    nearest = 1.0 - _AT_BOUND
    if low >= 0.0 and high <= 1.0 and (high > nearest or low < _AT_BOUND):
        end = "a softmax" if np.all(np.abs(along.sum(axis=1) - 1.0) < _AT_BOUND) else "a sigmoid"
    elif low == 0.0:
        end = "a ReLU"
    elif low >= -1.0 and high <= 1.0 and max(-low, high) > nearest:
        end = "tanh"
    else:
        return []
    return [finding(ENCODER, "activated-output", activation=end)]


def _from_half(numbers: Float64Array) -> Float64Array:
    """How far each number is from the middle between two whole ones."""
    distance: Float64Array = np.abs(numbers - np.floor(numbers) - 0.5)
    return distance


def _judge_hidden_returned(
    run: NetworkRun, values: Sequence[Float64Array], samples: Samples, budget: Budget
) -> list[Finding] | None:
    """Findings where the hidden layer is handed back, though there is a second one; ``None`` where it is not."""
    size = samples.outputs.shape[1]
    if size == run.latent_dims:
        return None
    network = recognise_network(values, samples.inputs, samples.outputs, _OUTPUTS, budget)
    if network is None or network.widths:
        return None
    if not any(
        size in value.shape for place, value in enumerate(values) if value.ndim == 2 and place not in network.places[0]
    ):
        return None
    activation = network.output.values.get("activation", "")
    findings = [finding(ENCODER, "hidden-returned", got=size, expected=run.latent_dims)]
    if not activation:
        findings.append(finding(ENCODER, "no-hidden-activation"))
    elif activation != RIGHT_HIDDEN:
        findings.append(finding(ENCODER, "another-hidden-activation", activation=activation))
    return [*findings, *not_looked_at(ENCODER, ("output",), "Not looked at: see the shape.")]


def _rows(seed: int, run: NetworkRun) -> tuple[list[Finding], Samples | None]:
    """Latents as rows to judge, with what is wrong about their shape."""
    one, _, many = run.outputs
    images = {count: inputs(seed, count).reshape(count, -1) for count in BATCHES}
    batch = BATCHES[-1]
    chosen, rows = (run.evaluated, FEW) if is_random(run) else (many, batch)
    if many.numbers is not None and close(many.numbers.reshape(-1), images[batch].reshape(-1)):
        return [finding(ENCODER, "input-returned")], None
    latents = _latents(chosen, rows)
    if latents is not None:
        return _judge_shape(run), Samples(images[rows], latents)
    flat = _latents(run.reshaped, FEW)
    if flat is not None:
        return [finding(ENCODER, "not-flattened")], Samples(images[FEW], flat)
    alone = one.numbers
    if alone is not None and alone.size == run.latent_dims and many.failure is not None:
        return [finding(ENCODER, "batch-flattened", batch=FEW)], Samples(images[1], alone.reshape(1, -1))
    for output, count in zip(run.outputs, BATCHES, strict=True):
        if output.failure is not None:
            return [name_failure(ENCODER, output.failure, sizes_in_words(count, run.latent_dims))], None
        if output.value is None:
            return [name_missing_tensor(ENCODER, output)], None
    got, expected = _shape_of(many), (batch, run.latent_dims)
    return [finding(ENCODER, "wrong-shape", got=got, expected=expected)], None


def _latents(output: CallResult, batch: int) -> Float64Array | None:
    """The output as (batch, latents) where its numbers allow it: further dimensions must have size 1."""
    numbers = output.numbers
    if numbers is None or numbers.ndim < 2:
        return None
    squeezed = numbers.squeeze(axis=tuple(axis for axis in range(1, numbers.ndim) if numbers.shape[axis] == 1))
    if squeezed.ndim == 1 and numbers.shape[0] == batch:
        squeezed = squeezed.reshape(batch, 1)
    return squeezed if squeezed.ndim == 2 and len(squeezed) == batch else None


def _shape_of(output: CallResult) -> tuple[int, ...]:
    return () if output.value is None else tuple(np.shape(output.value))


def _judge_shape(run: NetworkRun) -> list[Finding]:
    """What is wrong about the shapes of latents that can be judged."""
    findings = networks.judge_call(ENCODER, run)
    for output, batch in zip(run.outputs, BATCHES, strict=True):
        got, expected = _shape_of(output), (batch, run.latent_dims)
        if got == expected:
            continue
        if batch == 1 and got == (run.latent_dims,):
            findings.append(finding(ENCODER, "squeezed", got=got, expected=expected))
        elif len(got) == 2 and got[0] == batch and got[1] != run.latent_dims:
            findings.append(finding(ENCODER, "latent-size-fixed", asked=run.latent_dims, got=got[1]))
        elif output.failure is not None:
            findings.append(name_failure(ENCODER, output.failure, sizes_in_words(batch, run.latent_dims)))
        else:
            findings.append(finding(ENCODER, "wrong-shape", got=got, expected=expected))
        break
    return findings
