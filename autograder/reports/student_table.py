"""The class report's table of students, as numbers and HTML that its script puts into the page a page at a time.

Thousands of rows in the page itself take seconds to lay out before anything is seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from autograder.course.course import Course
from autograder.reports.class_students import Student
from autograder.reports.wording import LOOKS, points, shown_plainly

Cell = str | list[str | float]


@dataclass(frozen=True)
class StudentTable:
    """The table.

    Attributes:
        heads: the columns.
        numeric: for each column, whether it holds numbers.
        rows: a row for each student; of a number, what to show and what to sort by.
    """

    heads: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: list[list[Cell]]


def student_table(course: Course, students: Sequence[Student], is_named: bool) -> StudentTable:
    """The table; names of the class's list and times of handing in are left out where nobody is named."""
    listed = is_named and any(one.row.listed for one in students)
    handed_in = is_named and any(one.row.handed_in for one in students)
    person = ("Name", "Id", "Section") if listed else ()
    exercises = tuple(exercise.short for exercise in course.exercises)
    rest = (*(("Handed in",) if handed_in else ()), "To look at", "Mistakes")
    heads = ("Student", *person, "Points", *exercises, *rest)
    numeric = (False,) * (1 + len(person)) + (True,) * (1 + len(exercises)) + (False,) * len(rest)
    return StudentTable(heads, numeric, [_row(course, one, listed, handed_in) for one in students])


def who(student: Student) -> Markup:
    """A student's name, with a link to the page."""
    name = Markup("<bdi>{}</bdi>").format(student.name)
    return Markup('<a href="{}">{}</a>').format(student.page, name) if student.page else name


def _row(course: Course, student: Student, listed: bool, handed_in: bool) -> list[Cell]:
    row, mark, one = student.row, student.row.final, student.row.listed
    person = [one.name, one.id, one.section] if one else ["", "", ""]
    judged = {each.key: each for each in row.result.exercises} if row.result else {}
    exercises = [
        _number(
            mark.points_of(key),
            f" {LOOKS[judged[key].status].sign}" if key in judged else "",
            key in mark.overrides,
        )
        for key in course.keys
    ]
    return [
        str(who(student)),
        *(str(Markup("<bdi>{}</bdi>").format(shown_plainly(text))) for text in person if listed),
        _number(mark.points, "", bool(mark.overrides)),
        *exercises,
        *([str(escape(shown_plainly(row.handed_in)))] if handed_in else []),
        ", ".join(student.look),
        str(escape(f"|{'|'.join(student.mistakes)}|")),
    ]


def _number(value: float | None, sign: str, is_set: bool) -> Cell:
    """What to show, with a star where the instructor has set it, and what to sort by."""
    if value is None:
        return [sign.strip(), -1.0]
    return [f"{points(value)}{'*' if is_set else ''}{sign}", value]
