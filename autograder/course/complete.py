"""Whether an observation holds all that its probe asks for: what is missing must never count as passed.

An observation comes from a process in which student code has run, which may have changed whatever makes observations
there: the constants that say how many runs there are, the calls, the recorders. So each exercise's ``Observation`` has
a method ``check_complete`` that demands every run and call of the probe, in the shapes that the grader's own code gives
them. ``Course.judge`` calls it before a judge sees anything.
"""

from collections.abc import Sequence

import numpy as np

from autograder.course.draws import can_be_drawn
from autograder.course.observation import LARGEST_ARRAY, Array, CallResult, Parameter


class Incomplete(ValueError):
    """An observation lacks what its probe asks for, or holds what the grader's own code does not send."""


def demand(holds: bool, what: str) -> None:
    """Demand a part of an observation, named in words.

    Raises:
        Incomplete: it is not there.
    """
    if not holds:
        raise Incomplete(f"without {what}")


def demand_answers(results: Sequence[CallResult], count: int, what: str) -> None:
    """Demand that each of so many calls was made: it gave a tensor, or something else, or it stopped.

    Raises:
        Incomplete: there are fewer, or more, or one was not made.
    """
    demand(len(results) == count and all(map(_is_answer, results)), what)


def _is_answer(result: CallResult) -> bool:
    if result.value is None:
        return result.failure is not None or result.returned not in ("Tensor", "")
    numbers = result.value
    return result.failure is None and numbers.dtype in (np.float32, np.int64) and numbers.size <= LARGEST_ARRAY


def demand_floats(array: Array, shape: tuple[int | range, ...], what: str) -> None:
    """Demand an array of float32 with these sizes, each of them a number or the range that it lies in.

    Raises:
        Incomplete: it has another shape, or numbers of another type.
    """
    fits = len(array.shape) == len(shape) and all(map(_is_size, array.shape, shape))
    demand(fits and array.dtype == np.float32, what)


def _is_size(got: int, asked: int | range) -> bool:
    return got in asked if isinstance(asked, range) else got == asked


def demand_gradient(parameters: Sequence[Parameter], gradient: Sequence[float]) -> None:
    """Demand parameters that a worker would have loaded, and for each the sum of its gradient's absolute values.

    Raises:
        Incomplete: there are too many or too large ones, or their gradients are others'.
    """
    demand(can_be_drawn([parameter.shape for parameter in parameters]), "parameters that can be loaded")
    demand(len(gradient) == len(parameters) and not any(size < 0.0 for size in gradient), "each parameter's gradient")
