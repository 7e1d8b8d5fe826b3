"""Reading a submission: the released notebook as the skeleton, the student's cells in their places."""

import hashlib
import json
import stat
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.course.cells import CodeCell, code_cells, grade_id_of, text_of
from autograder.course.release import Release, code_lines, defined_in
from autograder.submissions.helper_files import HelperFile, HelperFiles, helper_files
from autograder.submissions.merge import Slot, merge
from autograder.submissions.notebook_file import UnreadableNotebook, read_notebook
from autograder.submissions.versions import remarks_on_version

LARGEST_CODE = 1 << 20  # characters


@dataclass(frozen=True)
class Cell:
    """A cell to run: its text, and the name of the solution cell that it is (empty for all others).

    Where a file's text is looked through like a cell, ``file`` is that file's name.
    """

    source: str
    name: str = ""
    file: str = ""


@dataclass(frozen=True)
class Submission:
    """What a student has handed in.

    Attributes:
        student: the student's name in results.
        assignment: the assignment's name.
        path: where the notebook lies.
        release: what it was read against.
        cells: what is run, in order.
        solutions: the student's text of each solution cell that there is.
        digest: SHA-256 of what is run, to the letter.
        problem: why nothing could be read, if so.
        source: where the notebook lies in the folder of submissions; empty where that is not known.
        tests: how many of the cells come before each test cell, by its name: what an exercise is tried on.
        texts: for a solution cell that has become text the kind of cell that it is now, by its name.
        split: names of solution cells that were cut in two in the middle of a class or function.
        files: what was handed in beside the notebook and is named in it.
        remarks: what a reader of the result should know of how it was read.
        flags: what a person should look at before anything is run: what else was handed in.
    """

    student: str
    assignment: str
    path: Path
    release: Release
    cells: tuple[Cell, ...] = ()
    solutions: Mapping[str, str] | None = None
    digest: str = ""
    problem: str = ""
    source: str = ""
    tests: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    split: frozenset[str] = frozenset()
    files: tuple[HelperFile, ...] = ()
    remarks: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


def read_submission(
    path: Path, student: str, assignment: str, release: Release, folder: Path | None = None
) -> Submission:
    """Read a student's notebook; one that cannot be read is a submission with a ``problem``.

    Args:
        path: the notebook.
        student: the student's name in results.
        assignment: the assignment's name.
        release: what it is read against.
        folder: a folder of the student's alone, whose files go with the notebook; ``None`` where there is no such.
    """
    try:
        notebook = read_notebook(path)
        cells = code_cells(notebook)
        if (size := sum(len(cell.source) for cell in cells)) > LARGEST_CODE:
            most = f"{LARGEST_CODE:,} that are read"
            raise UnreadableNotebook(f"{path.name} has {size:,} characters of code, more than the {most}")
    except UnreadableNotebook as error:
        return Submission(student, assignment, path, release, digest=_digest_of_file(path), problem=str(error))
    slots = merge(cells, release.cells, release)
    solutions, texts = _solutions(slots), solutions_in_text(notebook, release)
    if not belongs_to(notebook, release):
        problem = f"{path.name} has none of the assignment's cells; is it the notebook of another assignment?"
        return Submission(student, assignment, path, release, digest=_digest((), {}), problem=problem)
    merged, tests = _to_run(slots)
    helpers = HelperFiles() if folder is None else helper_files(folder, [cell.source for cell in merged])
    return Submission(
        *(student, assignment, path, release, merged),
        solutions={name: "\n\n".join(pieces) for name, pieces in solutions.items()},
        tests=tests,
        texts={name: kind for name, kind in texts.items() if name not in solutions},
        split=frozenset(name for name, pieces in solutions.items() if any(map(begins_inside, pieces[1:]))),
        digest=_digest(merged, tests, helpers.files),
        files=helpers.files,
        remarks=(*remarks_on_version(notebook, release), *helpers.remarks),
    )


def nothing_handed_in(path: Path, student: str, assignment: str, release: Release, problem: str) -> Submission:
    """The submission of a student who has no notebook.

    Args:
        path: where it should be.
        student: the student's name in results.
        assignment: the assignment's name.
        release: what it would be read against.
        problem: what there is instead.
    """
    digest = hashlib.sha256(problem.encode("utf-8", "surrogatepass")).hexdigest()
    return Submission(student, assignment, path, release, digest=digest, problem=problem)


def belongs_to(notebook: Mapping[str, Any], release: Release) -> bool:
    """Whether a notebook is one of the release's assignment.

    It has a cell for an answer, or defines the same in a notebook that has lost its metadata; another assignment's
    may well have an ``Encoder`` of its own.
    """
    names = {grade_id_of(cell) for cell in notebook["cells"] if isinstance(cell, dict)} - {""}
    if names & {cell.grade_id for cell in release.cells if cell.solution}:
        return True
    others = bool(names) and not names & {cell.grade_id for cell in release.cells}
    return not others and _defines_the_same(code_cells(notebook), release)


def solutions_in_text(notebook: Mapping[str, Any], release: Release) -> dict[str, str]:
    """The solution cells that have become text, with the kind that each is now, ``markdown`` or ``raw``."""
    solutions = {cell.grade_id: cell.source for cell in release.cells if cell.solution}
    return {
        name: str(cell["cell_type"])
        for cell in notebook["cells"]
        if isinstance(cell, dict)
        and cell.get("cell_type") in ("markdown", "raw")
        and (name := grade_id_of(cell)) in solutions
        and code_lines(text_of(cell)) not in ((), code_lines(solutions[name]))
    }


def _solutions(slots: Iterable[Slot[CodeCell]]) -> dict[str, list[str]]:
    """The pieces of each solution that the student has, in order, as they are run."""
    pieces: dict[str, list[str]] = defaultdict(list)
    for slot in slots:
        if slot.name and slot.own:
            pieces[slot.name].append(slot.own.source)
    return pieces


def begins_inside(piece: str) -> bool:
    """Whether a piece of an answer begins inside of a class or function, as the lower half of a cell split there."""
    first = next((line for line in piece.splitlines() if line.split("#")[0].strip()), "")
    return first[:1] in (" ", "\t")


def _defines_the_same(cells: tuple[CodeCell, ...], release: Release) -> bool:
    """Whether any cell defines what a solution cell should, as in a notebook that has lost its metadata."""
    asked = release.definitions()
    return any(name in asked for cell in cells for name in defined_in(cell.source))


def _to_run(slots: Iterable[Slot[CodeCell]]) -> tuple[tuple[Cell, ...], dict[str, int]]:
    """What is run, and how much of it comes before each test cell."""
    cells: list[Cell] = []
    tests: dict[str, int] = {}
    for slot in slots:
        if slot.own:
            cells.append(Cell(slot.own.source, slot.name))
        elif slot.given and slot.given.graded:
            tests[slot.name] = len(cells)
        elif slot.given and _runs(slot.given):
            cells.append(Cell(slot.given.source))
    return tuple(cells), tests


def _runs(given: CodeCell) -> bool:
    return not (given.solution or given.driver or given.graded) and bool(given.source.strip())


def _digest(cells: tuple[Cell, ...], tests: Mapping[str, int], files: Iterable[HelperFile] = ()) -> str:
    """SHA-256 over the names and texts of the cells, to the letter, over where they are tested, and over own files.

    Blanks inside a string are data: what differs in them is another submission, and meets another seed.
    """
    told = [[(cell.name, cell.source) for cell in cells], sorted(tests.items())]
    told += [[(file.name, file.digest) for file in files]]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _digest_of_file(path: Path) -> str:
    with suppress(OSError):
        if stat.S_ISREG(path.lstat().st_mode):  # a pipe or a device may never end
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
    return _digest((), {})
