"""What goes beyond the hints of an exercise: a similar problem solved, and other ways; ``help.toml`` in its folder."""

import tomllib
from dataclasses import dataclass
from functools import cache
from textwrap import dedent

from autograder.course.course import Course
from autograder.course.exercise import Exercise

_FILE = "help.toml"


@dataclass(frozen=True)
class Example:
    """Another problem of the same form, solved; nothing of it can be handed in as it is.

    Attributes:
        about: the problem.
        code: its solution.
    """

    about: str
    code: str


@dataclass(frozen=True)
class Way:
    """Another way to write a right answer, told once the student has one.

    Attributes:
        code: the part of it that differs.
        when: when it is the better one.
    """

    code: str
    when: str


@dataclass(frozen=True)
class Lesson:
    """An exercise's example, and its other ways."""

    example: Example
    ways: tuple[Way, ...]


@cache
def lesson_of(course: Course, exercise: Exercise) -> Lesson | None:
    """An exercise's lesson; ``None`` where it has none."""
    path = course.folder / "exercises" / exercise.key / _FILE
    if not path.exists():
        return None
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    example = Example(data["example"]["about"], _code(data["example"]["code"]))
    return Lesson(example, tuple(Way(_code(way["code"]), way["when"]) for way in data["ways"]))


def _code(text: str) -> str:
    return dedent(text).strip("\n")
