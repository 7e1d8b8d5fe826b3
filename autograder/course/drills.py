"""Drills: code with one of the known mistakes in it, to be named; ``drill.toml`` in each exercise's folder."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import ascii_lowercase
from textwrap import dedent
from typing import Any

from autograder.course.course import Course
from autograder.course.exercise import Exercise

_FILE = "drill.toml"


@dataclass(frozen=True)
class Option:
    """One thing that may be wrong with the code.

    Attributes:
        text: what is said to be wrong.
        reply: what to say to whoever chooses it.
        right: whether it is what is wrong.
    """

    text: str
    reply: str
    right: bool = False


@dataclass(frozen=True)
class Drill:
    """A piece of code with a mistake.

    Attributes:
        question: what is seen when the code runs.
        shown: the code, or the part of it that matters.
        options: what may be wrong, by the letter to answer with; one of them is.
        misconception: the exercise's misconception that the code shows.
        answer: the name under which the whole code stands in the catalogue of wrong answers.
    """

    question: str
    shown: str
    options: Mapping[str, Option]
    misconception: str
    answer: str


@cache
def drills_of(course: Course, exercise: Exercise) -> tuple[Drill, ...]:
    """An exercise's drills, in order; none where it has no file of them."""
    path = course.folder / "exercises" / exercise.key / _FILE
    if not path.exists():
        return ()
    return tuple(map(_drill, tomllib.loads(path.read_text(encoding="utf-8"))["drills"]))


def _drill(data: Mapping[str, Any]) -> Drill:
    options = dict(zip(ascii_lowercase, (Option(**option) for option in data["options"]), strict=False))
    shown = dedent(data["shown"]).strip()
    return Drill(data["question"], shown, options, data["misconception"], data["answer"])
