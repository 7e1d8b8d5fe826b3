"""What students give to ``check`` and its kind: an exercise's key and a seed."""

import math

from autograder.course.course import UnknownExercise
from autograder.course.installed import course_with, own_course
from autograder.errors import UsageError

_LARGEST_SEED = 2**63


def exercise_key(key: object) -> str:
    """The key of an exercise; letters may be capital.

    Raises:
        UnknownExercise: there is none of that key.
        UsageError: it is no text, or an empty one.
    """
    if not isinstance(key, str) or not key.strip():
        keys = ", ".join(f'"{known}"' for known in own_course().keys)
        raise UsageError(f"an exercise is asked for by its key, a text in quotes; the keys are {keys}")
    for known in (key, key.strip().lower()):
        if known in course_with(known).keys:
            return known
    raise UnknownExercise(key, own_course().keys)


def seed_number(key: str, seed: object) -> int:
    """The seed of a probe; digits in quotes will do.

    Raises:
        UsageError: it is no number that a probe could have; the message names what was given in its place.
    """
    if isinstance(seed, str) and seed in own_course().keys:
        raise UsageError(f'one exercise at a time: check("{key}"), and check("{seed}") below it')
    whole = seed if isinstance(seed, int) and not isinstance(seed, bool) else _digits(seed)
    if whole is None or not -_LARGEST_SEED <= whole < _LARGEST_SEED:
        raise UsageError(
            f"seed={repr(seed)[:40]} is no seed: that is a whole number, such as the one beside a result. "
            f'Without one, check("{key}") will do.'
        )
    return whole


def number_of_points(points: object) -> float:
    """What an exercise is worth.

    Raises:
        UsageError: it is no number that nbgrader could take.
    """
    if isinstance(points, int | float) and not isinstance(points, bool) and 0 <= points < math.inf:
        return float(points)
    raise UsageError(f"points={repr(points)[:40]} is no number of points")


def _digits(seed: object) -> int | None:
    return int(seed) if isinstance(seed, str) and seed.strip().isdecimal() and len(seed) < 20 else None
