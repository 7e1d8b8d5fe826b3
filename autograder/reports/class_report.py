"""The class report: one page that says what a class has and has not understood, and whom to look at."""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from statistics import fmean, median
from typing import Any

from markupsafe import Markup

from autograder.course.course import Course
from autograder.course.exercise import Check
from autograder.judging.verdicts import Status
from autograder.reports.class_findings import Mistake, mistakes, together, unusual
from autograder.reports.class_mistakes import ranked_mistakes
from autograder.reports.class_results import ClassResults
from autograder.reports.class_students import Names, apart, flags_of, shown_students
from autograder.reports.class_summary import mean_points
from autograder.reports.evidence import Evidence
from autograder.reports.learned import Learned, learned
from autograder.reports.result import own_keys
from autograder.reports.student_table import StudentTable, student_table, who
from autograder.reports.wording import LOOKS, templates

_MOST_BARS = 15
# In the order in which they are loaded: the second needs the first.
_LIBRARIES = ("vendor/d3.min.js", "vendor/plot.umd.min.js", "vendor/dataTables.min.js", "static/class_report.js")


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
    rows = _rows(course, graded)
    students = shown_students(graded, found, names)
    by_name = {one.row.student: one for one in students}
    ranked = ranked_mistakes(course, graded, evidence, found, by_name)
    since = learned(course, earlier, graded) if earlier else None
    scripts = [Markup(_script(name)) for name in _LIBRARIES]
    shown = names is Names.SHOWN
    table = student_table(course, students, is_named=shown)
    return (
        templates()
        .get_template("class_report.html.j2")
        .render(
            course=course,
            graded=graded,
            names_shown=shown,
            table=table,
            who=who,
            summary=_summary(graded),
            counts=Counter(word for one in students for word in one.look),
            flagged=[(one, flags_of(one)) for one in students if "flag" in one.look] if shown else [],
            apart=apart(students) if shown else [],
            unusual=unusual(course, results, found),
            ranked=ranked,
            pairs=together(found, len(results)),
            exercises=rows,
            since=since,
            LOOKS=LOOKS,
            data=Markup(_data(graded, rows, found, since, table)),
            policy=Markup(_policy()),
            scripts=scripts,
        )
    )


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
    return [earned for row in graded.students if (earned := row.final.points) is not None]


@dataclass(frozen=True)
class _Row:
    """How an exercise went, or a question of the instructor's own.

    Attributes:
        title: its title.
        max_points: points that could be earned.
        mean: the mean of what was earned in the end; ``None`` where nobody has any.
        counts: how many have it by status.
        tried: how many have tried it.
        checks: its checks with how many of those pass each; none of a question of the instructor's own.
    """

    title: str
    max_points: float
    mean: float | None
    counts: Mapping[Status, int]
    tried: int
    checks: tuple[tuple[Check, int], ...]


def _rows(course: Course, graded: ClassResults) -> list[_Row]:
    """The exercises, then the instructor's own questions, each where anybody has it."""
    checks = {one.key: (one.title, one.checks) for one in course.exercises}
    own: dict[str, tuple[str, tuple[Check, ...]]] = {key: (key, ()) for key in own_keys(graded.results)}
    rows = []
    for key, (title, asked) in {**checks, **own}.items():
        judged = [one for result in graded.results for one in result.parts if one.key == key]
        if not judged:
            continue
        tried = [one for one in judged if one.status is not Status.NOT_ATTEMPTED]
        passing = Counter(check.key for one in tried for check in one.checks if check.passed)
        rows.append(
            _Row(
                title,
                max(one.max_points for one in judged),
                mean_points(key, graded.students),
                Counter(one.status for one in judged),
                len(tried),
                tuple((check, passing[check.key]) for check in asked),
            )
        )
    return rows


def _data(
    graded: ClassResults, rows: Sequence[_Row], found: Sequence[Mistake], since: Learned | None, table: StudentTable
) -> str:
    """What the plots show, as JSON that may stand in a page."""
    statuses = [
        {"exercise": row.title, "status": LOOKS[status].short, "key": status.value, "students": count}
        for row in rows
        for status in LOOKS
        if (count := row.counts[status])
    ]
    plots = {
        "students": table.rows,
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
    return (
        json.dumps(plots, separators=(",", ":")).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    )


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
