"""Judge what the student's decoder did: a network L → 512 → 784 with ReLU, then a sigmoid, reshaped to images."""

from collections.abc import Sequence

import numpy as np

from autograder.autoencoders.exercises.decoder.misconceptions import DECODER
from autograder.autoencoders.exercises.decoder.probe import AMPLITUDES, inputs
from autograder.autoencoders.networks import judge as networks
from autograder.autoencoders.networks.judge import RunJudged
from autograder.autoencoders.networks.judge_layers import (
    Samples,
    calmed,
    is_random,
    is_unexplained,
    judge_far_out,
    judge_layers,
    judge_output,
    judge_unrecognised,
    rounded,
)
from autograder.autoencoders.networks.probe import BATCHES, FEW, MILD, NetworkObservation, NetworkRun
from autograder.autoencoders.probe_data import PIXELS, loaded, sizes_in_words
from autograder.autoencoders.reference.activations import HIDDEN, Activation, identity, relu, sigmoid, softmax, softplus
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.inputs import LATENT_CHANGES
from autograder.autoencoders.reference.network import recognise_network
from autograder.autoencoders.rewriting.prices import with_slips
from autograder.course.draws import Float64Array
from autograder.course.observation import CallResult, Failure
from autograder.judging.closeness import ATOL, close
from autograder.judging.explain import Hypothesis
from autograder.judging.failures import judge_failure, name_failure, name_missing_tensor
from autograder.judging.verdicts import Finding, Judgement, Status, fail_all_checks, finding

Observation = NetworkObservation


def _stretched(rows: Float64Array) -> Float64Array:
    low, high = rows.min(axis=1, keepdims=True), rows.max(axis=1, keepdims=True)
    stretched: Float64Array = (rows - low) / np.maximum(high - low, 1e-12)
    return stretched


def _by_brightest(rows: Float64Array) -> Float64Array:
    pixels = sigmoid(rows)
    divided: Float64Array = pixels / pixels.max(axis=1, keepdims=True)
    return divided


def _sigmoid_times(factor: float) -> Activation:
    return lambda x: sigmoid(factor * x)


# What a decoder may end in.
_OUTPUTS: tuple[Hypothesis[Activation], ...] = (
    Hypothesis(None, sigmoid),
    Hypothesis("no-sigmoid", identity),
    Hypothesis("softmax-output", softmax),
    Hypothesis("relu-before-sigmoid", lambda x: sigmoid(relu(x))),
    Hypothesis("sigmoid-twice", lambda x: sigmoid(sigmoid(x))),
    Hypothesis("scaled-output", lambda x: 255.0 * sigmoid(x)),
    Hypothesis("another-squashing", lambda x: np.clip(x, 0.0, 1.0), {"activation": "clamping"}),
    Hypothesis("another-squashing", HIDDEN["hard sigmoid"], {"activation": "a hard sigmoid"}),
    Hypothesis("another-squashing", lambda x: 0.5 * (np.tanh(x) + 1.0), {"activation": "a rescaled tanh"}),
    Hypothesis("another-squashing", lambda x: 0.5 * (np.clip(x, -1.0, 1.0) + 1.0), {"activation": "half a hard tanh"}),
    Hypothesis("another-squashing", lambda x: np.clip(x, 0.0, 6.0) / 6.0, {"activation": "a sixth of ReLU6"}),
    Hypothesis("another-squashing", lambda x: sigmoid(-x), {"activation": "a sigmoid taken from 1"}),
    Hypothesis("another-squashing", _stretched, {"activation": "stretching each image from its least to its largest"}),
    Hypothesis("another-squashing", _by_brightest, {"activation": "a sigmoid divided by each image's brightest pixel"}),
    *(
        Hypothesis(
            "another-squashing", _sigmoid_times(factor), {"activation": f"a sigmoid of {factor:g} times the layer"}
        )
        for factor in (0.1, 0.5, 5.0, 10.0)
    ),
    Hypothesis("another-output", lambda x: 2.0 * sigmoid(x) - 1.0, {"activation": "a sigmoid stretched to (-1, 1)"}),
    Hypothesis("another-output", lambda x: sigmoid(x) - 0.5, {"activation": "a sigmoid less a half"}),
    Hypothesis("another-output", lambda x: -softplus(-x), {"activation": "the logarithm of a sigmoid"}),
    *(
        Hypothesis("another-output", function, {"activation": name})
        for name, function in HIDDEN.items()
        if name not in ("a sigmoid", "a softmax", "hard sigmoid")
    ),
)

# What a sigmoid makes of 0; random numbers are not all above it.
_GREY = 0.5

# The line that is given: it makes images of whatever ``z`` is by then.
_LAST_LINE = "return z.reshape("


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``Decoder``."""
    stopped = networks.judge_first_run(DECODER, seen.runs)
    rest = stopped or networks.judge_together(DECODER, seen.runs, [_judge_run(seed, run) for run in seen.runs])
    return with_slips(DECODER, seen.slips, rest)


def _judge_run(seed: int, run: NetworkRun) -> RunJudged:
    if run.build_failure is not None:
        return judge_failure(DECODER, run.build_failure, untouched=False)
    shape, samples = _rows(seed, run)
    if samples is None:
        return fail_all_checks(DECODER, shape[0], Status.ERROR if run.outputs[-1].failure else None)
    values, budget = loaded(run.parameters, AMPLITUDES, seed), Budget()
    if (no_layers := networks.judge_registration(DECODER, run, values, samples, budget)) is not None:
        return fail_all_checks(DECODER, no_layers)
    outputs = (*_OUTPUTS, *rounded(lambda x: np.heaviside(x, 0.0), np.abs, samples))
    calm = calmed(run, values, inputs(seed, run.latent_dims, FEW), PIXELS, AMPLITUDES)
    findings = judge_layers(DECODER, run, values, samples, outputs, budget, LATENT_CHANGES, calm)
    if is_unexplained(findings) and not budget.is_spent:
        turned = Samples(samples.inputs, _transposed(samples.outputs))
        again = judge_layers(DECODER, run, values, turned, _OUTPUTS, budget)
        if not is_unexplained(again):
            return [finding(DECODER, "transposed"), *shape, *again]
        findings = again if budget.is_spent else findings
    findings = findings or judge_far_out(DECODER, run) or _judge_mild(seed, run, values)
    if not any(one.check == "sigmoid" for one in findings) and samples.outputs.min() >= _GREY:
        twice = samples.outputs.max() <= sigmoid(np.ones(1)).item() + ATOL
        findings.append(finding(DECODER, "sigmoid-twice" if twice else "relu-before-sigmoid"))
    if any(run.gradient) and run.input_gradient == 0.0 and not is_random(run):
        findings.append(finding(DECODER, "input-detached"))
    return [*shape, *findings]


def _judge_mild(seed: int, run: NetworkRun, values: Sequence[Float64Array]) -> list[Finding]:
    """The finding for a network that is another one under weights which drive no sigmoid to its ends."""
    pixels = run.mild.numbers
    if run.line is not None or pixels is None or pixels.size != FEW * PIXELS:
        return []
    samples = Samples(inputs(seed, run.latent_dims, FEW), pixels.reshape(FEW, PIXELS))
    smaller = [MILD * value for value in values]
    network = recognise_network(smaller, samples.inputs, samples.outputs, _OUTPUTS, Budget())
    if network is None:
        return judge_unrecognised(DECODER, run, Budget())
    return judge_output(DECODER, network.output, samples)


def _transposed(rows: Float64Array) -> Float64Array:
    return rows.reshape(-1, 28, 28).transpose(0, 2, 1).reshape(len(rows), -1)


def _rows(seed: int, run: NetworkRun) -> tuple[list[Finding], Samples | None]:
    """Images as rows of pixels, with what is wrong about their shape."""
    chosen, batch = (run.evaluated, FEW) if is_random(run) else (run.outputs[-1], BATCHES[-1])
    pixels = chosen.numbers
    if pixels is not None and pixels.size == batch * PIXELS:
        samples = Samples(inputs(seed, run.latent_dims, batch), pixels.reshape(batch, PIXELS))
        return _judge_shape(run), samples
    for output, count in zip(run.outputs, BATCHES, strict=True):
        if output.failure is not None:
            return [_name_failure(run, output.failure, count)], None
        if output.value is None:
            return [name_missing_tensor(DECODER, output)], None
    if pixels is not None and close(pixels.reshape(-1), inputs(seed, run.latent_dims, batch).reshape(-1)):
        return [finding(DECODER, "input-returned")], None
    got = tuple(np.shape(run.outputs[-1].value))  # type: ignore[arg-type]
    return [finding(DECODER, "wrong-shape", got=got, expected=(BATCHES[-1], 1, 28, 28))], None


def _name_failure(run: NetworkRun, failure: Failure, batch: int) -> Finding:
    if failure.line.startswith(_LAST_LINE) and "invalid for input of size" in failure.message:
        size = int(failure.message.rsplit(" ", 1)[-1])
        if size != batch * PIXELS:
            return finding(DECODER, "pixels-not-in-z")
    return name_failure(DECODER, failure, sizes_in_words(batch, run.latent_dims))


def _judge_shape(run: NetworkRun) -> list[Finding]:
    """What is wrong about the shapes of images that can be judged."""
    findings = networks.judge_call(DECODER, run)
    for output, batch in zip(run.outputs, BATCHES, strict=True):
        wrong = _judge_shape_of(run, output, batch)
        if wrong is not None:
            return [*findings, wrong]
    return findings


def _judge_shape_of(run: NetworkRun, output: CallResult, batch: int) -> Finding | None:
    expected = (batch, 1, 28, 28)
    if output.failure is not None:
        return name_failure(DECODER, output.failure, sizes_in_words(batch, run.latent_dims))
    got = () if output.value is None else tuple(output.value.shape)
    if got == expected:
        return None
    if got == (batch, PIXELS):
        return finding(DECODER, "not-reshaped", got=got, expected=expected)
    if got == (batch, 28, 28):
        return finding(DECODER, "no-channel", got=got, expected=expected)
    return finding(DECODER, "wrong-shape", got=got, expected=expected)
