"""Judge what the student's variational encoder did: shape, layers, heads, noise and gradient.

With every normal draw steered to 0, 1 and −2, z shows its mean and how it moves with the noise. ``recognise_heads``
finds the parameters, and the functions of them, that give just this mean and this movement: they name the layers, the
heads' forms and a scaled noise. Unsteered draws show the noise's law, and the gradient what learns through the sample.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import numpy as np

from autograder.autoencoders.exercises.variational_encoder import far, heads, noise, shape
from autograder.autoencoders.exercises.variational_encoder.layers import (
    explains_sigma,
    judge_by_line,
    judge_layers,
    takes_pixels,
)
from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER as EXERCISE
from autograder.autoencoders.exercises.variational_encoder.probe import (
    AMPLITUDES,
    CALM,
    LEVELS,
    STEERED_IMAGES,
    Masked,
    Observation,
    SamplingRun,
    far_images,
    inputs,
)
from autograder.autoencoders.exercises.variational_encoder.together import judge_together, reconcile
from autograder.autoencoders.networks.judge import RunJudged
from autograder.autoencoders.probe_data import loaded
from autograder.autoencoders.reference.activations import Activation, identity
from autograder.autoencoders.reference.astray import is_split_between_images, shared_sigma, source_of_sigma
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.dropped import recognise_alpha_dropped, recognise_dropped
from autograder.autoencoders.reference.forms import UNKNOWN_SIGMA
from autograder.autoencoders.reference.heads import (
    RecognisedHeads,
    recognise_activated,
    recognise_heads,
)
from autograder.autoencoders.reference.inputs import INPUT_CHANGES, UNCHANGED
from autograder.autoencoders.reference.line import Layers, read_line
from autograder.autoencoders.reference.noisy import recognise_noisy
from autograder.autoencoders.reference.readings import Reading, read_noise
from autograder.autoencoders.reference.sampling import Noise, Steered, steer
from autograder.autoencoders.rewriting.prices import with_slips
from autograder.course.draws import Amplitudes, Float64Array
from autograder.judging.closeness import close
from autograder.judging.explain import Hypothesis
from autograder.judging.failures import judge_failure
from autograder.judging.verdicts import (
    Finding,
    Judgement,
    fail_all_checks,
    finding,
)

# What rounding to float32 may make of one number: layers under normalised weights may tell images hardly more apart.
_ALIKE = 1e-6


def judge(seed: int, seen: Observation) -> Judgement:
    """Findings about the student's ``VariationalEncoder``, its KL term apart."""
    return with_slips(EXERCISE, seen.slips, _judge(seed, seen))


def _judge(seed: int, seen: Observation) -> Judgement:
    first = seen.runs[0]
    if first.build_failure is not None:
        return judge_failure(EXERCISE, first.build_failure)
    if (failure := first.outputs[0].failure) is not None and failure.kind == "unfinished":
        return judge_failure(EXERCISE, failure, untouched=False)
    # Noise that is drawn once, in the constructor, explains the second set of runs.
    runs = seen.kept if seen.kept and all(_is_explained(seed, run) for run in seen.kept) else seen.runs
    judged = [_judge_run(seed, run, AMPLITUDES) for run in runs]
    if seen.calm and (calm := _judge_calm(seed, seen.calm)) is not None:
        return calm
    return judge_together(runs, reconcile(runs, judged))


def _judge_calm(seed: int, runs: Sequence[SamplingRun]) -> Judgement | None:
    """The judgement under small weights, where a change of the images explains that larger ones give no numbers."""
    judged = [_judge_run(seed, run, CALM) for run in runs]
    explained = [not isinstance(one, Judgement) and any(f.is_about("input-changed") for f in one) for one in judged]
    return judge_together(runs, judged) if all(explained) else None


def _is_explained(seed: int, run: SamplingRun) -> bool:
    """Whether normal noise explains the latents, with heads that are known."""
    rows = [shape.latents(result, run.latent_dims) for result in run.steered]
    if any(row is None for row in rows):
        return False
    (steered, *_) = steer([row for row in rows if row is not None])
    if steered.noise is not Noise.NORMAL:
        return False
    values = loaded(run.parameters, AMPLITUDES, seed)
    recognised = recognise_heads(values, _images(seed), steered, run.latent_dims, Budget())
    return recognised is not None and recognised.sigma is not UNKNOWN_SIGMA


def _images(seed: int) -> Float64Array:
    return _rows(inputs(seed, STEERED_IMAGES))


def _rows(images: Float64Array) -> Float64Array:
    return images.reshape(len(images), -1)


def _judge_run(seed: int, run: SamplingRun, amplitudes: Amplitudes) -> RunJudged:
    if run.build_failure is not None:
        return judge_failure(EXERCISE, run.build_failure, untouched=False)
    rows = [shape.latents(result, run.latent_dims) for result in run.steered]
    if any(row is None for row in rows):
        return shape.judge_no_latents(run)
    values, budget = loaded(run.parameters, amplitudes, seed), Budget()
    if not values:
        return fail_all_checks(EXERCISE, finding(EXERCISE, "layers-not-registered"))
    of_shape, images = shape.judge(run), _images(seed)
    if (kept := _without_masks(run, values, images)) is not None:
        return [*of_shape, *kept]
    possible = steer([row for row in rows if row is not None])
    is_steered = possible[0].noise is not Noise.UNSTEERED
    if _ignores_images(possible[0]) and (is_steered or not noise.is_random(run)):
        return fail_all_checks(EXERCISE, finding(EXERCISE, "input-ignored"))
    if possible[0].noise is Noise.NORMAL and _has_own_weights(run, possible[0]):
        return fail_all_checks(EXERCISE, finding(EXERCISE, "layers-not-registered"))
    tried = [(steered, recognise_heads(values, images, steered, run.latent_dims, budget)) for steered in possible]
    known = (pair for pair in tried if pair[1] is not None and pair[1].sigma is not UNKNOWN_SIGMA)
    steered, recognised = next(known, tried[0])
    if run.drops and recognised is None:
        less = recognise_alpha_dropped(values, images, steered, run.latent_dims, Budget())
        if less is not None:
            return [*of_shape, *_judge_dropped(run, less, steered)]
    if steered.noise is Noise.OTHER:
        levels = {level: row for level, row in zip(LEVELS, rows, strict=True) if row is not None}
        if (activated := recognise_activated(values, images, levels, run.latent_dims, Budget())) is not None:
            through, recognised = activated
            of_shape += judge_layers(recognised, steered, budget)
            if not through:
                return [*of_shape, *heads.judge_unsteered_gradient(run, recognised)]
            return [*of_shape, finding(EXERCISE, "sample-activated", activation=through)]
        if (noisy := recognise_noisy(values, images, levels, run.latent_dims, Budget())) is not None:
            added = finding(EXERCISE, noisy.misconception)
            gradient = heads.judge_unsteered_gradient(run, noisy.recognised)
            return [*of_shape, *judge_layers(noisy.recognised, steered, budget), added, *gradient]
    change = UNCHANGED
    samples = noise.many_samples(run)
    is_open = samples is not None and (steered.noise is not Noise.NORMAL or recognised is None)
    is_open = is_open and not (run.drops and is_steered and recognised is not None)
    if samples is not None and is_open and (reading := read_noise(values, images, samples, budget)) is not None:
        return [*of_shape, *_judge_read(run, reading, budget)]
    if not all(np.isfinite(row).all() for row in rows if row is not None):
        return fail_all_checks(EXERCISE, finding(EXERCISE, "latents-not-finite"))
    if samples is not None and not is_steered and noise.is_random(run):
        return [*of_shape, *noise.judge_unseen()]
    if recognised is None and is_split_between_images(values, images, steered, run.latent_dims, Budget()):
        # Batches that stop, do so for that reason.
        return [*shape.judge_call(run), finding(EXERCISE, "split-over-images")]
    if recognised is None and run.line is None:
        recognised, change = _recognise_with_changes(values, images, steered, run.latent_dims)
        of_shape += [] if change is UNCHANGED else [finding(EXERCISE, "input-changed", **change.values)]
    is_known = recognised is not None and recognised.sigma is not UNKNOWN_SIGMA
    line = None if is_known else run.line
    if line is not None and read_line(line).layers is Layers.NOT_REGISTERED:
        return fail_all_checks(EXERCISE, finding(EXERCISE, "layers-not-registered"))
    layers = judge_by_line(line) if line is not None and recognised is None else None
    if layers and takes_pixels(values, images, steered):
        layers = [finding(EXERCISE, "no-hidden-layer")]
    if recognised is not None and recognised.sigma is UNKNOWN_SIGMA:
        source = source_of_sigma(values, images, steered, run.latent_dims, budget)
        if source is not None:
            recognised = replace(recognised, sigma=Hypothesis("sigma-astray", identity, {"source": source}))
        elif (shared := shared_sigma(steered)) is not None:
            recognised = replace(recognised, sigma=Hypothesis("sigma-shared", identity, {"by": shared}))
        elif line is not None and explains_sigma(line, steered):
            recognised, layers = None, []
    return [
        *of_shape,
        *(judge_layers(recognised, steered, budget) if layers is None else layers),
        *noise.judge(run, steered, recognised, is_known=recognised is not None or layers is not None),
        *heads.judge_gradient(run, steered, recognised, change.expected(images)),
        *far.judge(run, steered, recognised, change.expected(_rows(far_images(seed)))),
        *([finding(EXERCISE, "dropped")] if run.drops and recognised is not None else []),
    ]


def _has_own_weights(run: SamplingRun, steered: Steered) -> bool:
    """Whether another module with all that this one has registered gives another μ."""
    rebuilt = shape.latents(run.rebuilt, run.latent_dims)
    return rebuilt is not None and not close(rebuilt, steered.mean)


def _without_masks(run: SamplingRun, values: Sequence[Float64Array], images: Float64Array) -> list[Finding] | None:
    """Findings where masks explain the latents, such as those of a dropout that is written by hand."""
    read = [_steered(masked, run.latent_dims) for masked in run.masked]
    for (masked, kept), (_, dropped) in permutations(zip(run.masked, read, strict=True), 2):
        if kept is None or dropped is None:
            continue
        recognised = recognise_dropped(values, images, kept, dropped, run.latent_dims, Budget())
        if recognised is not None:
            learning = replace(run, gradient=masked.gradient, gradient_failure=masked.gradient_failure)
            return _judge_dropped(learning, recognised, kept)
    return None


def _judge_dropped(run: SamplingRun, recognised: RecognisedHeads, steered: Steered) -> list[Finding]:
    """Findings where a dropout and heads of the right form explain the latents."""
    gradient = heads.judge_unsteered_gradient(run, recognised)
    return [*judge_layers(recognised, steered, Budget()), finding(EXERCISE, "dropped"), *gradient]


def _steered(masked: Masked, latent_dims: int) -> Steered | None:
    rows = [shape.latents(result, latent_dims) for result in masked.steered]
    known = [row for row in rows if row is not None]
    return steer(known)[0] if len(known) == len(rows) else None


def _recognise_with_changes(
    values: Sequence[Float64Array], images: Float64Array, steered: Steered, latent_dims: int
) -> tuple[RecognisedHeads | None, Hypothesis[Activation]]:
    """The heads that explain the latents of changed images, and the change."""
    budget = Budget()
    for change in INPUT_CHANGES:
        inputs = change.expected(images)
        recognised = recognise_heads(values, inputs, steered, latent_dims, budget, ("ReLU",))
        if recognised is not None and recognised.sigma not in (None, UNKNOWN_SIGMA):
            return recognised, change
    return None, UNCHANGED


def _judge_read(run: SamplingRun, reading: Reading, budget: Budget) -> list[Finding]:
    """Findings where many samples have shown what steering does not."""
    recognised = reading.recognised
    mu = recognised.heads.first.output
    return [
        *judge_layers(recognised, Steered(Noise.UNSTEERED, mu, 0.0 * mu), budget),
        *noise.judge_reading(run, reading),
        *heads.judge_unsteered_gradient(run, recognised),
    ]


def _ignores_images(steered: Steered) -> bool:
    return all(bool((np.ptp(rows, axis=0) <= _ALIKE * np.abs(rows[0])).all()) for rows in (steered.mean, steered.slope))
