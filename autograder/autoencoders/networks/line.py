"""What is seen of a network along a straight line through its inputs, for layers that are not the usual ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from math import prod

import numpy as np

from autograder.course.complete import demand
from autograder.course.observation import Array, Parameter

HIDDEN_UNITS = 512
_ASKED = 2
MOST_POINTS = 2000
TRACKED, SPREAD = 28, 600
# So many units may turn on or off beyond the ends of the line, or be too close to each other to be told apart.
MOST_MISSED = 7
# A function that has more than one bend between so many neighbours is curved.
MOST_OPEN = 20


@dataclass(frozen=True)
class Bends:
    """A function's values at points of a line, closer together where it bends; float64.

    Attributes:
        points: positions on the line, ascending, shape (n,).
        values: the outputs there, shape (n, at most TRACKED).
        slopes: their derivatives along the line, the same shape.
    """

    points: Array
    values: Array
    slopes: Array

    def demand_complete(self) -> None:
        """Demand arrays that fit each other.

        Raises:
            Incomplete: they do not.
        """
        arrays = self.points, self.values, self.slopes
        fits = self.values.ndim == 2 and 1 <= self.values.shape[1] <= TRACKED and 2 <= len(self.points) <= MOST_POINTS
        same = self.values.shape == self.slopes.shape and self.points.shape == self.values.shape[:1]
        demand(fits and same and all(array.dtype == np.float64 for array in arrays), "values and slopes along a line")


@dataclass(frozen=True)
class More:
    """What is seen besides of a network whose bends stand alone.

    Attributes:
        doubled: values and slopes at the same points with every parameter doubled.
        redrawn: the network under other weights, along the same line.
        spread: further derivatives at the first points, shape (n, SPREAD): of several outputs along the line, or of one
            by several inputs; zeros where there are more than SPREAD bends.
    """

    doubled: Bends
    redrawn: Bends
    spread: Array


@dataclass(frozen=True)
class LineScan:
    """A network along a line, under weights of its own.

    Attributes:
        end: the function at the network's end: all else is what comes before it.
        bends: where it bends.
        more: what tells why; ``None`` for a function that is curved, or bends more often than can be followed.
    """

    end: str
    bends: Bends
    more: More | None

    @property
    def is_wide(self) -> bool:
        """Whether there are more than SPREAD bends."""
        return self.more is not None and not self.more.spread.any()

    def demand_complete(self) -> None:
        """Demand every part.

        Raises:
            Incomplete: one is missing.
        """
        self.bends.demand_complete()
        if (more := self.more) is None:
            return
        for part in (more.doubled, more.redrawn):
            part.demand_complete()
            demand(part.values.shape[1] == self.bends.values.shape[1], "the same outputs each time")
        demand(np.array_equal(more.doubled.points, self.bends.points), "the same points twice")
        fits = more.spread.ndim == 2 and more.spread.shape == (len(self.bends.points), SPREAD)
        demand(fits and more.spread.dtype == np.float64, "further derivatives along a line")


def is_usual(parameters: Sequence[Parameter], inputs: int, outputs: Sequence[int], deepest: int) -> bool:
    """Whether the parameters are those of dense layers, one after the other, of whatever width.

    Such a network is recognised by its weights; any other is followed along a line.

    Args:
        parameters: what the module has registered, in any order.
        inputs: how many numbers go in.
        outputs: what the last layers give: one number for each layer that works on the hidden units.
        deepest: how many hidden layers can be recognised.
    """
    shapes = [one.shape for one in parameters if one.drawn]
    matrices = [frozenset(shape) for shape in shapes if len(shape) == 2 and 1 not in shape]
    biases = [shape for shape in shapes if len(shape) != 2 or 1 in shape]
    sides = frozenset().union(*matrices)
    if len(matrices) > len(outputs) + deepest or len(biases) > len(matrices):
        return False
    are_vectors = all(prod(shape) == max(shape) and max(shape) in sides for shape in biases)
    return not shapes or (are_vectors and any(_lead_to(order, inputs, outputs) for order in permutations(matrices)))


def has_usual_heads(parameters: Sequence[Parameter], inputs: int, latent_dims: int) -> bool:
    """Whether they are those of dense layers with two heads for so many latents each, or with one for both."""
    heads = ([latent_dims] * 2, [2 * latent_dims])
    return any(is_usual(parameters, inputs, outputs, deepest=1) for outputs in heads)


def is_deep(parameters: Sequence[Parameter]) -> bool:
    """Whether there are more matrices than asked for: further layers, or what is no chain of layers at all."""
    return _count_matrices(parameters) > _ASKED


def is_short(parameters: Sequence[Parameter]) -> bool:
    """Whether there are fewer: a layer is missing, not registered, or no dense one."""
    return _count_matrices(parameters) < _ASKED


def _count_matrices(parameters: Sequence[Parameter]) -> int:
    return sum(one.drawn and len(one.shape) == 2 and 1 not in one.shape for one in parameters)


def _lead_to(matrices: Sequence[frozenset[int]], inputs: int, outputs: Sequence[int]) -> bool:
    """Whether matrices with these sides, in this order, can lead from the inputs to the outputs."""
    size = inputs
    for matrix in matrices[: -len(outputs)]:
        if size not in matrix:
            return False
        size = next(iter(matrix - {size}), size)
    return [frozenset((size, output)) for output in outputs] == list(matrices[-len(outputs) :])
