"""What becomes of an instructor's own test cell, scored as nbgrader scores."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from autograder.course.observation import Failure
from autograder.judging.failures import exception_text, lacking_words, printable, quoted_line
from autograder.judging.verdicts import CheckResult, ExerciseResult, Status

BESIDE = "run beside the student's code, which could forge it"
CHECK = "test"
_LONGEST_MESSAGE = 200
_UNDEFINED = re.compile(r"name '(\w+)' is not defined")


@dataclass(frozen=True)
class OwnQuestion(ExerciseResult):
    """The result of an instructor's own test: like an exercise's, with one check and no misconceptions.

    Its title is the test's name, and so is its key, but where an exercise has that.

    Attributes:
        note: what these points are not: judged away from the student's code.
    """

    note: str = BESIDE


@dataclass(frozen=True)
class Ran:
    """How a test cell ran.

    Attributes:
        failure: what stopped it, if anything did.
        value: what its last expression gave, as a notebook writes it; ``None`` where a notebook writes nothing.
        complained: what was written to standard error.
    """

    failure: Failure | None
    value: str | None = None
    complained: str = ""


def judge_own_test(
    name: str,
    points: float,
    ran: Ran,
    missing: tuple[str, ...] = (),
    may_be_told: Callable[[str], bool] = lambda _line: False,
) -> OwnQuestion:
    """What nbgrader makes of a test cell: nothing for an error, its number where it gives one, else all points.

    Where it is not the student who is to blame for an error, or the number is none that can be given, it is for review.

    Args:
        name: the test's.
        points: what it is worth.
        ran: how it ran.
        missing: names that are missing in grading, though the notebook gives them.
        may_be_told: whether a line that stopped may be quoted.
    """
    if ran.failure is not None:
        return _stopped(name, points, ran.failure, missing, may_be_told)
    if ran.complained:
        said = printable(ran.complained.strip().rpartition("\n")[2], _LONGEST_MESSAGE)
        return own_question(
            name, points, 0.0, Status.REVIEW, f"The test wrote to standard error, which earns nothing: {said}"
        )
    if ran.value is None:
        return own_question(name, points, points, Status.PASSED)
    return _by_number(name, points, ran.value)


def own_question(name: str, points: float, earned: float, status: Status, message: str = "") -> OwnQuestion:
    """A test's result."""
    check = CheckResult(CHECK, status is Status.PASSED, earned, points, None, message)
    return OwnQuestion(name, name, earned, points, status, (check,))


def _by_number(name: str, points: float, value: str) -> OwnQuestion:
    number = _number(value)
    if number is None or not number >= 0:
        told = f"The test gave `{printable(value, 60)}`, which is no number of points and so counts as all of them."
        return own_question(name, points, points, Status.PASSED, told)
    if number > points:
        told = f"The test gave {_points(number)}, more than it is worth."
        return own_question(name, points, 0.0, Status.REVIEW, told)
    if number == points:
        return own_question(name, points, points, Status.PASSED)
    return own_question(
        name, points, number, Status.PARTIAL if number else Status.FAILED, f"The test gave {_points(number)}."
    )


def _points(number: float) -> str:
    return f"{number:g} point{'' if number == 1 else 's'}"


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _stopped(
    name: str, points: float, failure: Failure, missing: tuple[str, ...], may_be_told: Callable[[str], bool]
) -> OwnQuestion:
    status, message = Status.ERROR, exception_text(failure, _LONGEST_MESSAGE)
    undefined = _UNDEFINED.fullmatch(failure.message) if failure.error == "NameError" else None
    if undefined and undefined[1] in missing:
        status = Status.REVIEW
        message = f"The test needs `{undefined[1]}`, which comes from a cell that is not run in grading."
    elif failure.kind == "surroundings":
        another = failure.name and failure.name != f"The cell `{name}`"
        where = f"{printable(failure.name, 60)} stopped" if another else "It stopped"
        why = printable(failure.message) if failure.holds in ("end", "time") else message
        status = Status.REVIEW
        message = f"The test could not be tried here. {where}: {lacking_words(failure)} ({why})."
    elif failure.kind == "unfinished":
        status, message = Status.NOT_ATTEMPTED, "Something that the test calls is not written yet."
    elif failure.kind == "timeout":
        status, message = Status.TIMEOUT, f"The test took too long: {printable(failure.message)}."
    elif failure.kind == "died":
        message = f"The process that ran the test ended in the middle of it: {printable(failure.message)}."
    elif failure.kind == "malformed":
        status, message = Status.REVIEW, "What came back of the test could not be read."
    elif failure.error == "AssertionError":
        status = Status.FAILED
    if status in (Status.ERROR, Status.FAILED) and failure.line and may_be_told(failure.line):
        message = f"{message}. {quoted_line(failure)}".rstrip(". ")
    return own_question(name, points, 0.0, status, message)
