"""The result of one submission: what is written to ``<student>.json``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, FiniteFloat, TypeAdapter, ValidationError

from autograder.atomic import write_atomically
from autograder.exercises.judgement import Status

SCHEMA = 1


class UnusableResult(ValueError):
    """The file holds no result of this schema."""


def _known_status(value: str) -> str:
    return Status(value).value


@dataclass(frozen=True)
class CheckResult:
    """One check of an exercise."""

    key: str
    passed: bool
    points: FiniteFloat
    max_points: FiniteFloat
    misconception: str | None
    message: str


@dataclass(frozen=True)
class ExerciseEntry:
    """One exercise."""

    key: str
    title: str
    points: FiniteFloat
    max_points: FiniteFloat
    status: Annotated[str, AfterValidator(_known_status)]
    checks: tuple[CheckResult, ...]


@dataclass(frozen=True)
class Result:
    """Everything about one graded submission, with what is needed to grade it again alike.

    Attributes:
        student: name of the student, and of the file.
        assignment: name of the assignment.
        notebook: file name of the notebook.
        points: points earned.
        max_points: points that could be earned.
        seeds: the seeds of all probes, the first look's first.
        grader: version and digest of the grader.
        environment: versions of Python and torch, and the device.
        sandbox: the level asked for and the layers in force.
        digest: SHA-256 of what was run.
        cpu_seconds: processor time of the student's side.
        warnings: what a person should know.
        exercises: in the notebook's order.
    """

    student: str
    assignment: str
    notebook: str
    points: FiniteFloat
    max_points: FiniteFloat
    seeds: tuple[int, ...]
    grader: Mapping[str, str]
    environment: Mapping[str, str]
    sandbox: Mapping[str, Any]
    digest: str
    cpu_seconds: FiniteFloat
    warnings: tuple[str, ...]
    exercises: tuple[ExerciseEntry, ...]
    schema_version: Annotated[int, Field(alias="schema")] = SCHEMA


_RESULT: TypeAdapter[Result] = TypeAdapter(Result)


def to_json(result: Result) -> str:
    """The result as the text of its file."""
    data = _RESULT.dump_python(result, mode="json")
    return json.dumps({"schema": data.pop("schema_version"), **data}, indent=1, ensure_ascii=False) + "\n"


def read(path: Path) -> Result:
    """Read a result.

    Raises:
        UnusableResult: the file cannot be read or holds no result of this schema.
    """
    try:
        result = _RESULT.validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise UnusableResult(f"{path} holds no result: {type(error).__name__}") from None
    if result.schema_version != SCHEMA:
        raise UnusableResult(f"{path} has schema {result.schema_version}; this version reads {SCHEMA}")
    return result


def write(path: Path, result: Result) -> None:
    """Write a result so that the file is never seen half-written.

    Raises:
        OSError: the folder cannot be written to.
    """
    write_atomically(path, to_json(result))
