"""What a variational encoder is tried with, and what is seen of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.networks.line import LineScan
from autograder.autoencoders.networks.mendable import demand_slips, depends_on_numbers
from autograder.autoencoders.networks.moves import Moves
from autograder.autoencoders.probe_data import DRIVEN, FAINT, amplitudes, bold, head_weights, images, shades
from autograder.course.complete import demand, demand_answers, demand_gradient
from autograder.course.draws import Float64Array
from autograder.course.observation import NOTHING, CallResult, Failure, Parameter

KEY = "variational_encoder"
AMPLITUDES = amplitudes(image=0.25, latent=0.035)
# With these, images whose pixels run to 255 give latents of the usual size.
CALM = amplitudes(image=0.25 / 255.0, latent=0.035)
LATENT_DIMS = (2, 7)
BATCHES = (1, 5, 24)
LEVELS = (0.0, 1.0, -2.0, -3.0, 0.0)
STEERED_IMAGES = 6
# With noise this large z goes far out, and with a head that is driven its μ and σ do, at these levels.
WIDE = 10.0
FAR_LEVELS = (0.0, FAINT)
# Near either end of a uniform draw's range, which is where a mask keeps everything, or nothing.
SHARES = (1.0 - 1e-4, 1e-4)
COPIES = 171
# Odd numbers, so that noise which two halves of a batch share is shared by different images; enough to see that none is
# beyond 2.5, for either latent size by itself, and not so many that independent ones look shared.
ROUNDS = {2: 351, 7: 255}

# The third of a batch is the mean of the first two.
_MEAN_OF_FIRST_TWO, _BRIGHT = 3, 0.75

# How far z falls at the levels -2 and -3, as multiples of its rise at 1: from normal draws, and from uniform ones.
_PROPORTIONS = ((-2.0, -3.0), (-1.3981462, -1.4608401))

# And where levels alternate: with the first draws, with the others, and with these from uniform ones.
_TURNED = (1.0, -0.5, -0.5609064)
_LIKE = (1e-3, 1e-3)


@dataclass(frozen=True)
class Masked:
    """What the steered images give where every mask is all of one kind.

    Attributes:
        steered: latents with every normal draw set to each of ``LEVELS``.
        gradient: as a run's.
        gradient_failure: why that gradient could not be taken, if so.
    """

    steered: tuple[CallResult, ...] = ()
    gradient: tuple[float, ...] = ()
    gradient_failure: Failure | None = None


@dataclass(frozen=True)
class SamplingRun:
    """One variational encoder, built for one latent size and loaded with the probe's weights, in training mode.

    Attributes:
        latent_dims: the latent size L.
        build_failure: why it could not be built, if so.
        parameters: what the module has registered.
        outputs: latents for ``BATCHES``, with the student's own noise.
        steered: latents for ``STEERED_IMAGES`` images with every normal draw set to each of ``LEVELS``.
        rebuilt: the first of these of another module with all that this one has registered.
        alternating: the same with every second draw set to -1/2 and the others to 1.
        many: latents for these images ``ROUNDS`` times, with the student's own noise, where that is not plain.
        masked: these images with uniform draws and coins set to each of ``SHARES``, where it is not, either, or where
            there are such draws.
        evaluated: the same in evaluation mode for the first two levels, where these have given the same latents.
        repeated: latents for the second of ``BATCHES`` once more.
        copies: latents for ``COPIES`` copies of the first of those images, with the student's own noise.
        on_rows: whether it works on rows of pixels only, and was given these.
        gradient: for each parameter the sum of absolute values of the gradient of ``Σ directions · z``, with the levels
            that alternate.
        gradient_failure: why that gradient could not be taken, if so.
        overwrites: whether a call changes the images that it is given.
        drops: whether the steered latents are without a dropout that the others have.
        masks: whether they may have been masked, be it all alike.
        wide: latents of the steered images with every normal draw set to ``WIDE``.
        far: latents of ``far_images`` with one head after the other driven, at ``FAR_LEVELS``; for both see
            ``reaches_far``.
        line: μ and log σ along a line, where its parameters are not those of the usual layers and it can be followed.
        moves: how Σ ½μ² and Σ (½σ² - log σ) move with each of its parameters, there.
    """

    latent_dims: int
    build_failure: Failure | None = None
    parameters: tuple[Parameter, ...] = ()
    outputs: tuple[CallResult, ...] = ()
    steered: tuple[CallResult, ...] = ()
    rebuilt: CallResult = NOTHING
    alternating: CallResult = NOTHING
    many: tuple[CallResult, ...] = ()
    masked: tuple[Masked, ...] = ()
    evaluated: tuple[CallResult, ...] = ()
    repeated: CallResult = NOTHING
    copies: CallResult = NOTHING
    on_rows: bool = False
    gradient: tuple[float, ...] = ()
    gradient_failure: Failure | None = None
    overwrites: bool = False
    drops: bool = False
    masks: bool = False
    wide: tuple[CallResult, ...] = ()
    far: tuple[CallResult, ...] = ()
    line: LineScan | None = None
    moves: Moves | None = None


@dataclass(frozen=True)
class Observation:
    """A variational encoder's runs, one for each latent size.

    Attributes:
        runs: with the noise steered while it encodes.
        kept: with the noise steered while it is built, where z has not moved otherwise: for noise that is drawn once.
        calm: as ``runs`` under ``CALM`` weights, where these show numbers that are not finite.
        slips: what had stopped the class, where it was mended to see the rest.
    """

    runs: tuple[SamplingRun, ...]
    kept: tuple[SamplingRun, ...] = ()
    calm: tuple[SamplingRun, ...] = ()
    slips: tuple[Failure, ...] = ()

    @property
    def shows_nothing(self) -> bool:
        """Whether there are no latents to look at."""
        first = self.runs[0]
        sizes = [0 if one.value is None else one.value.size for one in first.steered]
        if first.build_failure is not None or any(size != STEERED_IMAGES * first.latent_dims for size in sizes):
            return True
        return any(depends_on_numbers(one.failure) for run in self.runs for one in run.outputs)

    def check_complete(self) -> None:
        """Demand every call of the run for each latent size, or why that could not be built.

        Raises:
            Incomplete: something is missing, or is not what ``observe`` gives.
        """
        _demand_runs(self.runs)
        demand_slips(self)
        if all_finite(self.runs):
            demand(not self.calm, "an end where all is finite")
        else:
            _demand_runs(self.calm)
        for run in (*self.runs, *self.calm):
            asked = 2 if run.build_failure is None and is_unmoved(run) else 0
            demand_answers(run.evaluated, asked, "evaluation mode where training mode has no noise")
            asked = 1 if run.build_failure is None and not is_plain(run) else 0
            demand_answers(run.many, asked, "many samples where the noise is not plain")
            asked = len(SHARES) if needs_masks(run) else 0
            demand(len(run.masked) == asked, "every kind of mask where there may be one")
            for masked in run.masked:
                demand_answers(masked.steered, len(LEVELS), "the latents at each noise level with masks of one kind")
                demand_gradient(run.parameters, masked.gradient)
            far = reaches_far(run)
            demand_answers(run.wide, 1 if far else 0, "the latents with wide noise")
            places = head_weights(run.parameters, run.latent_dims) if far else []
            asked = len(DRIVEN) * len(FAR_LEVELS) * len(places)
            demand_answers(run.far, asked, "the latents with driven heads")
        if all_finite(self.runs) and all(map(never_moves, self.runs)):
            _demand_runs(self.kept)
            for run in self.kept:
                demand_answers(run.evaluated, 2, "evaluation mode where training mode has no noise")
        else:
            demand(not self.kept, "an end where z moves")


def _demand_runs(runs: Sequence[SamplingRun]) -> None:
    demand(tuple(run.latent_dims for run in runs) == LATENT_DIMS, "one run for each latent size")
    for run in runs:
        if run.build_failure is None:
            demand_answers(run.outputs, len(BATCHES), "an output for each batch")
            demand_answers(run.steered, len(LEVELS), "the latents at each noise level")
            demand_answers((run.repeated, run.copies), 2, "a batch once more, and copies of one image")
            demand_answers((run.alternating,), 1, "the latents at levels that alternate")
            demand_answers((run.rebuilt,), 1, "the latents of another module that is alike")
            demand_gradient(run.parameters, run.gradient)
        if run.line is not None:
            run.line.demand_complete()
        if run.moves is not None:
            run.moves.demand_complete(2)


def all_finite(runs: Sequence[SamplingRun]) -> bool:
    """Whether every steered latent is finite."""
    rows = (result.value for run in runs for result in run.steered)
    return all(value is None or bool(np.isfinite(value).all()) for value in rows)


def is_unmoved(run: SamplingRun) -> bool:
    """Whether steering the noise has changed nothing."""
    return _same(run.steered[0], run.steered[1])


def reaches_far(run: SamplingRun) -> bool:
    """Whether the run is asked for latents that lie far out."""
    built = run.build_failure is None and run.latent_dims == LATENT_DIMS[-1]
    return built and all(call.value is not None for call in run.steered) and is_plain(run) and not is_unmoved(run)


def never_moves(run: SamplingRun) -> bool:
    """Whether a run that could be built has the same latents at all noise levels and whenever it is called."""
    return run.build_failure is None and is_unmoved(run) and _same(run.outputs[1], run.repeated)


def is_plain(run: SamplingRun) -> bool:
    """Whether steering shows all about the noise: z moves in proportion to one draw, or nothing in it is random.

    Where a call gave no latents, there is nothing else to ask for.
    """
    calls = (*run.steered, run.alternating, run.copies)
    rows = [call.value.astype(np.float64) for call in calls if call.value is not None]
    *steered, copies = rows if len(rows) == len(calls) else [np.zeros(1)]
    if not steered or any(level.shape != steered[0].shape for level in steered):
        return True
    zero, one, *lower, again, alternating = steered
    if is_unmoved(run):
        return _same(run.outputs[1], run.repeated) and float(np.ptp(copies, axis=0).max()) < 1e-4
    rise = one - zero
    in_proportion = any(
        all(_alike(fallen - zero, rise * factor) for fallen, factor in zip(lower, factors, strict=True))
        for factors in _PROPORTIONS
    )
    turned = alternating - zero
    of_one_draw = np.any([np.isclose(turned, rise * factor, *_LIKE) for factor in _TURNED], axis=0)
    return in_proportion and _alike(again, zero) and bool(np.all(of_one_draw))


def needs_masks(run: SamplingRun) -> bool:
    """Whether a run that could be built is asked for its latents under masks."""
    return run.build_failure is None and (run.masks or not is_plain(run))


def _alike(one: Float64Array, other: Float64Array) -> bool:
    return bool(np.allclose(one, other, *_LIKE))


def _same(one: CallResult, other: CallResult) -> bool:
    return one.value is not None and other.value is not None and np.array_equal(one.value, other.value)


def inputs(seed: int, count: int) -> Float64Array:
    """A batch of ``count`` images, shape (count, 1, 28, 28).

    From four on, the last is as bright as digits are, so that hidden units come beyond what they may be held at.
    """
    batch = images(count, seed, KEY, "images", count).copy()
    if count > _MEAN_OF_FIRST_TWO:
        batch[-1:] = _BRIGHT * bold(1, seed, KEY, "bright", count)
    return batch


def far_images(seed: int) -> Float64Array:
    """The images that are encoded with heads that are driven."""
    return shades(seed, KEY, "far")


def directions(latent_dims: int) -> Float64Array:
    """Weights of the latents in the sum whose gradient is taken, shape (STEERED_IMAGES, latent_dims)."""
    return np.linspace(0.5, 1.5, STEERED_IMAGES * latent_dims).reshape(STEERED_IMAGES, latent_dims)
