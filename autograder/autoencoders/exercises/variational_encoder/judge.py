"""Judge what the student's variational encoder did: shape, layers, heads, noise and gradient.

With every normal draw steered to 0, 1 and −2, z shows its mean and how it moves with the noise. ``recognise_heads``
finds the parameters, and the functions of them, that give just this mean and this movement: they name the layers, the
heads' forms and a scaled noise. Unsteered draws show the noise's law, and the gradient what learns through the sample.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from autograder.autoencoders.exercises.variational_encoder import far, heads, noise
from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER as EXERCISE
from autograder.autoencoders.exercises.variational_encoder.probe import (
    AMPLITUDES,
    BATCHES,
    CALM,
    COPIES,
    LEVELS,
    STEERED_IMAGES,
    Observation,
    SamplingRun,
    inputs,
)
from autograder.autoencoders.networks.judge import RunJudged, drop_silent_runs
from autograder.autoencoders.networks.judge_layers import judge_one_hidden
from autograder.autoencoders.networks.line import HIDDEN_UNITS, LineScan
from autograder.autoencoders.probe_data import loaded, sizes_in_words
from autograder.autoencoders.reference.activations import identity
from autograder.autoencoders.reference.astray import source_of_sigma
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.forms import UNKNOWN_SIGMA
from autograder.autoencoders.reference.heads import (
    RecognisedHeads,
    recognise_activated,
    recognise_heads,
)
from autograder.autoencoders.reference.inputs import INPUT_CHANGES
from autograder.autoencoders.reference.line import Layers, read_line
from autograder.autoencoders.reference.noisy import recognise_noisy
from autograder.autoencoders.reference.readings import Reading, read_noise
from autograder.autoencoders.reference.sampling import Noise, Steered, steer
from autograder.course.draws import Amplitudes, Float64Array
from autograder.course.observation import CallResult
from autograder.judging.closeness import close
from autograder.judging.explain import Hypothesis
from autograder.judging.failures import judge_failure, name_failure, name_missing_tensor
from autograder.judging.verdicts import (
    Finding,
    Judgement,
    Status,
    each_once,
    fail_all_checks,
    finding,
    not_looked_at,
)

_CAN_SILENCE = ("heads-activated", "mu-activated", "sigma-activated", "relu-before-exp")


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``VariationalEncoder``, its KL term apart."""
    first = seen.runs[0]
    if first.build_failure is not None:
        return judge_failure(EXERCISE, first.build_failure)
    if (failure := first.outputs[0].failure) is not None and failure.kind == "unfinished":
        return judge_failure(EXERCISE, failure, untouched=False)
    # Noise that is drawn once, in the constructor, explains the second set of runs.
    runs = seen.kept if seen.kept and all(_is_explained(seed, run) for run in seen.kept) else seen.runs
    judged = drop_silent_runs([_judge_run(seed, run, AMPLITUDES) for run in runs], _CAN_SILENCE)
    if seen.calm and (calm := _judge_calm(seed, seen.calm)) is not None:
        return calm
    if any(noise.is_random(run) for run in runs):
        judged = [_without_still(run, one) for run, one in zip(runs, judged, strict=True)]
    return _judge_together(runs, judged)


def _judge_calm(seed: int, runs: Sequence[SamplingRun]) -> Judgement | None:
    """The judgement under small weights, where a change of the images explains that larger ones give no numbers."""
    judged = [_judge_run(seed, run, CALM) for run in runs]
    explained = [not isinstance(one, Judgement) and any(f.is_about("input-changed") for f in one) for one in judged]
    return _judge_together(runs, judged) if all(explained) else None


def _without_still(run: SamplingRun, judged: RunJudged) -> RunJudged:
    """A run's findings beside another one whose noise was seen; a σ that may be 0 can leave none in a whole batch."""
    if isinstance(judged, Judgement) or noise.is_random(run):
        return judged
    if any(one.is_about("no-noise") for one in judged):
        return ()
    return [one for one in judged if not one.is_about("fixed-noise")]


def _judge_together(runs: Sequence[SamplingRun], judged: Iterable[RunJudged]) -> Judgement:
    """The findings of all runs; one that could not be looked at decides by itself."""
    findings: list[Finding] = []
    looked_at = False
    for run, one in zip(runs, judged, strict=True):
        if not isinstance(one, Judgement):
            findings += one
            looked_at = True
        elif looked_at and run.build_failure is None and _stops_with_more_latents(run):
            return Judgement(each_once([*findings, _name_split(run)]))
        else:
            return one
    return Judgement(each_once(noise.without_chance(findings)))


def _is_explained(seed: int, run: SamplingRun) -> bool:
    """Whether normal noise explains the latents, with heads that are known."""
    rows = [_latents(result, run.latent_dims) for result in run.steered]
    if any(row is None for row in rows):
        return False
    (steered, *_) = steer([row for row in rows if row is not None])
    if steered.noise is not Noise.NORMAL:
        return False
    values = loaded(run.parameters, AMPLITUDES, seed)
    recognised = recognise_heads(values, _images(seed), steered, run.latent_dims, Budget())
    return recognised is not None and recognised.sigma is not UNKNOWN_SIGMA


def _stops_with_more_latents(run: SamplingRun) -> bool:
    failure = run.outputs[0].failure
    return failure is not None and failure.error in ("ValueError", "RuntimeError", "IndexError")


def _name_split(run: SamplingRun) -> Finding:
    failure = run.outputs[0].failure
    message = failure.message if failure is not None else ""
    return finding(EXERCISE, "split-by-two", latents=run.latent_dims, message=message[:80])


def _images(seed: int) -> Float64Array:
    return inputs(seed, STEERED_IMAGES).reshape(STEERED_IMAGES, -1)


def _judge_run(seed: int, run: SamplingRun, amplitudes: Amplitudes) -> RunJudged:
    if run.build_failure is not None:
        return judge_failure(EXERCISE, run.build_failure, untouched=False)
    rows = [_latents(result, run.latent_dims) for result in run.steered]
    if any(row is None for row in rows):
        return _judge_no_latents(run)
    values, budget = loaded(run.parameters, amplitudes, seed), Budget()
    if not values:
        return fail_all_checks(EXERCISE, finding(EXERCISE, "layers-not-registered"))
    shape, images = _judge_shape(run), _images(seed)
    possible = steer([row for row in rows if row is not None])
    is_steered = possible[0].noise is not Noise.UNSTEERED
    if _ignores_images(possible[0]) and (is_steered or not noise.is_random(run)):
        return fail_all_checks(EXERCISE, finding(EXERCISE, "input-ignored"))
    tried = [(steered, recognise_heads(values, images, steered, run.latent_dims, budget)) for steered in possible]
    known = (pair for pair in tried if pair[1] is not None and pair[1].sigma is not UNKNOWN_SIGMA)
    steered, recognised = next(known, tried[0])
    if steered.noise is Noise.OTHER:
        levels = {level: row for level, row in zip(LEVELS, rows, strict=True) if row is not None}
        if (activated := recognise_activated(values, images, levels, run.latent_dims, Budget())) is not None:
            through, recognised = activated
            passed = finding(EXERCISE, "sample-activated", activation=through)
            return [*shape, *_judge_layers(recognised, steered, budget), passed]
        if (noisy := recognise_noisy(values, images, levels, run.latent_dims, Budget())) is not None:
            added = finding(EXERCISE, noisy.misconception)
            gradient = heads.judge_unsteered_gradient(run, noisy.recognised)
            return [*shape, *_judge_layers(noisy.recognised, steered, budget), added, *gradient]
    samples = noise.many_samples(run)
    is_open = samples is not None and (steered.noise is not Noise.NORMAL or recognised is None)
    is_open = is_open and not (run.drops and recognised is not None)
    if samples is not None and is_open and (reading := read_noise(values, images, samples, budget)) is not None:
        return [*shape, *_judge_read(run, reading, budget)]
    if not all(np.isfinite(row).all() for row in rows if row is not None):
        return fail_all_checks(EXERCISE, finding(EXERCISE, "latents-not-finite"))
    if samples is not None and not is_steered and noise.is_random(run):
        return [*shape, *noise.judge_unseen()]
    if recognised is None and run.line is None:
        recognised, changed, images = _recognise_with_changes(values, images, steered, run.latent_dims)
        shape += changed
    line = run.line if recognised is None else None
    if line is not None and read_line(line).layers is Layers.NOT_REGISTERED:
        return fail_all_checks(EXERCISE, finding(EXERCISE, "layers-not-registered"))
    layers = None if line is None else _judge_by_line(line)
    if recognised is not None and recognised.sigma is UNKNOWN_SIGMA:
        source = source_of_sigma(values, images, steered, run.latent_dims, budget)
        if source is not None:
            recognised = replace(recognised, sigma=Hypothesis("sigma-astray", identity, {"source": source}))
    return [
        *shape,
        *(_judge_layers(recognised, steered, budget) if layers is None else layers),
        *noise.judge(run, steered, recognised, is_known=recognised is not None or layers is not None),
        *heads.judge_gradient(run, steered, recognised, images),
        *far.judge(run, steered, recognised),
        *([finding(EXERCISE, "dropped")] if run.drops and recognised is not None else []),
    ]


def _recognise_with_changes(
    values: Sequence[Float64Array], images: Float64Array, steered: Steered, latent_dims: int
) -> tuple[RecognisedHeads | None, list[Finding], Float64Array]:
    """The heads that explain the latents of changed images, the finding that says so, and what the images become."""
    budget = Budget()
    for change in INPUT_CHANGES:
        inputs = change.expected(images)
        recognised = recognise_heads(values, inputs, steered, latent_dims, budget, ("ReLU",))
        if recognised is not None and recognised.sigma not in (None, UNKNOWN_SIGMA):
            return recognised, [finding(EXERCISE, "input-changed", **change.values)], inputs
    return None, [], images


def _judge_read(run: SamplingRun, reading: Reading, budget: Budget) -> list[Finding]:
    """Findings where many samples have shown what steering does not."""
    recognised = reading.recognised
    mu = recognised.heads.first.output
    return [
        *_judge_layers(recognised, Steered(Noise.UNSTEERED, mu, 0.0 * mu), budget),
        *noise.judge_reading(run, reading),
        *heads.judge_unsteered_gradient(run, recognised),
    ]


def _ignores_images(steered: Steered) -> bool:
    return all(close(rows, rows[:1].repeat(len(rows), axis=0)) for rows in (steered.mean, steered.slope))


def _judge_layers(recognised: RecognisedHeads | None, steered: Steered, budget: Budget) -> list[Finding]:
    """Findings about the hidden layer and the heads."""
    if recognised is None and budget.is_spent:
        return [finding(EXERCISE, "too-many-ways"), *not_looked_at(EXERCISE, ("heads",), "Not looked at: see above.")]
    if recognised is None:
        return [_name_unknown_heads(steered), *not_looked_at(EXERCISE, ("hidden",), "Not looked at: see the heads.")]
    findings = heads.judge_forms(recognised)
    layers = recognised.heads
    if layers.activation == "no activation":
        findings.append(finding(EXERCISE, "no-hidden-activation"))
    elif layers.activation != "ReLU":
        findings.append(finding(EXERCISE, "another-hidden-activation", activation=layers.activation))
    if layers.width != HIDDEN_UNITS:
        findings.append(finding(EXERCISE, "wrong-width", got=layers.width))
    if not layers.biased:
        findings.append(finding(EXERCISE, "no-bias"))
    return findings


def _judge_by_line(line: LineScan) -> list[Finding] | None:
    """Findings about layers that are not the usual ones; ``None`` where a line decides nothing."""
    reading = read_line(line)
    if reading.layers is Layers.OTHER:
        return [finding(EXERCISE, "another-network")]
    if line.end != "heads":
        return None
    if reading.layers is Layers.AFFINE:
        return [finding(EXERCISE, "no-hidden-activation")]
    return judge_one_hidden(EXERCISE, reading) if reading.layers is Layers.ONE_HIDDEN else None


def _name_unknown_heads(steered: Steered) -> Finding:
    return finding(EXERCISE, "unknown-heads", low=float(steered.mean.min()), high=float(steered.mean.max()))


def _latents(result: CallResult, latent_dims: int) -> Float64Array | None:
    if result.value is None or result.value.size != STEERED_IMAGES * latent_dims:
        return None
    return result.value.astype(np.float64).reshape(STEERED_IMAGES, latent_dims)


def _judge_no_latents(run: SamplingRun) -> Judgement:
    counts = (*BATCHES, *[STEERED_IMAGES] * len(run.steered))
    for result, count in zip((*run.outputs, *run.steered), counts, strict=True):
        if result.failure is not None:
            named = name_failure(EXERCISE, result.failure, sizes_in_words(count, run.latent_dims))
            return fail_all_checks(EXERCISE, named, Status.ERROR)
        if result.value is None:
            return fail_all_checks(EXERCISE, name_missing_tensor(EXERCISE, result))
    return fail_all_checks(EXERCISE, _name_wrong_shape(run.outputs[-1], BATCHES[-1], run.latent_dims))


def _name_wrong_shape(result: CallResult, batch: int, latent_dims: int) -> Finding:
    got, expected = tuple(np.shape(result.value if result.value is not None else ())), (batch, latent_dims)
    if len(got) == 2 and got[0] == batch and got[1] != latent_dims:
        return finding(EXERCISE, "latent-size-fixed", asked=latent_dims, got=got[1])
    if batch == 1 and got == (latent_dims,):
        return finding(EXERCISE, "squeezed", got=got, expected=expected)
    return finding(EXERCISE, "wrong-shape", got=got, expected=expected)


def _judge_shape(run: SamplingRun) -> list[Finding]:
    findings = [finding(EXERCISE, "not-flattened")] if run.on_rows else []
    if run.overwrites:
        findings.append(finding(EXERCISE, "input-overwritten"))
    if (dtype := run.outputs[-1].dtype) != "float32":
        findings.append(finding(EXERCISE, "another-type", dtype=dtype))
    if (returned := run.outputs[-1].returned) in ("tuple", "list"):
        findings.append(finding(EXERCISE, "changed-interface", returned=returned))
    for result, batch in zip((*run.outputs, run.copies), (*BATCHES, COPIES), strict=True):
        if result.failure is not None:
            return [*findings, name_failure(EXERCISE, result.failure, sizes_in_words(batch, run.latent_dims))]
        if result.value is None or result.value.shape != (batch, run.latent_dims):
            return [*findings, _name_wrong_shape(result, batch, run.latent_dims)]
    return findings
