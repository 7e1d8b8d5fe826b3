"""A class's results as a CSV file."""

import csv
import io
from collections.abc import Sequence

from autograder.course.course import Course
from autograder.judging.verdicts import Status
from autograder.reports.result import Result
from autograder.reports.wording import points


def class_csv(course: Course, results: Sequence[Result]) -> str:
    """One row a student: sum, then points and status of each exercise, then what a person should know.

    The column ``review`` names the exercises to look at, and ``notebook`` where a flag asks for a look at its text.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = [name for key in course.keys for name in (key, f"{key}_status")]
    writer.writerow(["student", "assignment", "points", "max_points", *columns, "review", "warnings"])
    for result in sorted(results, key=lambda one: one.student):
        by_key = {entry.key: entry for entry in result.exercises}
        cells = [
            cell
            for key in course.keys
            for cell in ((points(by_key[key].points), by_key[key].status) if key in by_key else ("", ""))
        ]
        look_at = [entry.key for entry in result.exercises if entry.status is Status.REVIEW]
        review = " ".join([*look_at, "notebook"] if result.flags else look_at)
        row = [result.student, result.assignment, points(result.points), points(result.max_points), *cells, review,
               "; ".join((*result.warnings, *result.flags))]  # fmt: skip
        writer.writerow([_harmless(cell) for cell in row])
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A cell on one line that a spreadsheet will not take for a formula."""
    text = " ".join(cell.split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
