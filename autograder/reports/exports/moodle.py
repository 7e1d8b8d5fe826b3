"""Moodle's offline grading worksheet: downloaded there, filled in here, uploaded there.

Form: `mod/assign/feedback/offline` and `mod/assign/gradingtable.php` of moodle/moodle. Moodle skips a row that was
graded later than its stamp says, so stamps stay as they are.
"""

import re
from collections.abc import Sequence

from autograder.errors import UsageError
from autograder.reports.class_csv import ClassRow
from autograder.reports.class_results import ClassResults
from autograder.reports.exports.moodle_headings import LANGUAGES, addresses, column
from autograder.reports.exports.moodle_teams import lay_worksheet_beside
from autograder.reports.exports.people import Exported
from autograder.reports.exports.table import Table
from autograder.reports.overrides import comments
from autograder.reports.spreadsheet import harmless
from autograder.reports.wording import LOOKS, points
from autograder.submissions.class_list import Listed


def moodle(table: Table, known: ClassResults, mapping: Sequence[Listed] = ()) -> Exported:
    """The worksheet with this class's points and comments; nothing else is changed.

    Raises:
        UsageError: it is no worksheet, or is worth other points.
    """
    identifier, grade = column(table, "identifier"), column(table, "grade")
    if identifier is None or grade is None or column(table, "last modified (grade)") is None:
        needs = f"the columns Identifier, Grade and Last modified (grade), as Moodle writes them in {LANGUAGES}"
        raise UsageError(f"{table.path} is no grading worksheet of Moodle: it needs {needs}")
    feedback, most = column(table, "feedback comments"), column(table, "maximum grade")
    platform = people_of(table)
    people = lay_worksheet_beside(table, platform, known, mapping)
    titles = {key: title for key, (title, _) in known.exercises.items()}
    rows = [list(row) for row in table.rows]
    for number, one in people.rows.items():
        if most is not None:
            _see_that_points_fit(table, rows[number][most], one.final.max_points)
        comma = "," in rows[number][grade] or (most is not None and "," in rows[number][most])
        mark = points(one.final.points or 0.0)
        rows[number][grade] = mark.replace(".", ",") if comma else mark
        if feedback is not None:
            rows[number][feedback] = harmless(_feedback(one, titles))
    without_mark = tuple(one.shown for number, one in enumerate(platform) if number not in people.rows)
    return Exported(table.text(rows), len(people.rows), people.without_row, without_mark)


def people_of(table: Table) -> list[Listed]:
    """The people of a worksheet, a row each."""
    address = addresses(table)
    return [
        Listed(
            _cell(table, row, "full name"),
            tuple(filter(None, dict.fromkeys((participant(table, row), _cell(table, row, "id number"))))),
            "" if address is None else row[address].strip(),
        )
        for row in table.rows
    ]


def participant(table: Table, row: Sequence[str]) -> str:
    """The number of the participant in a row: what follows the word, which is of Moodle's language, in Identifier."""
    return re.sub(r"\D", "", _cell(table, row, "identifier"))


def _cell(table: Table, row: Sequence[str], head: str) -> str:
    place = column(table, head)
    return row[place].strip() if place is not None else ""


def _see_that_points_fit(table: Table, text: str, max_points: float) -> None:
    try:
        worth = float(text.replace(",", ".") or max_points)
    except ValueError:
        raise UsageError(f"{table.path}: Maximum grade is {text!r}; choose points, not a scale, in Moodle") from None
    if worth != max_points:
        given = f"Moodle gives {points(worth)} points to the assignment, the course {points(max_points)}"
        raise UsageError(f"{given}; make both the same, then download the worksheet again")


def _feedback(row: ClassRow, titles: dict[str, str]) -> str:
    """One line for the student: each exercise's points and status, what costs, and the instructor's comments."""
    told = []
    for one in row.result.parts if row.result else ():
        earned = f"{points(row.final.points_of(one.key) or 0.0)}/{points(one.max_points)}"
        told.append(f"{one.title}: {earned}, {LOOKS[one.status].words}")
    told += comments(row.final.overrides, titles)
    told += [f"Handed in late: {points(row.final.late_penalty)} points off"] if row.final.late_penalty else []
    return ". ".join(told)
