"""Canvas's gradebook: exported there, filled in here, imported there.

Form: `gradebook_exporter.rb` and `gradebook_importer.rb` of instructure/canvas-lms.
"""

import re
from collections.abc import Sequence

from autograder.errors import UsageError
from autograder.reports.class_results import ClassResults
from autograder.reports.exports.people import Exported, lay_beside
from autograder.reports.exports.table import Table
from autograder.reports.wording import points
from autograder.submissions.class_list import Listed

_WITH_ID = re.compile(r".+ \(\d+\)")
_POINTS_POSSIBLE = "points possible"


def canvas(table: Table, known: ClassResults, column: str, mapping: Sequence[Listed] = ()) -> Exported:
    """The gradebook with this class's points in one column; nothing else is changed.

    Args:
        table: the gradebook as Canvas has exported it.
        known: the class.
        column: the assignment's column, by its whole name or the part before its number.
        mapping: who is who, where names do not say.

    Raises:
        UsageError: it is no gradebook, the column is not there, or is worth other points.
    """
    place = _assignment(table, column)
    student = table.column("student")
    if student is None or table.column("id") is None:
        raise UsageError(f"{table.path} is no gradebook of Canvas: it needs the columns Student and ID")
    _see_that_points_fit(table, place, student, known)
    own = [number for number, row in enumerate(table.rows) if _is_student(table, row, student)]
    people = lay_beside([_listed(table, table.rows[number]) for number in own], known, mapping)
    rows = [list(row) for row in table.rows]
    for number, one in people.rows.items():
        rows[own[number]][place] = points(one.final.points or 0.0)
    without_mark = tuple(table.rows[row][student] for number, row in enumerate(own) if number not in people.rows)
    return Exported(table.text(rows), len(people.rows), people.without_row, without_mark)


def _assignment(table: Table, column: str) -> int:
    fits = [
        place
        for place, head in enumerate(table.heads)
        if _WITH_ID.fullmatch(head) and column in (head, head.rsplit(" (", 1)[0])
    ]
    if len(fits) != 1:
        there = ", ".join(head for head in table.heads if _WITH_ID.fullmatch(head)) or "none"
        raise UsageError(f"{table.path}: which column is the assignment's? Name it with --column; there are: {there}")
    return fits[0]


def _see_that_points_fit(table: Table, place: int, student: int, known: ClassResults) -> None:
    possible = [row[place].strip() for row in table.rows if row[student].strip().casefold() == _POINTS_POSSIBLE]
    try:
        worth = [float(text) for text in possible if text]
    except ValueError:
        raise UsageError(f"{table.path}: the row Points Possible has {possible[0]!r} for the assignment") from None
    if worth and known.max_points and worth != [known.max_points]:
        given = f"Canvas gives {points(worth[0])} points to {table.heads[place]}, the course {points(known.max_points)}"
        raise UsageError(f"{given}; make both the same, then export the gradebook again")


def _is_student(table: Table, row: Sequence[str], student: int) -> bool:
    named = row[student].strip()
    return bool(named) and named.casefold() != _POINTS_POSSIBLE and bool(row[table.column("id") or 0].strip())


def _listed(table: Table, row: Sequence[str]) -> Listed:
    name = re.sub(r'^="(.*)"$', r"\1", row[table.column("student") or 0].strip())
    places = [table.column(head) for head in ("id", "sis user id", "sis login id", "integration id")]
    numbers = [row[place].strip() for place in places if place is not None]
    last, comma, first = name.partition(", ")
    return Listed(f"{first} {last}" if comma else name, tuple(filter(None, numbers)))
