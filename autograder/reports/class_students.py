"""The students of a class as its report shows them: what to call them, and why to look."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote

from autograder.judging.failures import printable
from autograder.judging.verdicts import Status
from autograder.reports.class_csv import ClassRow
from autograder.reports.class_findings import Mistake
from autograder.reports.class_results import ClassResults
from autograder.reports.class_table import is_unread
from autograder.reports.wording import shown_plainly

_LONGEST_NAME, _MOST_FLAGS, _LONGEST_FLAG = 80, 10, 300


class Names(Enum):
    """Whether the class report says who is who."""

    SHOWN = "shown"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Student:
    """A student as the report shows them.

    Attributes:
        name: what to call them.
        page: the feedback page's address; empty where there is none to show.
        row: what is known of them.
        mistakes: titles of their mistakes.
        look: why to look, in a word each: ``flag``, ``review``, ``late``, ``too slow``, ``unread``, ``nothing``.
    """

    name: str
    page: str
    row: ClassRow
    mistakes: tuple[str, ...]
    look: tuple[str, ...]


def shown_students(graded: ClassResults, found: Sequence[Mistake], names: Names) -> tuple[Student, ...]:
    """Every student, with their mistakes of those that were found; without names in an order that tells nothing."""
    have: dict[str, list[str]] = defaultdict(list)
    for one in found:
        for student in one.students:
            have[student].append(one.title)
    rows = list(graded.students)
    if names is Names.HIDDEN:  # in an order that says nothing of who they are
        rows.sort(key=lambda row: hashlib.sha256(f"{row.result and row.result.digest} {row.student}".encode()).digest())
    return tuple(
        _student(row, have[row.student], number if names is Names.HIDDEN else 0) for number, row in enumerate(rows, 1)
    )


def _student(row: ClassRow, have: Sequence[str], number: int) -> Student:
    return Student(
        name=f"student {number}" if number else shown_plainly(printable(row.student, _LONGEST_NAME)) or "?",
        page=f"feedback/{_in_address(row.file)}.html" if row.result and row.file and not number else "",
        row=row,
        mistakes=tuple(have),
        look=tuple(_look(row)),
    )


def _look(row: ClassRow) -> list[str]:
    result = row.result
    if result is None:
        return ["nothing", *(["late"] if row.late else [])]
    statuses = {one.status for one in result.parts}
    said = {
        "unread": is_unread(result),
        "flag": bool(result.flags) and not is_unread(result),
        "review": Status.REVIEW in statuses,
        "too slow": Status.TIMEOUT in statuses,
        "late": row.late,
    }
    return [word for word, holds in said.items() if holds]


def _in_address(file: str) -> str:
    return quote(file.encode("utf-8", "surrogateescape"))


def flags_of(one: Student) -> list[str]:
    """What a person should look at, no longer than anybody reads."""
    result = one.row.result
    return [printable(flag, _LONGEST_FLAG) for flag in result.flags[:_MOST_FLAGS]] if result else []


def apart(students: Sequence[Student]) -> list[tuple[Student, str]]:
    """Those of whom nothing could be graded, with the reason."""
    return [
        (one, printable(one.row.result.warnings[-1] if one.row.result else one.row.remark, _LONGEST_FLAG))
        for one in students
        if one.row.result is None or is_unread(one.row.result)
    ]
