"""Judge what the student's encoder did: a network 784 → 512 → L with ReLU between the layers."""

from collections.abc import Mapping

import numpy as np

from autograder.exercises.encoder.probe import AMPLITUDES, Observation, inputs
from autograder.exercises.encoder.texts import ENCODER
from autograder.exercises.failures import name_failure, name_missing_tensor
from autograder.exercises.judgement import Finding, Judgement, Status, everything, found
from autograder.exercises.networks import judge as networks
from autograder.exercises.networks.observation import BATCHES, FEW, NetworkRun
from autograder.exercises.observation import Outcome
from autograder.oracle import activations as act
from autograder.oracle.closeness import close
from autograder.probes import Float64Array

_OUTPUTS: Mapping[str, act.Activation] = {"no activation": act.identity} | {
    name: function for name, function in act.HIDDEN.items() if name != "no activation"
}


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``Encoder``."""
    return networks.judge_runs(ENCODER, seen.runs, lambda run: _judge_run(seed, run))


def _judge_run(seed: int, run: NetworkRun) -> list[Finding] | Judgement:
    shape, samples = _rows(seed, run)
    if samples is None:
        return everything(ENCODER, shape[0], Status.ERROR if run.outcomes[-1].failure else None)
    values = networks.drawn(run.parameters, AMPLITUDES, seed)
    if (no_layers := networks.unreadable(ENCODER, run, values, samples)) is not None:
        return everything(ENCODER, no_layers)
    return [*shape, *networks.of_layers(ENCODER, run, values, samples, _OUTPUTS, _name_output)]


def _name_output(activation: str) -> Finding | None:
    return None if activation == "no activation" else found(ENCODER, "activated-output", activation=activation)


def _rows(seed: int, run: NetworkRun) -> tuple[list[Finding], networks.Samples | None]:
    """Latents as rows to judge, with what is wrong about their shape."""
    one, _, many = run.outcomes
    images = {count: inputs(seed, count).reshape(count, -1) for count in BATCHES}
    batch = BATCHES[-1]
    chosen, rows = (run.evaluated, FEW) if networks.noisy(run) else (many, batch)
    if many.numbers is not None and close(many.numbers.reshape(-1), images[batch].reshape(-1)):
        return [found(ENCODER, "input-returned")], None
    latents = _latents(chosen, rows)
    if latents is not None:
        return _shape(run), networks.Samples(images[rows], latents)
    flat = _latents(run.reshaped, FEW)
    if flat is not None:
        return [found(ENCODER, "not-flattened")], networks.Samples(images[FEW], flat)
    alone = one.numbers
    if alone is not None and alone.size == run.latent_dims and many.failure is not None:
        finding = found(ENCODER, "batch-flattened", batch=BATCHES[1])
        return [finding], networks.Samples(images[1], alone.reshape(1, -1))
    for outcome in run.outcomes:
        if outcome.failure is not None:
            return [name_failure(ENCODER, outcome.failure)], None
        if outcome.value is None:
            return [name_missing_tensor(ENCODER, outcome)], None
    got, expected = _shape_of(many), (batch, run.latent_dims)
    return [found(ENCODER, "wrong-shape", got=got, expected=expected)], None


def _latents(outcome: Outcome, batch: int) -> Float64Array | None:
    """The outcome as (batch, latents) where its numbers allow it: further dimensions must have size 1."""
    numbers = outcome.numbers
    if numbers is None or numbers.ndim < 2:
        return None
    squeezed = numbers.squeeze(axis=tuple(axis for axis in range(1, numbers.ndim) if numbers.shape[axis] == 1))
    if squeezed.ndim == 1 and numbers.shape[0] == batch:
        squeezed = squeezed.reshape(batch, 1)
    return squeezed if squeezed.ndim == 2 and len(squeezed) == batch else None


def _shape_of(outcome: Outcome) -> tuple[int, ...]:
    return () if outcome.value is None else tuple(np.shape(outcome.value))


def _shape(run: NetworkRun) -> list[Finding]:
    """What is wrong about the shapes of latents that can be judged."""
    findings = networks.tuples(ENCODER, run)
    for outcome, batch in zip(run.outcomes, BATCHES, strict=True):
        got, expected = _shape_of(outcome), (batch, run.latent_dims)
        if got == expected:
            continue
        if batch == 1 and got == (run.latent_dims,):
            findings.append(found(ENCODER, "squeezed", got=got, expected=expected))
        elif len(got) == 2 and got[0] == batch and got[1] != run.latent_dims:
            findings.append(found(ENCODER, "latent-size-fixed", asked=run.latent_dims, got=got[1]))
        elif outcome.failure is not None:
            findings.append(name_failure(ENCODER, outcome.failure))
        else:
            findings.append(found(ENCODER, "wrong-shape", got=got, expected=expected))
        break
    return findings
