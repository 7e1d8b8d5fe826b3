"""A class's results as CSV files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.course.course import Course
from autograder.judging.verdicts import Status
from autograder.reports.marks import Mark, mark_of
from autograder.reports.result import Result, own_keys
from autograder.reports.spreadsheet import spreadsheet
from autograder.reports.wording import points
from autograder.submissions.class_list import Listed

_CHANGED = ("automatic_points", "late_penalty", "overridden")
_PERSON = ("name", "id", "email", "section")


@dataclass(frozen=True)
class ClassRow:
    """A student of a class.

    Attributes:
        student: the name in results.
        result: the result, if there is one.
        handed_in: when the notebook came; empty where nothing says so.
        late: whether the platform says that it came late.
        listed: who that is in the class's list, if there is one.
        remark: why there is no result.
        file: the name of the result's file, without ``.json``; the feedback page is called like it.
        mark: the final mark, where that is known.
    """

    student: str
    result: Result | None = None
    handed_in: str = ""
    late: bool = False
    listed: Listed | None = None
    remark: str = ""
    file: str = ""
    mark: Mark | None = None

    @property
    def final(self) -> Mark:
        """The mark; the grader's where nothing else is known."""
        return self.mark or mark_of(self.result)


def class_csv(course: Course, rows: Sequence[ClassRow]) -> str:
    """One row a student: sum, points and status of each exercise and own test, then what a person should know.

    The column ``review`` names the exercises to look at, and ``notebook`` where a flag asks for a look at its text.
    Names and numbers of the class's list are there where there is one. ``points`` are the final ones; where the
    instructor or the rule for late work has changed any, the grader's stand beside them.
    """
    keys = (*course.keys, *own_keys([row.result for row in rows if row.result]))
    columns = [name for key in keys for name in (key, f"{key}_status")]
    person = _PERSON if any(row.listed for row in rows) else ()
    changed = _CHANGED if any(_is_changed(row) for row in rows) else ()
    head = ["student", *person, "assignment", "points", "max_points", *changed, *columns]
    head += ["handed_in", "late", "review", "warnings", "flags"]
    ordered = sorted(rows, key=lambda one: one.student)
    return spreadsheet([head, *([*_who(row, person), *_results(keys, row, changed)] for row in ordered)])


def misconceptions_csv(rows: Sequence[ClassRow]) -> str:
    """One row for each check of a student's that did not pass where something was tried, with its mistake's key."""
    head = ["student", "exercise", "check", "points", "max_points", "misconception", "message"]
    ordered = sorted(rows, key=lambda one: one.student)
    return spreadsheet([head, *(line for row in ordered for line in _failed_checks(row))])


def _who(row: ClassRow, person: Sequence[str]) -> list[str]:
    listed = row.listed or Listed()
    return [row.student, *(str(getattr(listed, name)) for name in person)]


def _results(keys: Sequence[str], row: ClassRow, changed: Sequence[str]) -> list[str]:
    result, mark = row.result, row.final
    review, warnings, flags = "", "", row.remark
    statuses: dict[str, str] = {}
    if result is not None:
        statuses = {entry.key: entry.status for entry in result.parts}
        look_at = [entry.key for entry in result.parts if entry.status is Status.REVIEW]
        review = " ".join([*look_at, "notebook"] if result.flags else look_at)
        warnings, flags = "; ".join(result.warnings), "; ".join(result.flags)
    has_points = mark.points is not None
    cells = [cell for key in keys for cell in (_shown(mark.points_of(key)), statuses.get(key, ""))]
    return [
        *(result.assignment if result else "", _shown(mark.points), points(mark.max_points) if has_points else ""),
        *(_changes(mark) if changed else ()),
        *cells,
        *(row.handed_in, _late(row), review, warnings, flags),
    ]


def _is_changed(row: ClassRow) -> bool:
    return bool(row.final.overrides or row.final.late_penalty)


def _changes(mark: Mark) -> list[str]:
    """The grader's points, what being late costs, and what the instructor has set, each with the comment."""
    said = (f"{key or 'mark'} {points(one.points)}: {one.comment}" for key, one in mark.overrides.items())
    return [_shown(mark.automatic_points), points(mark.late_penalty), "; ".join(one.rstrip(": ") for one in said)]


def _shown(value: float | None) -> str:
    return "" if value is None else points(value)


def _late(row: ClassRow) -> str:
    return "late" if row.late else ""


def _failed_checks(row: ClassRow) -> Iterator[list[str]]:
    for entry in row.result.parts if row.result else ():
        if entry.status is Status.NOT_ATTEMPTED:
            continue
        for check in entry.checks:
            if not check.passed:
                gained = [points(check.points), points(check.max_points)]
                yield [row.student, entry.key, check.key, *gained, check.misconception or "", check.message or ""]
