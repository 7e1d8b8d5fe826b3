"""How the numbers that a network gives move with its parameters: what is to be seen, and what autograd says of it.

Where something is cut from the graph, numbers move with a parameter that autograd knows nothing of. That shows whatever
the layers are, so it is asked of networks that are not recognised by their weights.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from autograder.course.complete import demand
from autograder.course.draws import Float64Array
from autograder.course.observation import Array

MOST_PARAMETERS = 100

# A difference is as exact as that, beside what it should be and beside the parameter that moves a number most.
_RTOL, _ATOL = 3e-3, 1e-4
# What moves a number less than that, beside the parameter that moves it most, does not move it.
_STILL = 1e-6

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Moves:
    """How much each of some numbers moves while each parameter is moved a little, in a direction of its own; float64.

    Attributes:
        seen: the difference of the number, by how far the parameter was moved, shape (numbers, parameters).
        recorded: what the gradient says that it is, the same shape.
    """

    seen: Array
    recorded: Array

    def demand_complete(self, numbers: int) -> None:
        """Demand so many numbers, and for each the same parameters.

        Raises:
            Incomplete: something is missing.
        """
        shape = self.seen.shape
        fits = len(shape) == 2 and shape[0] == numbers and 0 < shape[1] <= MOST_PARAMETERS
        doubles = self.seen.dtype == self.recorded.dtype == np.float64
        demand(fits and self.recorded.shape == shape and doubles, "how numbers move with each parameter")

    @property
    def is_finite(self) -> bool:
        """Whether all of it are numbers."""
        return bool(np.isfinite(self.seen).all() and np.isfinite(self.recorded).all())

    def moving(self, number: int) -> Mask:
        """Which parameters move a number, shape (parameters,)."""
        seen: Float64Array = np.abs(self.seen[number])
        moving: Mask = seen > _STILL * seen.max()
        return moving

    def missing(self, number: int) -> Mask:
        """Which of these the gradient knows nothing of."""
        unknown: Mask = np.abs(self.recorded[number]) <= _STILL * np.abs(self.seen[number])
        return self.moving(number) & unknown


def same(got: Float64Array, expected: Float64Array) -> Mask:
    """Which of two series of moves are alike, as far as differences can say."""
    alike: Mask = np.abs(got - expected) <= _RTOL * np.abs(expected) + _ATOL * np.abs(expected).max(initial=0.0)
    return alike


def share(got: Float64Array, expected: Float64Array) -> float:
    """How many times what is expected is there, on the whole."""
    return float((got * expected).sum() / ((expected * expected).sum() + 1e-300))
