"""What a training function is tried with, and what is seen of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from autograder.autoencoders.probe_data import PIXELS, amplitudes, strokes
from autograder.autoencoders.training.slips import slip_to_mend
from autograder.course.complete import demand, demand_floats
from autograder.course.draws import Float64Array
from autograder.course.observation import Array, Failure

EPOCHS = 2
BATCHES = (4, 4, 3)
LATENT_DIMS = 3
AMPLITUDES = amplitudes(image=0.12, latent=0.5, bias=0.3)
# The encoder's matrix is larger than that, so that latents lie beyond whatever they might be cut off at.
STRETCH = 25.0
# What stands for the KL term is this much of the summed squares of the latents, and 1: less than any error.
KL_WEIGHT = 0.05
# What of a function is recorded at most: its steps, the passes of each of them, and the images of each pass.
MOST_STEPS = MOST_PASSES = 64
MOST_ROWS = 64
# The numbers that the probe's model learns: two layers, with biases.
PARAMETERS = 2 * PIXELS * LATENT_DIMS + LATENT_DIMS + PIXELS


# How large each of its weights' arrays is, in the order of the model's parameters.
SHAPES = ((LATENT_DIMS, PIXELS), (LATENT_DIMS,), (PIXELS, LATENT_DIMS), (PIXELS,))


@dataclass(frozen=True)
class Forward:
    """One pass through the probe's model, its first ``MOST_ROWS`` images, or a call of one of its halves.

    Attributes:
        images: what the encoder was given, flattened, shape (batch, 784); ``None`` if it was not called.
        reconstruction: what the decoder returned, shape (batch, 784); ``None`` if it was not called.
        gradient: the loss's gradient at the reconstruction, of the same shape; ``None`` if none arrived.
        kl: the value of the encoder's KL term in this pass; ``None`` for a plain autoencoder.
        kl_gradient: the loss's gradient at that value; ``None`` if none arrived.
        is_rough: whether it was computed in half precision.
        is_late: whether a gradient arrived at the reconstruction only after the step that followed.
        is_cut: whether no gradient can go from the decoder on to the encoder, whose weights may be trained.
    """

    images: Array | None
    reconstruction: Array | None
    gradient: Array | None
    kl: float | None = None
    kl_gradient: float | None = None
    is_rough: bool = False
    is_late: bool = False
    is_cut: bool = False


@dataclass(frozen=True)
class Step:
    """One call of an optimizer's ``step``; what belongs to all parameters is flattened, in their order.

    Attributes:
        forwards: the passes since the step before.
        used: the parameters' gradients that the optimizer found.
        arrived: the gradients that backward passes have sent since the step before.
        optimizer: which optimizer, numbered in order of appearance; -1 for weights that were changed by hand.
        held: for each parameter whether it is one of the optimizer's.
        weights: the parameters before the step.
        late_kl: the size of the gradient that has arrived at KL terms of passes before the step before.
        moved: for each parameter the largest change that the step made.
        along: the product of that change and ``used``: negative where the step goes downhill.
        was_cleared: whether gradients that had arrived were cleared before others arrived.
    """

    forwards: tuple[Forward, ...]
    used: Array
    arrived: Array
    optimizer: int
    held: tuple[bool, ...]
    weights: Array
    late_kl: float = 0.0
    moved: tuple[float, ...] = (0.0,) * len(SHAPES)
    along: float = 0.0
    was_cleared: bool = False


@dataclass(frozen=True)
class Slip:
    """A slip that stopped a function, and that was mended in its text.

    Attributes:
        failure: how it stopped.
        part: to which part of the function the line belongs.
        name: the misconception that this shows, where that is another one than the error tells, or what was put in.
    """

    failure: Failure
    part: Literal["loss", "loop"] = "loss"
    name: str = ""


@dataclass(frozen=True)
class TrainingRun:
    """What a training function did with the probe's model.

    Attributes:
        failure: why it did not return, if so.
        steps: the optimizer's steps, in order, the first ``MOST_STEPS``.
        step_count: how many there were.
        trailing: passes after the last step.
        loss: the value of the student's local variable ``loss`` where the function did not return; ``None`` if that
            is no single number.
        returned: type name of what it returned; ``model`` where that is the model itself.
        never_sent: whether no loss was sent backwards; then those that stood in ``loss`` at each step are, at the end.
        stand_in_called: whether it called a model of the notebook's instead of the one it was given.
        other_model: whether that was so, and this is a run in which it uses the one that it was given.
        own_model_trained: whether the student's own model could be trained with it; only tried where the probe's
            model does not have what the student's code expects.
        mended: why the function stopped at first, where that is a slip; this is a run without it.
        rewritten: the slips that stopped the function, one after the other, where lines of it were mended; this is a
            run without them.
        cut: the part of the loss, ``kl``, ``reconstruction`` or ``all``, that sent no gradient and sends one where
            nothing makes a number of a tensor or cuts it off; this is a run in which nothing does.
    """

    failure: Failure | None = None
    steps: tuple[Step, ...] = ()
    step_count: int = 0
    trailing: tuple[Forward, ...] = ()
    loss: float | None = None
    returned: str = ""
    never_sent: bool = False
    stand_in_called: bool = False
    other_model: bool = False
    own_model_trained: bool = False
    mended: Failure | None = None
    rewritten: tuple[Slip, ...] = ()
    cut: Literal["", "kl", "reconstruction", "all"] = ""

    @property
    def parts_sent(self) -> frozenset[str]:
        """The parts of the loss, ``kl`` and ``reconstruction``, that some step had a gradient of."""
        every = [one for step in self.steps for one in step.forwards]
        found = {"kl": any(one.kl_gradient for one in every)}
        found["reconstruction"] = any(one.gradient is not None for one in every)
        return frozenset(part for part, is_sent in found.items() if is_sent)

    @property
    def is_of_another_model(self) -> bool:
        """Whether it called a model of the notebook's alone."""
        called = bool(self.trailing) or any(step.forwards for step in self.steps)
        return self.stand_in_called and not called

    @property
    def slip_names(self) -> frozenset[str]:
        """The names of the slips that were mended in its text, as far as they have one."""
        return frozenset(slip.name for slip in self.rewritten if slip.name)

    @property
    def has_sent(self) -> bool:
        """Whether a gradient has arrived after the last step."""
        return any(one.gradient is not None or one.kl_gradient is not None for one in self.trailing)

    @property
    def is_finite(self) -> bool:
        """Whether every gradient that has arrived holds numbers alone."""
        return all(bool(np.isfinite(step.arrived).all()) for step in self.steps)

    @property
    def shows_its_loss(self) -> bool:
        """Whether it took steps, or sent gradients to the end."""
        return bool(self.steps) or (self.failure is None and self.has_sent)

    def check_complete(self) -> None:
        """Demand steps and passes as the probe's model records them; a run may have any number of them, up to a bound.

        Raises:
            Incomplete: something is missing, or is not what ``observe`` gives.
        """
        if self.mended is not None:
            demand(bool(slip_to_mend(self.mended)) and self.shows_its_loss, "a known slip, and a run without it")
        for slip in self.rewritten:
            demand(slip.failure.kind == "raised" and self.shows_its_loss, "a slip, and a run without it")
        demand(not self.other_model or self.shows_its_loss, "a run with its argument")
        demand(not self.cut or (self.mended is None and bool(self.parts_sent)), "a run that shows what was cut off")
        demand(len(self.steps) == min(self.step_count, MOST_STEPS), "each of its steps, up to a bound")
        for step in self.steps:
            demand_floats(step.used, (PARAMETERS,), "the gradients that a step used")
            demand_floats(step.arrived, (PARAMETERS,), "the gradients that arrived before a step")
            demand_floats(step.weights, (PARAMETERS,), "the weights before a step")
            demand(len(step.held) == len(step.moved) == len(SHAPES), "what a step did to each parameter")
        for forwards in (*(step.forwards for step in self.steps), self.trailing):
            demand(len(forwards) <= MOST_PASSES, "an end to the passes of a step")
            for forward in forwards:
                _demand_pass(forward)


def _demand_pass(forward: Forward) -> None:
    rows = range(1, MOST_ROWS + 1)
    demand(forward.images is not None or forward.reconstruction is not None, "what was encoded or decoded")
    if forward.reconstruction is not None:
        demand_floats(forward.reconstruction, (rows, PIXELS), "the reconstruction of a pass")
    if forward.images is not None:
        demand_floats(forward.images, (rows, PIXELS), "the images of a pass")
    if forward.gradient is not None:
        demand(forward.reconstruction is not None, "the reconstruction that a gradient arrived at")
        assert forward.reconstruction is not None
        demand_floats(forward.gradient, forward.reconstruction.shape, "the gradient at each number of a pass")
    demand(forward.kl is not None or forward.kl_gradient is None, "the KL that a gradient arrived at")


def batches(seed: int, exercise: str) -> list[Float64Array]:
    """The probe's images in the order in which a loader gives them, each (batch, 1, 28, 28)."""
    drawn = strokes(sum(BATCHES), seed, exercise, "images")
    return [drawn[start : start + size] for start, size in _spans(BATCHES)]


def _spans(sizes: Sequence[int]) -> list[tuple[int, int]]:
    return [(sum(sizes[:place]), size) for place, size in enumerate(sizes)]
