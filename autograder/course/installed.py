"""The installed courses: packages that name a ``Course`` in the entry point group ``autograder.courses``."""

import copyreg
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from autograder.course.course import Course
from autograder.errors import UsageError

GROUP = "autograder.courses"
_DISTRIBUTION = "autoencoder-autograder"


class UnknownCourse(UsageError):
    """No installed course has that key."""


@cache
def find_course(key: str) -> Course:
    """The installed course of that key.

    Raises:
        UnknownCourse: there is none, or it cannot be loaded.
    """
    found = {entry.name: entry for entry in _entries()}
    if key not in found:
        raise UnknownCourse(f"no course {key!r} is installed; there is {', '.join(sorted(found)) or 'none'}")
    return _loaded(found[key])


@cache
def own_course() -> Course:
    """The course that comes with this package.

    Raises:
        UnknownCourse: this package is not installed as pip installs it.
    """
    for entry in _entries():
        if entry.dist is not None and entry.dist.name == _DISTRIBUTION:
            return _loaded(entry)
    raise UnknownCourse(f"{_DISTRIBUTION} is not installed completely; `pip install` it again")


@cache
def course_with(exercise: str) -> Course:
    """The course that has an exercise of that key: the package's own before others, and where none has it."""
    own = own_course()
    if exercise in own.keys:
        return own
    for entry in _entries():
        with suppress(UnknownCourse):  # one that cannot be loaded has nothing to offer
            if exercise in (course := find_course(entry.name)).keys:
                return course
    return own


def _by_key(course: Course) -> tuple[Callable[[str], Course], tuple[str]]:
    return find_course, (course.key,)


# A course that travels to another machine is the one that is installed there.
copyreg.pickle(Course, _by_key)


def _entries() -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=GROUP))


def _loaded(entry: EntryPoint) -> Course:
    try:
        course = entry.load()
    except Exception as error:  # it is somebody else's code
        raise UnknownCourse(f"course {entry.name!r} cannot be loaded: {type(error).__name__}: {error}") from None
    if not isinstance(course, Course):
        raise UnknownCourse(f"course {entry.name!r}: {entry.value} is no Course")
    return course
