"""Grading one exercise: observe, judge, and look twice before points are lost."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from autograder import probes
from autograder.exercises.catalogue import judge_of
from autograder.exercises.definition import Exercise
from autograder.exercises.failures import judge_failure
from autograder.exercises.judgement import ExerciseResult, Status, conclude, reconcile
from autograder.exercises.observation import Failure


@dataclass(frozen=True)
class Graded:
    """An exercise's result and the seeds of the probes behind it."""

    result: ExerciseResult
    seeds: tuple[int, ...]


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def second_seed(seed: int) -> int:
    """The seed on which a failed check is tried again."""
    return int(probes.generator(seed, "second look").integers(0, 2**31))


def grade(exercise: Exercise, seed: int, observe: Callable[[int], Any]) -> Graded:
    """Judge an exercise; where a check fails, look once more with another probe before it counts.

    Args:
        exercise: the exercise.
        seed: seed of the first probe.
        observe: gives the observation for a seed, or a ``Failure`` where there is none.
    """
    first_seen = observe(seed)
    first = _judged(exercise, seed, first_seen)
    if first.status in (Status.PASSED, Status.NOT_ATTEMPTED) or isinstance(first_seen, Failure):
        return Graded(first, (seed,))
    again = second_seed(seed)
    return Graded(reconcile(first, _judged(exercise, again, observe(again))), (seed, again))


def _judged(exercise: Exercise, seed: int, seen: Any) -> ExerciseResult:
    if isinstance(seen, Failure):
        return conclude(exercise, judge_failure(exercise, seen))
    try:
        # One thread: sums in one order whatever the machine, and as many submissions at a time as there are cores.
        with np.errstate(all="ignore"), _blas().limit(limits=1, user_api="blas"):
            return conclude(exercise, judge_of(exercise.key)(seed, seen))
    except (ArithmeticError, ValueError, IndexError, TypeError, KeyError) as error:
        # An observation of the right types whose numbers do not fit together, such as arrays of other lengths.
        odd = Failure("malformed", type(error).__name__, "its parts do not fit together")
        return conclude(exercise, judge_failure(exercise, odd))
