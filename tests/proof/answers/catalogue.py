"""Answers written by hand: those in ``tests/catalogue``, one TOML file an exercise, and the solution notebook's."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.autoencoders.course import AUTOENCODERS
from autograder.errors import UsageError
from autograder.submissions.submission import read_submission

FOLDER = "tests/catalogue"
_BLOCK = re.compile(r"^(?P<indent> *)<<(?P<name>\w+)>>$", re.MULTILINE)
_INLINE = re.compile(r"<<(\w+)>>")
_DEEPEST = 12


@dataclass(frozen=True)
class Answer:
    """One answer.

    Attributes:
        exercise: the exercise it answers.
        name: what is right or wrong about it.
        source: the solution cell's text.
        right: whether it earns full points.
        expect: the misconceptions that have to be named.
        points: what it earns; ``None`` where only less than all is asked for.
        only_on: the device on which it is wrong; empty for both.
        seeds: the most seeds that the proof tries it on, where each takes seconds.
    """

    exercise: str
    name: str
    source: str
    right: bool
    expect: tuple[str, ...] = ()
    points: float | None = None
    only_on: str = ""
    seeds: int | None = None

    def __str__(self) -> str:
        return f"{self.exercise}: {self.name}"


def read_answers(root: Path) -> list[Answer]:
    """Every answer of a checkout's catalogue, exercise by exercise, the right ones first."""
    return [answer for key in AUTOENCODERS.keys for answer in read_file(root / FOLDER / f"{key}.toml")]


def read_solution(root: Path) -> Mapping[str, str]:
    """The text of each solution cell in a checkout's solution notebook.

    Raises:
        UsageError: it cannot be read.
    """
    path = root / "solutions" / AUTOENCODERS.key / AUTOENCODERS.release.name
    submission = read_submission(path, "solution", AUTOENCODERS.key, AUTOENCODERS.release)
    if submission.problem:
        raise UsageError(submission.problem)
    return submission.solutions or {}


def read_file(path: Path) -> list[Answer]:
    """Every answer in one file, the right ones first."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    found = []
    for kind in ("right", "wrong"):
        for case in data[kind]:
            source = case.get("source") or filled(data["template"], {**data["gaps"], **case})
            found.append(
                Answer(
                    exercise=data["exercise"],
                    name=case["name"],
                    source=source,
                    right=kind == "right",
                    expect=tuple(case.get("expect", ())),
                    points=case.get("points"),
                    only_on=case.get("only_on", ""),
                    seeds=case.get("seeds"),
                )
            )
    return found


def filled(template: str, texts: Mapping[str, Any]) -> str:
    """The template with a text in place of each ``<<name>>``; texts may have gaps of their own.

    A gap that has a line to itself takes any number of lines, indented as the gap is.

    Raises:
        KeyError: there is no text for a gap.
        ValueError: a text is part of itself.
    """

    def block(match: re.Match[str]) -> str:
        lines = str(texts[match["name"]]).strip("\n").splitlines()
        return "\n".join(match["indent"] + line if line else "" for line in lines)

    for _ in range(_DEEPEST):
        if not _INLINE.search(template):
            return template
        has_blocks = _BLOCK.search(template) is not None
        template = _BLOCK.sub(block, template) if has_blocks else _INLINE.sub(lambda gap: str(texts[gap[1]]), template)
    raise ValueError(f"a text is part of itself: {template}")
