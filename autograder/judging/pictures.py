"""A picture of what was observed, where it says more than the message."""

from dataclasses import replace
from typing import Any

import numpy as np

from autograder.course.course import Course
from autograder.course.observation import Failure
from autograder.judging.grading import Look, blas

# An observation may be complete and yet hold numbers that nothing can be drawn of.
_NOTHING_TO_DRAW = (ArithmeticError, ValueError, IndexError, TypeError, KeyError, MemoryError)


def with_picture(course: Course, key: str, seed: int, seen: Any, look: Look) -> Look:
    """The look, its result with a picture where one of its named mistakes has one.

    Args:
        course: the course.
        key: the exercise's.
        seed: the probe's.
        seen: the observation that was judged.
        look: what came of it.
    """
    named = (check.misconception for check in look.result.checks if not check.passed and check.misconception)
    mistakes = frozenset(name.rpartition("/")[2] for name in named)
    if isinstance(seen, Failure) or not mistakes:
        return look
    try:
        with np.errstate(all="ignore"), blas().limit(limits=1, user_api="blas"):
            picture = course.picture(key, seed, seen, mistakes)
    except _NOTHING_TO_DRAW:
        return look
    return look if picture is None else replace(look, result=replace(look.result, picture=picture))
