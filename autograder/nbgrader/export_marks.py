"""Final marks into nbgrader's gradebook, for a class that was graded by the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.exc import SQLAlchemyError

from autograder.course.course import Course
from autograder.errors import UsageError
from autograder.judging.verdicts import Status
from autograder.nbgrader.gradebook_place import GradebookPlace
from autograder.reports.class_csv import ClassRow
from autograder.reports.class_results import ClassResults
from autograder.reports.marks import WHOLE


@dataclass(frozen=True)
class Recorded:
    """What has come into the gradebook.

    Attributes:
        students: whose marks.
        left_out: who has a mark as a whole alone, which nbgrader has no place for.
    """

    students: tuple[str, ...]
    left_out: tuple[str, ...]


def export_marks(course: Course, known: ClassResults, place: GradebookPlace) -> Recorded:
    """Write each exercise's points, the instructor's as manual scores, and what being late costs.

    Raises:
        UsageError: the gradebook cannot be reached or is none, has no such assignment, or its test cells are worth
            other points.
    """
    with _opened(place) as gradebook:
        recorded, left_out = [], []
        for row in known.students:
            if WHOLE in row.final.overrides:
                left_out.append(row.student)
            elif row.result is not None:
                _record(course, row, gradebook)
                recorded.append(row.student)
        gradebook.db.commit()
    return Recorded(tuple(recorded), tuple(left_out))


@contextmanager
def _opened(place: GradebookPlace) -> Iterator[Any]:
    try:
        with Gradebook(place.url, place.course) as gradebook:
            yield gradebook
    except (SQLAlchemyError, ImportError) as error:  # ImportError: what speaks to a server is not installed
        said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise UsageError(f"the gradebook {place.shown} cannot be used: {said}") from None


def _record(course: Course, row: ClassRow, gradebook: Any) -> None:
    assert row.result is not None
    assignment = row.result.assignment
    try:
        gradebook.find_assignment(assignment)
    except MissingEntry:
        made = f"`nbgrader generate_assignment {assignment} --force` makes it"
        raise UsageError(f"the gradebook has no assignment {assignment}; {made}") from None
    gradebook.update_or_create_student(row.student)
    submission = gradebook.update_or_create_submission(assignment, row.student)
    grades = {grade.name: grade for notebook in submission.notebooks for grade in notebook.grades}
    for judged in row.result.parts:
        name = course.exercise(judged.key).test_cell if judged.key in course.keys else judged.title
        grade = grades.get(name)
        if grade is None or grade.max_score != judged.max_points:
            worth = "is missing" if grade is None else f"is worth {grade.max_score:g}, not {judged.max_points:g}"
            raise UsageError(f"{name} of {assignment} {worth} in the gradebook; grade with the release that is there")
        override = row.final.overrides.get(judged.key)
        grade.auto_score = judged.points
        grade.manual_score = None if override is None else override.points
        grade.needs_manual_grade = judged.status is Status.REVIEW and override is None
    for notebook in submission.notebooks:
        notebook.late_submission_penalty = row.final.late_penalty or None
        notebook.flagged = notebook.flagged or bool(row.result.flags)
