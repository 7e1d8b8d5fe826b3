"""Final marks of a class: the grader's points, the instructor's in place of them, and what being late costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.reports.class_csv import ClassRow
from autograder.reports.late import Deadline, read_deadline
from autograder.reports.marks import Override, mark_of
from autograder.reports.overrides import OverrideLine, lay_over, read_overrides
from autograder.submissions.finding.places import some


@dataclass(frozen=True)
class Decisions:
    """What the instructor has decided for a class; it lies beside the results and is kept when they are made anew.

    Attributes:
        overrides: the lines of ``overrides.csv``.
        deadline: what ``late.toml`` says, if it is there.
    """

    overrides: tuple[OverrideLine, ...] = ()
    deadline: Deadline | None = None


@dataclass(frozen=True)
class MarkedClass:
    """A class with final marks.

    Attributes:
        students: everybody, with their mark.
        problems: a line for each override that fits nobody or nothing.
        notes: whom the rule for late work could not be applied to.
    """

    students: tuple[ClassRow, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def read_decisions(folder: Path) -> Decisions:
    """What the instructor has decided, from the folder of results.

    Raises:
        UsageError: a file is there that cannot be used; its lines are named.
    """
    return Decisions(read_overrides(folder), read_deadline(folder))


def with_final_marks(rows: Sequence[ClassRow], decisions: Decisions) -> MarkedClass:
    """The class with final marks."""
    most = max((row.result.max_points for row in rows if row.result), default=0.0)
    rows = [replace(row, mark=mark_of(row.result, most)) for row in rows]
    overrides, problems = lay_over(rows, decisions.overrides)
    students = tuple(
        _marked(row, decisions.deadline, overrides.get(place, {})) for place, row in enumerate(rows)
    )  # fmt: skip
    return MarkedClass(students, tuple(problems), tuple(_notes(rows, decisions.deadline)))


def _marked(row: ClassRow, deadline: Deadline | None, overrides: Mapping[str, Override]) -> ClassRow:
    mark = replace(row.final, overrides=overrides)
    if deadline is None:
        return replace(row, mark=mark)
    late = row.late or bool(deadline.late_by(row.handed_in))
    return replace(row, late=late, mark=replace(mark, penalty=deadline.penalty(row.handed_in, mark.max_points)))


def _notes(rows: Sequence[ClassRow], deadline: Deadline | None) -> list[str]:
    if deadline is None:
        return []
    unknown = [row.student for row in rows if row.result and deadline.late_by(row.handed_in) is None]
    if not unknown:
        return []
    late = [row.student for row in rows if row.late and row.student in set(unknown)]
    told = f"; the platform calls late: {some(late, 20)}" if late else ""
    who = f"{len(unknown)} students: {some(unknown, 5)}" if len(unknown) > 1 else unknown[0]
    return [f"nothing says when work came of {who}, so no late penalty holds there{told}; overrides.csv can set marks"]
