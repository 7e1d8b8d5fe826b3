"""Grading one exercise: observe, judge, and look twice before points are lost."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder import probes
from autograder.exercises.catalogue import judge_of
from autograder.exercises.definition import Exercise
from autograder.exercises.judgement import ExerciseResult, Status, conclude, reconcile


@dataclass(frozen=True)
class Graded:
    """An exercise's result and the seeds of the probes behind it."""

    result: ExerciseResult
    seeds: tuple[int, ...]


def second_seed(seed: int) -> int:
    """The seed on which a failed check is tried again."""
    return int(probes.generator(seed, "second look").integers(0, 2**31))


def grade(exercise: Exercise, seed: int, observe: Callable[[int], Any]) -> Graded:
    """Judge an exercise; where a check fails, look once more with another probe before it counts.

    Args:
        exercise: the exercise.
        seed: seed of the first probe.
        observe: gives the observation for a seed.
    """
    judge = judge_of(exercise.key)
    first = conclude(exercise, judge(seed, observe(seed)))
    if first.status in (Status.PASSED, Status.NOT_ATTEMPTED):
        return Graded(first, (seed,))
    again = second_seed(seed)
    return Graded(reconcile(first, conclude(exercise, judge(again, observe(again)))), (seed, again))
