"""What the KL term is tried with, and what is seen of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from autograder.autoencoders.networks.mendable import demand_slips, depends_on_numbers
from autograder.autoencoders.networks.moves import Moves
from autograder.autoencoders.probe_data import DRIVEN, FAINT, FAR_IMAGES, amplitudes, bold, head_weights, images, shades
from autograder.course.complete import demand, demand_answers, demand_gradient
from autograder.course.draws import Float64Array
from autograder.course.observation import NOTHING, CallResult, Failure, Parameter

KEY = "kl"
AMPLITUDES = amplitudes(image=0.25, latent=0.035)
# With these, whatever a head gives is positive.
POSITIVE = amplitudes(image=0.02, latent=0.003, least=0.0)
# With these, images whose pixels run to 255 give latents of a size from which rounding leaves σ.
CALM = amplitudes(image=0.08 / 255.0, latent=0.035)
LATENT_DIMS = (2, 7)
BATCHES = {2: (1, 5, 12), 7: (1, 2, 3, 5, 12, 30)}
GRADIENT_BATCH = 12
# These images are black and white, and mostly white: latents reach further than those of other images.
BOLD_BATCH = 30
LEVELS = (0.0, 1.0)
# Some images are also encoded with a head driven to either side: together at these levels, and one by one for their KL.
FAR_LEVELS = (0.0, FAINT)
# With all parameters so small μ is nearly 0 and σ nearly 1, where the divergence is nearly 0.
SMALLER = 1.0 / 64.0


@dataclass(frozen=True)
class Batch:
    """One batch of images, encoded at several noise levels: each of ``LEVELS``, in that order.

    Attributes:
        latents: what ``forward`` returned.
        values: what ``kl`` held after it.
    """

    latents: tuple[CallResult, ...] = ()
    values: tuple[CallResult, ...] = ()


@dataclass(frozen=True)
class KlRun:
    """One variational encoder, built for one latent size and loaded with the probe's weights.

    Attributes:
        latent_dims: the latent size L.
        build_failure: why it could not be built, if so.
        parameters: what the module has registered.
        batches: one for each of the latent size's ``BATCHES``.
        again: the first of the batches at the first level once more, right after it.
        forward: what a plain call of the module gave.
        gradient: for each parameter the sum of absolute values of the gradient of ``kl`` for ``GRADIENT_BATCH``
            images.
        gradient_failure: why that gradient could not be taken, if so.
        again_failure: why the same could not be done a second time, if so, after it could a first time.
        gradient_reached: whether ``forward`` came as far as z then.
        latent_gradient: the same for the gradient of the latents' sum as ``gradient`` for that of ``kl``.
        far: for the largest latent size, with one head after the other driven down, and up: latents of ``far_images``
            at ``FAR_LEVELS``, and ``kl`` of each.
        near: ``kl`` of one image with all parameters ``SMALLER`` times themselves.
        lowest: ``kl`` of every batch with uniform draws at the lower end of their range, where noise moves it.
        moves: how Σ ½μ², Σ (½σ² - log σ) and ``kl`` move with each of its parameters, where these are not those of the
            usual layers.
    """

    latent_dims: int
    build_failure: Failure | None = None
    parameters: tuple[Parameter, ...] = ()
    batches: tuple[Batch, ...] = ()
    again: Batch = Batch()
    forward: CallResult = NOTHING
    gradient: tuple[float, ...] = ()
    gradient_failure: Failure | None = None
    again_failure: Failure | None = None
    gradient_reached: bool = True
    latent_gradient: tuple[float, ...] = ()
    far: tuple[Batch, ...] = ()
    near: CallResult = NOTHING
    lowest: tuple[CallResult, ...] = ()
    moves: Moves | None = None


# Where a divergence is that is not kept in ``kl``.
Where = Literal["variable", "attribute", "class", "returned", "thrown away", "after return", "in evaluation"]


@dataclass(frozen=True)
class Unkept:
    """A divergence that is not kept in ``kl``.

    Attributes:
        where: where it is.
        name: of the variable or attribute, where it is in one.
        is_likely: whether that name speaks of a divergence, or ``kl`` is set in another case than in training.
    """

    where: Where
    name: str = ""
    is_likely: bool = True


@dataclass(frozen=True)
class Observation:
    """The runs, one for each latent size.

    Attributes:
        runs: under weights of either sign.
        positive: the same under ``POSITIVE`` weights, where ``runs`` show a ``kl`` that is not finite.
        calm: the same under ``CALM`` weights, where these do so, too.
        slips: what had stopped the class, where it was mended to see the rest.
        slips_before_z: whether that came before there was a sample, so that it is the first half's.
        unkept: what ``kl`` does not hold, where the class was tried as if it did.
    """

    runs: tuple[KlRun, ...]
    positive: tuple[KlRun, ...] = ()
    calm: tuple[KlRun, ...] = ()
    slips: tuple[Failure, ...] = ()
    slips_before_z: bool = False
    unkept: Unkept | None = None

    @property
    def keeps_nothing(self) -> bool:
        """Whether ``forward`` comes to its end and ``kl`` is what the constructor has put there, or is not there."""
        return all(map(_keeps_nothing, self.runs))

    @property
    def reaches_z(self) -> bool:
        """Whether there was a sample of every batch, whatever came of ``kl``."""
        latents = [one.value for batch in self.runs[0].batches for one in batch.latents]
        return bool(latents) and all(value is not None for value in latents)

    @property
    def shows_nothing(self) -> bool:
        """Whether an exception has kept ``kl`` from being computed, or some batch from being sampled."""
        first = self.runs[0]
        kept = [one.value for batch in first.batches for one in batch.values]
        # What the constructor has put there stays as it is.
        is_computed = len({None if one is None else one.tobytes() for one in kept}) > 1
        stops = any(one.failure is not None for batch in first.batches for one in batch.latents)
        if first.build_failure is not None or stops or (first.forward.failure is not None and not is_computed):
            return True
        return any(depends_on_numbers(run.forward.failure) for run in self.runs)

    def check_complete(self) -> None:
        """Demand every batch at every level of the run for each latent size, or why that could not be built.

        Raises:
            Incomplete: something is missing, or is not what ``observe`` gives.
        """
        _demand_runs(self.runs)
        demand_slips(self)
        demand(bool(self.slips) or not self.slips_before_z, "slips, where they came before z")
        demand(self.unkept is None or not self.keeps_nothing, "a `kl` where it was tried as if kept")
        if all_finite(self.runs):
            demand(not self.positive, "an end where all is finite")
        else:
            _demand_runs(self.positive)
        if all_finite(self.positive):
            demand(not self.calm, "an end where all is finite")
        else:
            _demand_runs(self.calm)


def is_initial(kept: CallResult) -> bool:
    """Whether ``kl`` holds nothing, or the 0 of a constructor."""
    empty = kept.value is None or not np.any(kept.value)
    return kept.failure is None and kept.returned in ("int", "float", "NoneType") and empty


def _keeps_nothing(run: KlRun) -> bool:
    if run.build_failure is not None or run.forward.failure is not None or not run.batches:
        return False
    kept = [one for batch in run.batches for one in batch.values]
    is_absent = all(one.failure is not None and one.failure.error == "AttributeError" for one in kept)
    return is_absent or all(map(is_initial, kept))


def _demand_runs(runs: Sequence[KlRun]) -> None:
    demand(tuple(run.latent_dims for run in runs) == LATENT_DIMS, "one run for each latent size")
    for run in runs:
        if run.build_failure is None:
            demand(len(run.batches) == len(BATCHES[run.latent_dims]), "each batch")
            for batch, levels in (*((batch, LEVELS) for batch in run.batches), (run.again, LEVELS[:1])):
                demand_answers((*batch.latents, *batch.values), 2 * len(levels), "the latents and the KL of a batch")
                demand(len(batch.latents) == len(levels), "as many latents as noise levels")
            demand_answers((run.forward,), 1, "what a plain call gives")
            demand_gradient(run.parameters, run.gradient)
            demand_gradient(run.parameters, run.latent_gradient)
            _demand_far(run)
            moved = len(run.batches) if moves_with_noise(run.batches) else 0
            demand_answers(run.lowest, moved, "the KL of a batch with the lowest draws")
            demand_answers((run.near,), 1, "the KL of an image with small parameters")
            if run.moves is not None:
                run.moves.demand_complete(3)
            demand(run.gradient_reached or run.gradient_failure is not None, "what stopped the gradient's run")


def _demand_far(run: KlRun) -> None:
    places = head_weights(run.parameters, run.latent_dims) if reaches_far(run.latent_dims) else []
    demand(len(run.far) == len(DRIVEN) * len(places), "each head driven to either side")
    for batch in run.far:
        demand_answers(batch.latents, len(FAR_LEVELS), "the latents with driven heads")
        demand_answers(batch.values, FAR_IMAGES, "the KL of each image with driven heads")


def all_finite(runs: Sequence[KlRun]) -> bool:
    """Whether every value of ``kl`` is finite."""
    kept = (result.value for run in runs for batch in run.batches for result in batch.values)
    return all(value is None or bool(np.isfinite(value).all()) for value in kept)


def reaches_far(latent_dims: int) -> bool:
    """Whether a run with so many latents has its heads driven."""
    return latent_dims == LATENT_DIMS[-1]


def moves_with_noise(batches: Sequence[Batch]) -> bool:
    """Whether ``kl`` is another number with noise than without."""
    for zero, one in ((kept.numbers for kept in batch.values) for batch in batches):
        if zero is not None and one is not None and zero.shape == one.shape and not np.allclose(zero, one):
            return True
    return False


def inputs(seed: int, count: int) -> Float64Array:
    """A batch of ``count`` images, shape (count, 1, 28, 28)."""
    if count == BOLD_BATCH:
        return bold(count, seed, KEY, "bold")
    return images(count, seed, KEY, "images", count)


def far_images(seed: int) -> Float64Array:
    """The images that are encoded with heads that are driven."""
    return shades(seed, KEY, "far")
