"""A graded class, read from the folder of its results."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import UsageError
from autograder.reports.class_csv import ClassRow
from autograder.reports.final_marks import read_decisions, with_final_marks
from autograder.reports.result import Result, UnusableResult, read_result
from autograder.reports.spreadsheet import as_it_was, harmless
from autograder.submissions.class_list import Listed

CLASS_CSV = "class.csv"
_PERSON = ("name", "id", "email", "section")
_Cells = Mapping[str, str]


@dataclass(frozen=True)
class ClassResults:
    """What a folder of results holds.

    Attributes:
        folder: the folder.
        students: every student by name: those with a result, and those of ``class.csv`` without one, whose ``remark``
            says why.
        damaged: a line for each file that could not be read.
        not_of_last_run: students with a result who are not in ``class.csv``: of an earlier run, or under an old name.
        notes: what could not be applied of the rule for late work.
    """

    folder: Path
    students: tuple[ClassRow, ...]
    damaged: tuple[str, ...] = ()
    not_of_last_run: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def results(self) -> tuple[Result, ...]:
        """The results that there are."""
        return tuple(one.result for one in self.students if one.result is not None)

    @property
    def max_points(self) -> float:
        """Points that could be earned."""
        return max((one.max_points for one in self.results), default=0.0)

    @property
    def exercises(self) -> dict[str, tuple[str, float]]:
        """Title and points of all that was graded, by key: the exercises in order, then the instructor's own tests."""
        return {one.key: (one.title, one.max_points) for result in self.results for one in result.parts}


def read_class(folder: Path) -> ClassResults:
    """Read the results of a class; a file that is damaged is named, and the others are read.

    Final marks respect ``overrides.csv`` and ``late.toml`` beside the results.

    Raises:
        UsageError: there is no such folder, or nothing of a class in it, or an override does not fit.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".json" and not path.name.startswith("."))
        has_class_csv = (folder / CLASS_CSV).exists()
    except OSError as error:
        raise UsageError(f"{folder} cannot be read: {error.strerror}; give the folder of `grade --results`") from None
    if not files and not has_class_csv:
        raise UsageError(f"{folder} holds no results; `autograder grade SUBMISSIONS --results {folder}` makes some")
    results, damaged = _results(files)
    try:
        listed = _class_csv(folder / CLASS_CSV) if has_class_csv else []
    except (OSError, ValueError, csv.Error, KeyError):
        listed, has_class_csv = [], False
        damaged += [f"{folder / CLASS_CSV} cannot be read: who was late and who handed in nothing is not known"]
    students, rest, without_row = _laid_together(results, listed)
    students += [_without_result(cells, folder) for cells in rest]
    marked = with_final_marks(students, read_decisions(folder))
    if marked.problems:
        raise UsageError("; ".join(marked.problems))
    return ClassResults(
        folder,
        tuple(sorted(marked.students, key=lambda one: (one.student, one.file))),
        tuple(damaged),
        tuple(sorted(without_row)) if has_class_csv else (),
        marked.notes,
    )


def _results(files: Sequence[Path]) -> tuple[list[tuple[str, Result]], list[str]]:
    """The results by their files' names, and a line for each file that holds none."""
    results, damaged = [], []
    for path in files:
        try:
            results.append((path.stem, read_result(path)))
        except UnusableResult as error:
            damaged.append(f"{error}; grading again mends it")
    return results, damaged


def _class_csv(path: Path) -> list[_Cells]:
    text = path.read_text(encoding="utf-8-sig")
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="", restkey="more")
    if "student" not in (reader.fieldnames or ()):
        raise ValueError("no students")
    return [{head: cell for head, cell in row.items() if isinstance(cell, str)} for row in reader]


def _laid_together(
    results: Sequence[tuple[str, Result]], listed: Sequence[_Cells]
) -> tuple[list[ClassRow], list[_Cells], list[str]]:
    """The students with a result, each with their row of ``class.csv``; the other rows; and who has no row."""
    rows: dict[str, list[_Cells]] = defaultdict(list)
    for cells in listed:
        rows[cells["student"]].append(cells)
    students: list[ClassRow] = []
    without_row: list[str] = []
    for file, result in results:
        one = ClassRow(result.student, result, file=file)
        same = rows[harmless(result.student)]
        if its_row := next((cells for cells in same if cells.get("assignment")), None):
            same.remove(its_row)
            students.append(_with_cells(one, its_row))
        else:
            students.append(one)
            without_row.append(result.student)
    return students, [cells for same in rows.values() for cells in same], without_row


def _without_result(cells: _Cells, folder: Path) -> ClassRow:
    lost = f"the result is not in {folder} any more; grading again mends that"
    remark = lost if cells.get("assignment") else cells.get("flags") or "no result"
    return _with_cells(ClassRow(as_it_was(cells["student"]), remark=remark), cells)


def _with_cells(row: ClassRow, cells: _Cells) -> ClassRow:
    name, number, email, section = (as_it_was(cells.get(head, "")) for head in _PERSON)
    listed = Listed(name, (number,) if number else (), email, section) if name or number or email else None
    return replace(row, handed_in=cells.get("handed_in", ""), late=bool(cells.get("late")), listed=listed)
