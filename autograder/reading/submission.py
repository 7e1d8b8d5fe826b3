"""Reading a submission: the released notebook as the skeleton, the student's cells in their places."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.reading.cells import CodeCell, code_cells
from autograder.reading.released import Released, code_lines

LARGEST_NOTEBOOK = 50 << 20
_DEFINITION = re.compile(r"^(?:class|def) +(\w+)", re.MULTILINE)


class UnreadableNotebook(Exception):
    """The file is no notebook that could be graded; the message says why, for the student."""


@dataclass(frozen=True)
class Cell:
    """A cell to run: its text, and the name of the solution cell that it is (empty for all others)."""

    source: str
    name: str = ""


@dataclass(frozen=True)
class Submission:
    """What a student has handed in.

    Attributes:
        student: the student's name in results.
        assignment: the assignment's name.
        path: where the notebook lies.
        cells: what is run, in order.
        solutions: the student's text of each solution cell that there is.
        digest: SHA-256 of what is run.
        problem: why nothing could be read, if so.
    """

    student: str
    assignment: str
    path: Path
    cells: tuple[Cell, ...] = ()
    solutions: Mapping[str, str] | None = None
    digest: str = ""
    problem: str = ""


def read_cells(path: Path) -> tuple[CodeCell, ...]:
    """The code cells of a notebook file.

    Raises:
        UnreadableNotebook: the file is too large, unreadable, no JSON, or has no code cells.
    """
    try:
        if not path.is_file():
            raise UnreadableNotebook(f"{path.name} is not a regular file")
        if (size := path.stat().st_size) > LARGEST_NOTEBOOK:
            limit = LARGEST_NOTEBOOK >> 20
            raise UnreadableNotebook(f"{path.name} has {size >> 20} MB, more than the {limit} MB that are read")
        notebook = json.loads(path.read_bytes())
    except OSError as error:
        raise UnreadableNotebook(f"{path.name} cannot be opened: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise UnreadableNotebook(f"{path.name} is not valid JSON, so it is no notebook; save it again") from None
    cells = code_cells(notebook) if isinstance(notebook, dict) else ()
    if not cells:
        raise UnreadableNotebook(f"{path.name} holds no code cells")
    return cells


def read_submission(path: Path, student: str, assignment: str, released: Released) -> Submission:
    """Read a student's notebook; one that cannot be read is a submission with a ``problem``."""
    try:
        cells = read_cells(path)
    except UnreadableNotebook as error:
        return Submission(student, assignment, path, digest=_digest_of_file(path), problem=str(error))
    solutions = _solutions(cells, released)
    if not solutions and not _defines_the_same(cells, released):
        problem = f"{path.name} has none of the assignment's cells; is it the notebook of another assignment?"
        return Submission(student, assignment, path, digest=_digest(()), problem=problem)
    merged = tuple(_merged(cells, solutions, released))
    return Submission(student, assignment, path, merged, solutions, _digest(merged))


def _solutions(cells: tuple[CodeCell, ...], released: Released) -> dict[str, str]:
    """The student's solution cells; of several with one name, the last that is not the untouched stub."""
    known = {cell.grade_id: cell.source for cell in released.cells if cell.solution}
    chosen: dict[str, str] = {}
    for cell in cells:
        stub = known.get(cell.grade_id)
        if stub is None:
            continue
        untouched = code_lines(cell.source) in ((), code_lines(stub))
        if cell.grade_id not in chosen or not untouched:
            chosen[cell.grade_id] = cell.source
    return chosen


def _defines_the_same(cells: tuple[CodeCell, ...], released: Released) -> bool:
    """Whether any cell defines what a solution cell should, as in a notebook that has lost its metadata."""
    asked = {name for cell in released.cells if cell.solution for name in _DEFINITION.findall(cell.source)}
    return any(name in asked for cell in cells for name in _DEFINITION.findall(cell.source))


def _added(cells: tuple[CodeCell, ...], released: Released) -> dict[str, list[str]]:
    """The student's own cells, by the known cell that they follow; ``""`` for those before the first."""
    known = {cell.grade_id for cell in released.cells if cell.grade_id}
    plain = {cell.source for cell in released.cells if not cell.grade_id}
    added: dict[str, list[str]] = defaultdict(list)
    place = ""
    for cell in cells:
        if cell.grade_id in known:
            place = cell.grade_id
        elif cell.source.strip() and cell.source not in plain:
            added[place].append(cell.source)
    return added


def _merged(cells: tuple[CodeCell, ...], solutions: Mapping[str, str], released: Released) -> list[Cell]:
    added = _added(cells, released)
    merged: list[Cell] = []
    first = True
    for cell in released.cells:
        if cell.grade_id and first:
            merged += [Cell(source) for source in added.get("", ())]
            first = False
        if cell.solution:
            if cell.grade_id in solutions:
                merged.append(Cell(solutions[cell.grade_id], cell.grade_id))
        elif not cell.driver and not cell.graded and cell.source.strip():
            merged.append(Cell(cell.source))
        merged += [Cell(source) for source in added.get(cell.grade_id, ()) if cell.grade_id]
    return merged


def _digest(cells: tuple[Cell, ...]) -> str:
    """SHA-256 over the cells' texts, with line ends and trailing blanks made alike."""
    texts = ["\n".join(line.rstrip() for line in cell.source.splitlines()).strip("\n") for cell in cells]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _digest_of_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return _digest(())
