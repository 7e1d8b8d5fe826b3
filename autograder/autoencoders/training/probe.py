"""What a training function is tried with, and what is seen of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.autoencoders.probe_data import PIXELS, amplitudes, images
from autograder.course.complete import demand, demand_floats
from autograder.course.draws import Float64Array
from autograder.course.observation import Array, Failure

EPOCHS = 2
BATCHES = (4, 4, 3)
LATENT_DIMS = 3
AMPLITUDES = amplitudes(image=0.12, latent=0.5, bias=0.3)
# What of a function is recorded at most: its steps, the passes of each of them, and the images of each pass.
MOST_STEPS = MOST_PASSES = 64
MOST_ROWS = 64
# The numbers that the probe's model learns: two layers, with biases.
PARAMETERS = 2 * PIXELS * LATENT_DIMS + LATENT_DIMS + PIXELS


@dataclass(frozen=True)
class Forward:
    """One pass through the probe's model, its first ``MOST_ROWS`` images.

    Attributes:
        images: what the encoder was given, flattened, shape (batch, 784); ``None`` if it was not called.
        reconstruction: what the decoder returned, shape (batch, 784).
        gradient: the loss's gradient at the reconstruction, of the same shape; ``None`` if none arrived.
        kl: the value of the encoder's KL term in this pass; ``None`` for a plain autoencoder.
        kl_gradient: the loss's gradient at that value; ``None`` if none arrived.
    """

    images: Array | None
    reconstruction: Array
    gradient: Array | None
    kl: float | None = None
    kl_gradient: float | None = None


@dataclass(frozen=True)
class Step:
    """One call of an optimizer's ``step``.

    Attributes:
        forwards: the passes since the step before.
        used: the parameters' gradients that the optimizer found, flattened.
        arrived: the gradients that backward passes have sent since the step before, flattened.
        optimizer: which optimizer, numbered in order of appearance.
    """

    forwards: tuple[Forward, ...]
    used: Array
    arrived: Array
    optimizer: int


@dataclass(frozen=True)
class TrainingRun:
    """What a training function did with the probe's model.

    Attributes:
        failure: why it did not return, if so.
        steps: the optimizer's steps, in order.
        trailing: passes after the last step.
        returned: type name of what it returned; ``model`` where that is the model itself.
        stand_in_called: whether it called a model of the notebook's instead of the one it was given.
        own_model_trained: whether the student's own model could be trained with it; only tried where the probe's
            model does not have the interface that the student's code expects.
    """

    failure: Failure | None = None
    steps: tuple[Step, ...] = ()
    trailing: tuple[Forward, ...] = ()
    returned: str = ""
    stand_in_called: bool = False
    own_model_trained: bool = False

    def check_complete(self) -> None:
        """Demand steps and passes as the probe's model records them; a run may have any number of them, up to a bound.

        Raises:
            Incomplete: something is missing, or is not what ``observe`` gives.
        """
        demand(len(self.steps) <= MOST_STEPS, "an end to its steps")
        for step in self.steps:
            demand_floats(step.used, (PARAMETERS,), "the gradients that a step used")
            demand_floats(step.arrived, (PARAMETERS,), "the gradients that arrived before a step")
        for forwards in (*(step.forwards for step in self.steps), self.trailing):
            demand(len(forwards) <= MOST_PASSES, "an end to the passes of a step")
            for forward in forwards:
                _demand_pass(forward)


def _demand_pass(forward: Forward) -> None:
    rows = range(1, MOST_ROWS + 1)
    demand_floats(forward.reconstruction, (rows, PIXELS), "the reconstruction of a pass")
    if forward.images is not None:
        demand_floats(forward.images, (rows, PIXELS), "the images of a pass")
    if forward.gradient is not None:
        demand_floats(forward.gradient, forward.reconstruction.shape, "the gradient at each number of a pass")
    demand(forward.kl is not None or forward.kl_gradient is None, "the KL that a gradient arrived at")


def batches(seed: int, exercise: str) -> list[Float64Array]:
    """The probe's images in the order in which a loader gives them, each (batch, 1, 28, 28)."""
    drawn = images(sum(BATCHES), seed, exercise, "images")
    return [drawn[start : start + size] for start, size in _spans(BATCHES)]


def _spans(sizes: Sequence[int]) -> list[tuple[int, int]]:
    return [(sum(sizes[:place]), size) for place, size in enumerate(sizes)]
