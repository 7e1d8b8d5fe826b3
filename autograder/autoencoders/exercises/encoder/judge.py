"""Judge what the student's encoder did: a network 784 → 512 → L with ReLU between the layers."""

import numpy as np

from autograder.autoencoders.exercises.encoder.misconceptions import ENCODER
from autograder.autoencoders.exercises.encoder.probe import AMPLITUDES, inputs
from autograder.autoencoders.networks import judge as networks
from autograder.autoencoders.networks.judge import RunJudged, Samples
from autograder.autoencoders.networks.probe import BATCHES, FEW, NetworkObservation, NetworkRun
from autograder.autoencoders.probe_data import loaded, sizes_in_words
from autograder.autoencoders.reference.activations import HIDDEN, Activation, identity
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.inputs import BATCH_CHANGES, INPUT_CHANGES
from autograder.course.draws import Float64Array
from autograder.course.observation import CallResult
from autograder.judging.closeness import close
from autograder.judging.explain import Hypothesis
from autograder.judging.failures import judge_failure, name_failure, name_missing_tensor
from autograder.judging.verdicts import Finding, Judgement, Status, fail_all_checks, finding

Observation = NetworkObservation

_OUTPUTS: tuple[Hypothesis[Activation], ...] = (
    Hypothesis(None, identity),
    *(
        Hypothesis("activated-output", function, {"activation": name})
        for name, function in HIDDEN.items()
        if function is not identity
    ),
)

_CHANGES = (*INPUT_CHANGES, *BATCH_CHANGES)


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``Encoder``."""
    stopped = networks.judge_first_run(ENCODER, seen.runs)
    return stopped or networks.judge_together(ENCODER, seen.runs, [_judge_run(seed, run) for run in seen.runs])


def _judge_run(seed: int, run: NetworkRun) -> RunJudged:
    if run.build_failure is not None:
        return judge_failure(ENCODER, run.build_failure, untouched=False)
    shape, samples = _rows(seed, run)
    if samples is None:
        return fail_all_checks(ENCODER, shape[0], Status.ERROR if run.outputs[-1].failure else None)
    values, budget = loaded(run.parameters, AMPLITUDES, seed), Budget()
    if (no_layers := networks.judge_registration(ENCODER, run, values, samples, budget)) is not None:
        return fail_all_checks(ENCODER, no_layers)
    return [*shape, *networks.judge_layers(ENCODER, run, values, samples, _OUTPUTS, budget, _CHANGES)]


def _rows(seed: int, run: NetworkRun) -> tuple[list[Finding], Samples | None]:
    """Latents as rows to judge, with what is wrong about their shape."""
    one, _, many = run.outputs
    images = {count: inputs(seed, count).reshape(count, -1) for count in BATCHES}
    batch = BATCHES[-1]
    chosen, rows = (run.evaluated, FEW) if networks.is_random(run) else (many, batch)
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
