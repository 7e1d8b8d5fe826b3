"""The result of one submission: what is written to ``<student>.json``."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import pydantic_core
from pydantic import Field, TypeAdapter, ValidationError

from autograder.atomic import write_atomically
from autograder.errors import AutograderError
from autograder.judging.own_tests import OwnQuestion
from autograder.judging.verdicts import ExerciseResult

SCHEMA = 1


class UnusableResult(AutograderError):
    """The file holds no result of this schema."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """Everything about one graded submission, with what is needed to grade it again alike.

    Attributes:
        student: name of the student, and of the file.
        assignment: name of the assignment.
        notebook: file name of the notebook.
        source: where that lay in the folder of submissions, such as ``ada/autoencoders/autoencoders.ipynb``; another
            student's never takes its place.
        points: points earned, with those of the instructor's own tests.
        max_points: points that could be earned, likewise.
        seeds: the seeds of all probes, the first look's first.
        grader: version and digest of the grader.
        environment: versions of Python and torch, the device, and whether the salt is the course's own or public.
        sandbox: the level asked for and the layers in force.
        digest: SHA-256 of what was run.
        cpu_seconds: processor time of the student's side.
        warnings: what the student should know.
        flags: what a person should look at; not for students.
        exercises: in the notebook's order.
        questions: the instructor's own tests, which are run beside the student's code; not in the file where there are
            none.
    """

    student: str
    assignment: str
    notebook: str
    source: str = ""
    points: float
    max_points: float
    seeds: tuple[int, ...]
    grader: Mapping[str, str]
    environment: Mapping[str, str]
    sandbox: Mapping[str, Any]
    digest: str
    cpu_seconds: float
    warnings: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    exercises: tuple[ExerciseResult, ...] = ()
    questions: tuple[OwnQuestion, ...] = ()
    schema_version: Annotated[int, Field(alias="schema")] = SCHEMA

    @property
    def parts(self) -> tuple[ExerciseResult, ...]:
        """All that points are given for: the exercises, then the instructor's own tests."""
        return (*self.exercises, *self.questions)

    @property
    def was_run(self) -> bool:
        """Whether any code of the student's was run."""
        return bool(self.environment.get("torch")) and bool(self.sandbox)


def own_keys(results: Iterable[Result]) -> tuple[str, ...]:
    """The keys of the instructor's own tests that any of the results has, in their order."""
    return tuple(dict.fromkeys(one.key for result in results for one in result.questions))


@cache
def _adapter() -> TypeAdapter[Result]:
    return TypeAdapter(Result)


def to_json(result: Result) -> str:
    """The result as the text of its file."""
    data = _adapter().dump_python(result, mode="json", exclude={"exercises": {"__all__": {"picture"}}})
    if not result.questions:
        del data["questions"]
    return pydantic_core.to_json({"schema": data.pop("schema_version"), **data}, indent=1).decode() + "\n"


def read_result(path: Path) -> Result:
    """Read a result.

    Raises:
        UnusableResult: the file cannot be read or holds no result of this schema.
    """
    try:
        data = json.loads(path.read_bytes(), parse_constant=_finite, parse_float=_finite)
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            raise UnusableResult(f"{path} holds no result of schema {SCHEMA}")
        return _adapter().validate_python(data)
    except (OSError, ValueError, RecursionError, ValidationError) as error:
        raise UnusableResult(f"{path} holds no result: {type(error).__name__}") from None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number of points")
    return number


def write_result(path: Path, result: Result) -> None:
    """Write a result in one step: the file is there whole or not at all.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    write_atomically(path, to_json(result))
