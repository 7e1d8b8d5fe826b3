"""Grading one exercise: observe, judge, and look a second time before points are lost."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from autograder.course import draws
from autograder.course.course import Course
from autograder.course.exercise import Exercise
from autograder.course.observation import Failure
from autograder.judging.failures import judge_failure
from autograder.judging.verdicts import ExerciseResult, Judgement, Status, better_of_two, conclude


@dataclass(frozen=True)
class GradedExercise:
    """An exercise's result and the seeds of the probes behind it."""

    result: ExerciseResult
    seeds: tuple[int, ...]


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def second_seed(seed: int) -> int:
    """The seed on which a failed check is tried again."""
    return int(draws.generator(seed, "second look").integers(0, 2**31))


def grade(course: Course, exercise: Exercise, seed: int, observe: Callable[[int], Any]) -> GradedExercise:
    """Judge an exercise; where a check fails, look once more with another probe before it counts.

    Args:
        course: the course.
        exercise: the exercise.
        seed: seed of the first probe.
        observe: gives the observation for a seed, or a ``Failure`` where there is none.
    """
    first_seen = observe(seed)
    first = _judged(course, exercise, seed, first_seen)
    if first.status in (Status.PASSED, Status.NOT_ATTEMPTED) or isinstance(first_seen, Failure):
        return GradedExercise(first, (seed,))
    again = second_seed(seed)
    second = _judged(course, exercise, again, observe(again))
    return GradedExercise(better_of_two(exercise, first, second), (seed, again))


def _judged(course: Course, exercise: Exercise, seed: int, seen: Any) -> ExerciseResult:
    return conclude(exercise, _judgement(course, exercise, seed, seen))


def _judgement(course: Course, exercise: Exercise, seed: int, seen: Any) -> Judgement:
    if isinstance(seen, Failure):
        return judge_failure(exercise, seen)
    try:
        # One thread: sums in one order whatever the machine, and as many submissions at a time as there are cores.
        with np.errstate(all="ignore"), _blas().limit(limits=1, user_api="blas"):
            judgement: Judgement = course.judge(exercise.key)(seed, seen)
            return judgement
    except (ArithmeticError, ValueError, IndexError, TypeError, KeyError) as error:
        # An observation of the right types whose numbers do not fit together, such as arrays of other lengths.
        odd = Failure("malformed", type(error).__name__, "its parts do not fit together")
        return judge_failure(exercise, odd)
