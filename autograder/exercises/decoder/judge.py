"""Judge what the student's decoder did: a network L → 512 → 784 with ReLU, then a sigmoid, reshaped to images."""

from collections.abc import Mapping

import numpy as np

from autograder.exercises.decoder.probe import AMPLITUDES, Observation, inputs
from autograder.exercises.decoder.texts import DECODER
from autograder.exercises.failures import name_failure, name_missing_tensor
from autograder.exercises.judgement import Finding, Judgement, Status, everything, found
from autograder.exercises.networks import judge as networks
from autograder.exercises.networks.observation import BATCHES, FEW, NetworkRun
from autograder.exercises.observation import Failure, Outcome
from autograder.oracle import activations as act
from autograder.oracle.closeness import close
from autograder.probes import PIXELS, Float64Array

SIGMOID = "a sigmoid"
_SQUASHING: Mapping[str, act.Activation] = {
    "clamping": lambda x: np.clip(x, 0.0, 1.0),
    "a hard sigmoid": act.HIDDEN["hard sigmoid"],
    "a rescaled tanh": lambda x: 0.5 * (np.tanh(x) + 1.0),
    "half a hard tanh": lambda x: 0.5 * (np.clip(x, -1.0, 1.0) + 1.0),
}
_NAMED: Mapping[str, act.Activation] = {
    SIGMOID: act.sigmoid,
    "no-sigmoid": act.identity,
    "softmax-output": act.softmax,
    "relu-before-sigmoid": lambda x: act.sigmoid(act.relu(x)),
    "sigmoid-twice": lambda x: act.sigmoid(act.sigmoid(x)),
    "scaled-output": lambda x: 255.0 * act.sigmoid(x),
}
_OUTPUTS: Mapping[str, act.Activation] = {
    **_NAMED,
    **_SQUASHING,
    **{name: function for name, function in act.HIDDEN.items() if name not in (SIGMOID, "a softmax", "hard sigmoid")},
}


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``Decoder``."""
    return networks.judge_runs(DECODER, seen.runs, lambda run: _judge_run(seed, run))


def _judge_run(seed: int, run: NetworkRun) -> list[Finding] | Judgement:
    shape, samples = _rows(seed, run)
    if samples is None:
        return everything(DECODER, shape[0], Status.ERROR if run.outcomes[-1].failure else None)
    values = networks.drawn(run.parameters, AMPLITUDES, seed)
    if (no_layers := networks.unreadable(DECODER, run, values, samples)) is not None:
        return everything(DECODER, no_layers)

    def name_output(activation: str) -> Finding | None:
        low, high = float(samples.outputs.min()), float(samples.outputs.max())
        if activation == SIGMOID:
            return None
        if activation in _NAMED:
            return found(DECODER, activation, low=low, high=high)
        kind = "another-squashing" if activation in _SQUASHING else "another-output"
        return found(DECODER, kind, activation=activation, low=low, high=high)

    findings = networks.of_layers(DECODER, run, values, samples, _OUTPUTS, name_output)
    if any((finding.misconception or "").endswith("/unknown-network") for finding in findings):
        turned = networks.Samples(samples.inputs, _transposed(samples.outputs))
        again = networks.of_layers(DECODER, run, values, turned, _OUTPUTS, name_output)
        if not any((finding.misconception or "").endswith("/unknown-network") for finding in again):
            return [found(DECODER, "transposed"), *shape, *again]
    if any(run.gradient) and run.input_gradient == 0.0 and not networks.noisy(run):
        findings.append(found(DECODER, "input-detached"))
    return [*shape, *findings]


def _transposed(rows: Float64Array) -> Float64Array:
    return rows.reshape(-1, 28, 28).transpose(0, 2, 1).reshape(len(rows), -1)


def _rows(seed: int, run: NetworkRun) -> tuple[list[Finding], networks.Samples | None]:
    """Images as rows of pixels, with what is wrong about their shape."""
    chosen, batch = (run.evaluated, FEW) if networks.noisy(run) else (run.outcomes[-1], BATCHES[-1])
    pixels = chosen.numbers
    if pixels is not None and pixels.size == batch * PIXELS:
        samples = networks.Samples(inputs(seed, run.latent_dims, batch), pixels.reshape(batch, PIXELS))
        return _shape(run), samples
    for outcome in run.outcomes:
        if outcome.failure is not None:
            return [_name_failure(outcome.failure)], None
        if outcome.value is None:
            return [name_missing_tensor(DECODER, outcome)], None
    if pixels is not None and close(pixels.reshape(-1), inputs(seed, run.latent_dims, batch).reshape(-1)):
        return [found(DECODER, "input-returned")], None
    got = tuple(np.shape(run.outcomes[-1].value))  # type: ignore[arg-type]
    return [found(DECODER, "wrong-shape", got=got, expected=(BATCHES[-1], 1, 28, 28))], None


def _name_failure(failure: Failure) -> Finding:
    if failure.line.startswith(_LAST_LINE) and "invalid for input of size" in failure.message:
        return found(DECODER, "pixels-not-in-z", got=failure.message.rsplit(" ", 1)[-1])
    return name_failure(DECODER, failure)


# The line that is given: it makes images of whatever ``z`` is by then.
_LAST_LINE = "return z.reshape("


def _shape(run: NetworkRun) -> list[Finding]:
    """What is wrong about the shapes of images that can be judged."""
    findings = networks.tuples(DECODER, run)
    for outcome, batch in zip(run.outcomes, BATCHES, strict=True):
        wrong = _wrong_shape(outcome, batch)
        if wrong is not None:
            return [*findings, wrong]
    return findings


def _wrong_shape(outcome: Outcome, batch: int) -> Finding | None:
    expected = (batch, 1, 28, 28)
    if outcome.failure is not None:
        return name_failure(DECODER, outcome.failure)
    got = () if outcome.value is None else tuple(outcome.value.shape)
    if got == expected:
        return None
    if got == (batch, PIXELS):
        return found(DECODER, "not-reshaped", got=got, expected=expected)
    if got == (batch, 28, 28):
        return found(DECODER, "no-channel", got=got, expected=expected)
    return found(DECODER, "wrong-shape", got=got, expected=expected)
