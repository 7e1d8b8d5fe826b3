"""The class report: one page that says what a class has and has not understood, and whom to look at."""

import base64
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from statistics import fmean, median
from typing import Any

from markupsafe import Markup

from autograder.course.course import Course
from autograder.judging.failures import printable
from autograder.judging.verdicts import ExerciseResult, Status
from autograder.reports.class_csv import ClassRow
from autograder.reports.class_findings import (
    Mistake,
    failed_checks,
    is_for_review,
    mistakes,
    together,
    typical_line,
    unusual,
)
from autograder.reports.class_results import ClassResults
from autograder.reports.class_table import is_unread
from autograder.reports.evidence import Evidence
from autograder.reports.learned import Learned, learned
from autograder.reports.misconceptions_page import shared_keys
from autograder.reports.own_code import named_lines, own_lines
from autograder.reports.wording import LOOKS, shown_plainly, templates

_LONGEST_NAME, _MOST_FLAGS, _LONGEST_FLAG, _MOST_BARS = 80, 10, 300, 15
_SAMPLE = 150  # whose lines are compared to find one that is typical
# In the order in which they are loaded: the second needs the first.
_LIBRARIES = ("vendor/d3.min.js", "vendor/plot.umd.min.js", "vendor/dataTables.min.js", "static/class_report.js")


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
        points: the final mark; ``None`` where there is none.
        exercises: each exercise's result, ``None`` where there is none.
        mistakes: titles of their mistakes.
        look: why to look, in a word each: ``flag``, ``review``, ``late``, ``too slow``, ``unread``, ``nothing``.
    """

    name: str
    page: str
    row: ClassRow
    points: float | None
    exercises: tuple[ExerciseResult | None, ...]
    mistakes: tuple[str, ...]
    look: tuple[str, ...]


@dataclass(frozen=True)
class Ranked:
    """A mistake as the report shows it: with a line of code, who has it, and what to say in class."""

    mistake: Mistake
    line: str
    students: tuple[Student, ...]
    for_review: bool
    hint: str


def class_report(
    course: Course,
    graded: ClassResults,
    evidence: Mapping[str, Evidence],
    earlier: ClassResults | None,
    names: Names,
) -> str:
    """The page.

    Args:
        course: the course.
        graded: the class.
        evidence: what was kept of each submission, by its result's file.
        earlier: the same class at an earlier hand-in, if that is to be compared.
        names: whether it says who is who.
    """
    results = graded.results
    found = mistakes(course, results)
    students = _students(course, graded, found, names)
    by_name = {one.row.student: one for one in students}
    ranked = _ranked(course, graded, evidence, found, by_name)
    since = learned(course, earlier, graded) if earlier else None
    scripts = [Markup(_script(name)) for name in _LIBRARIES]
    shown = names is Names.SHOWN
    return (
        templates()
        .get_template("class_report.html.j2")
        .render(
            course=course,
            graded=graded,
            names_shown=shown,
            students=students,
            listed=shown and any(one.row.listed for one in students),
            handed_in=shown and any(one.row.handed_in for one in students),
            summary=_summary(graded),
            counts=Counter(word for one in students for word in one.look),
            flagged=[(one, _flags(one)) for one in students if "flag" in one.look] if shown else [],
            apart=_apart(students) if shown else [],
            unusual=unusual(course, results, found),
            ranked=ranked,
            pairs=together(found, len(results)),
            exercises=_exercises(course, graded),
            since=since,
            LOOKS=LOOKS,
            data=Markup(_data(course, graded, found, since)),
            policy=Markup(_policy()),
            scripts=scripts,
        )
    )


def _students(course: Course, graded: ClassResults, found: Sequence[Mistake], names: Names) -> tuple[Student, ...]:
    have: dict[str, list[str]] = defaultdict(list)
    for one in found:
        for student in one.students:
            have[student].append(one.title)
    rows = list(graded.students)
    if names is Names.HIDDEN:  # in an order that says nothing of who they are
        rows.sort(key=lambda row: hashlib.sha256(f"{row.result and row.result.digest} {row.student}".encode()).digest())
    return tuple(
        _student(course, row, have[row.student], number if names is Names.HIDDEN else 0)
        for number, row in enumerate(rows, 1)
    )


def _student(course: Course, row: ClassRow, have: Sequence[str], number: int) -> Student:
    judged = {one.key: one for one in row.result.exercises} if row.result else {}
    return Student(
        name=f"student {number}" if number else shown_plainly(printable(row.student, _LONGEST_NAME)) or "?",
        page=f"feedback/{_in_address(row.file)}.html" if row.result and row.file and not number else "",
        row=row,
        points=_points(row),
        exercises=tuple(judged.get(key) for key in course.keys),
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
    from urllib.parse import quote

    return quote(file.encode("utf-8", "surrogateescape"))


def _flags(one: Student) -> list[str]:
    result = one.row.result
    return [printable(flag, _LONGEST_FLAG) for flag in result.flags[:_MOST_FLAGS]] if result else []


def _apart(students: Sequence[Student]) -> list[tuple[Student, str]]:
    """Those of whom nothing could be graded, with the reason."""
    return [
        (one, printable(one.row.result.warnings[-1] if one.row.result else one.row.remark, _LONGEST_FLAG))
        for one in students
        if one.row.result is None or is_unread(one.row.result)
    ]


def _ranked(
    course: Course,
    graded: ClassResults,
    evidence: Mapping[str, Evidence],
    found: Sequence[Mistake],
    by_name: Mapping[str, Student],
) -> tuple[Ranked, ...]:
    given = course.release.given_lines
    shared = shared_keys(course)  # slips of Python, of which neither a hint nor a line beside them says anything
    results = {row.student: (row, row.result) for row in graded.students if row.result}
    cells = {student: evidence.get(row.file, Evidence()).cells for student, (row, _) in results.items()}
    statuses = {student: {one.key: one.status for one in result.exercises} for student, (_, result) in results.items()}

    def one(mistake: Mistake) -> Ranked:
        key, cell = mistake.exercise.key, mistake.exercise.cell
        pattern = mistake.exercise.check(mistake.check).lines
        right = [student for student, by_key in statuses.items() if by_key.get(key) is Status.PASSED]
        asked = (*mistake.students[:_SAMPLE], *right[:_SAMPLE])
        lines = {who: own_lines(cells[who].get(cell, ""), pattern, given) for who in asked}
        quoted = [
            line
            for who in mistake.students
            for judged in results[who][1].exercises
            if judged.key == key
            for check in failed_checks(judged)
            if check.key == mistake.check
            for line in named_lines(check.message or "")
        ]
        known = None if mistake.known and mistake.known.key in shared else mistake.known
        line = typical_line(mistake, lines if known else {}, right, quoted)
        return Ranked(
            mistake,
            shown_plainly(line)[:200],
            tuple(by_name[student] for student in mistake.students),
            is_for_review(mistake.known),
            mistake.exercise.hints[known.hint - 1] if known else "",
        )

    return tuple(one(mistake) for mistake in found)


def _summary(graded: ClassResults) -> dict[str, Any]:
    earned, most = _earned(graded), graded.max_points
    return {
        "handed_in": len(graded.results),
        "all": len(graded.students),
        "mean": fmean(earned) if earned else None,
        "median": median(earned) if earned else None,
        "full": sum(one >= most for one in earned),
    }


def _earned(graded: ClassResults) -> list[float]:
    return [earned for row in graded.students if (earned := _points(row)) is not None]


def _points(row: ClassRow) -> float | None:
    """The final mark; ``None`` where there is none."""
    if row.mark:
        return row.mark.points
    return row.result.points if row.result else None


def _exercises(course: Course, graded: ClassResults) -> list[dict[str, Any]]:
    """For each exercise its counts by status, its mean, and for each of its checks how many pass of those who tried."""
    rows = []
    for exercise in course.exercises:
        judged = [one for result in graded.results for one in result.exercises if one.key == exercise.key]
        tried = [one for one in judged if one.status is not Status.NOT_ATTEMPTED]
        passing = Counter(check.key for one in tried for check in one.checks if check.passed)
        rows.append(
            {
                "exercise": exercise,
                "mean": fmean(one.points for one in judged) if judged else None,
                "counts": Counter(one.status for one in judged),
                "tried": len(tried),
                "checks": [(check, passing[check.key]) for check in exercise.checks],
            }
        )
    return rows


def _data(course: Course, graded: ClassResults, found: Sequence[Mistake], since: Learned | None) -> str:
    """What the plots show, as JSON that may stand in a page."""
    statuses = [
        {"exercise": row["exercise"].title, "status": LOOKS[status].short, "key": status.value, "students": count}
        for row in _exercises(course, graded)
        for status in LOOKS
        if (count := row["counts"][status])
    ]
    plots = {
        "points": _earned(graded),
        "most": graded.max_points,
        "statuses": statuses,
        "looks": [{"key": status.value, "words": look.short} for status, look in LOOKS.items()],
        "mistakes": [{"title": one.title, "students": len(one.students)} for one in found[:_MOST_BARS]],
        "since": [
            {"exercise": one.title, "before": one.right_before / since.both, "now": one.right_now / since.both}
            for one in since.exercises
        ]
        if since and since.both
        else [],
    }
    return json.dumps(plots).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


@cache
def _script(name: str) -> str:
    return (files("autograder.reports") / name).read_text(encoding="utf-8")


@cache
def _policy() -> str:
    """The page's policy: nothing from elsewhere, and no scripts but these."""
    digests = (base64.b64encode(hashlib.sha256(_script(name).encode()).digest()).decode() for name in _LIBRARIES)
    scripts = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
