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
from autograder.judging.verdicts import (
    ExerciseResult,
    Judgement,
    Status,
    better_of_two,
    conclude,
    fail_all_checks,
    finding,
)


@dataclass(frozen=True)
class Look:
    """What came of one probe.

    Attributes:
        result: the exercise's result by it.
        final: whether another probe could say nothing else that counts.
    """

    result: ExerciseResult
    final: bool


@dataclass(frozen=True)
class GradedExercise:
    """An exercise's result and the seeds of the probes behind it."""

    result: ExerciseResult
    seeds: tuple[int, ...]


@cache
def blas() -> ThreadpoolController:
    """What holds NumPy's linear algebra to one thread; looked for once among the libraries that this process has."""
    return ThreadpoolController()


def second_seed(seed: int) -> int:
    """The seed on which a failed check is tried again."""
    return int(draws.generator(seed, "second look").integers(0, 2**31))


def grade(course: Course, exercise: Exercise, seed: int, observe: Callable[[int], Any]) -> GradedExercise:
    """Observe and judge an exercise in one process, as a notebook does; see ``look_twice``.

    Args:
        course: the course.
        exercise: the exercise.
        seed: seed of the first probe.
        observe: gives the observation for a seed, or a ``Failure`` where there is none.
    """
    return look_twice(exercise, seed, lambda chosen: judge_observation(course, exercise, chosen, observe(chosen)))


def look_twice(exercise: Exercise, seed: int, look: Callable[[int], Look]) -> GradedExercise:
    """An exercise's grade; where a check fails, another probe is looked at before it counts.

    Args:
        exercise: the exercise.
        seed: seed of the first probe.
        look: gives what comes of the probe of a seed.
    """
    first = look(seed)
    if first.final:
        return GradedExercise(first.result, (seed,))
    again = second_seed(seed)
    return GradedExercise(better_of_two(exercise, first.result, look(again).result), (seed, again))


def judge_observation(course: Course, exercise: Exercise, seed: int, seen: Any) -> Look:
    """What comes of an observation, or of the ``Failure`` in its place."""
    result = conclude(exercise, _judgement(course, exercise, seed, seen))
    return Look(result, isinstance(seen, Failure) or result.status in (Status.PASSED, Status.NOT_ATTEMPTED))


def undecided(exercise: Exercise) -> Look:
    """What comes of an observation that could not be judged within the limits that a judge has."""
    return Look(conclude(exercise, fail_all_checks(exercise, finding(exercise, "undecided"))), final=True)


def _judgement(course: Course, exercise: Exercise, seed: int, seen: Any) -> Judgement:
    if isinstance(seen, Failure):
        return judge_failure(exercise, seen)
    try:
        # One thread: sums in one order whatever the machine, and as many submissions at a time as there are cores.
        with np.errstate(all="ignore"), blas().limit(limits=1, user_api="blas"):
            judgement: Judgement = course.judge(exercise.key)(seed, seen)
            return judgement
    except (ArithmeticError, ValueError, IndexError, TypeError, KeyError) as error:
        # An observation of the right types whose numbers do not fit together, such as arrays of other lengths.
        odd = Failure("malformed", type(error).__name__, "its parts do not fit together")
        return judge_failure(exercise, odd)
