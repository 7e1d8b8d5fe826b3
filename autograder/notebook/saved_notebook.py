"""Whether the notebook as it is saved, which is what is handed in, holds what has run in the kernel."""

import ast
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course.cells import CodeCell, code_cells, grade_id_of, is_code, text_of
from autograder.course.exercise import Exercise
from autograder.course.release import Release, code_lines, defined_in
from autograder.submissions.notebook_file import UnreadableNotebook, read_notebook
from autograder.submissions.submission import begins_inside, solutions_in_text

_KINDS = {"markdown": "a Markdown", "raw": "a raw"}


@dataclass(frozen=True)
class SavedNotebook:
    """A notebook's file, read as a grader reads it.

    Attributes:
        path: the file.
        release: what it is read against.
    """

    path: Path
    release: Release

    def differs(self, known: Exercise, source: str, cell: str, ended: float) -> str:
        """What a grader would find in place of what has run; empty where it is the same, or nobody knows.

        Args:
            known: the exercise.
            source: the text that was run.
            cell: the id of the cell that was run; empty where it is not known, as in VS Code: its text tells it then.
            ended: when the run ended, in seconds since the epoch; a file saved before tells nothing of it.
        """
        try:
            if self.path.stat().st_mtime <= ended:
                return ""
        except OSError:
            return ""
        cells = self._cells()
        at = _place(cells, cell, source)
        if at is None:
            return _gone(known, cells) if cell else _rewritten(known, cells)
        if (kind := str(cells[at].get("cell_type"))) in _KINDS:
            return _is_text(f"The cell that defined `{known.name}`", kind)
        if text_of(cells[at]).strip() != source.strip():
            return "The cell has another text now than when it was run. Run it again to have the new text checked."
        return self._split(known, cells) or self._defined_below(known, cells, at)

    def answer_in_text(self, known: Exercise) -> str:
        """That the answer stands in a cell which does not run; empty where it does not, or nobody knows."""
        kinds = solutions_in_text({"cells": self._cells()}, self.release)
        return _is_text("The cell for this answer", kinds[known.cell]) if known.cell in kinds else ""

    def code(self) -> tuple[CodeCell, ...]:
        """Its code cells; none where it cannot be read."""
        return code_cells({"cells": self._cells()})

    def _cells(self) -> list[Mapping[str, Any]]:
        try:
            return [cell for cell in read_notebook(self.path)["cells"] if isinstance(cell, dict)]
        except (OSError, UnreadableNotebook):
            return []

    def _split(self, known: Exercise, cells: Iterable[Mapping[str, Any]]) -> str:
        pieces = [text_of(cell) for cell in cells if is_code(cell) and grade_id_of(cell) == known.cell]
        if not any(map(begins_inside, pieces[1:])):
            return ""
        return (
            "The answer's cell was split in the middle of a class or function, and Python reads each cell by itself. "
            "Select the pieces and merge them (Shift+M), then run the cell again."
        )

    def _defined_below(self, known: Exercise, cells: list[Mapping[str, Any]], at: int) -> str:
        """That another cell, between the one that was run and the check, has the last word when all run in order."""
        names = [grade_id_of(cell) for cell in cells]
        check = names.index(known.test_cell) if known.test_cell in names else at
        stub = code_lines(self.release.stub(known.cell))
        below = (text_of(cell) for cell in cells[at + 1 : check] if is_code(cell))
        if not any(known.name in defined_in(text) and code_lines(text) != stub and _is_python(text) for text in below):
            return ""
        return (
            f"Another cell, between this one and the check, defines `{known.name}`, too. Grading runs all cells from "
            "top to bottom, so it is that one which will count. Delete the one that you do not want."
        )


def _place(cells: list[Mapping[str, Any]], cell: str, source: str) -> int | None:
    """Which cell was run: the one of that id, else of that text, rather a code cell than another."""
    if cell:
        return next((number for number, one in enumerate(cells) if one.get("id") == cell), None)
    same = [number for number, one in enumerate(cells) if text_of(one).strip() == source.strip()]
    return next((number for number in same if is_code(cells[number])), next(iter(same), None))


def _rewritten(known: Exercise, cells: Iterable[Mapping[str, Any]]) -> str:
    if not any(map(is_code, cells)):
        return ""
    return (
        f"The text that defined `{known.name}` stands in no cell of the saved notebook, which is what you hand in. Run "
        "the cell again to have the saved text checked."
    )


def _is_text(what: str, kind: str) -> str:
    return (
        f"{what} is {_KINDS[kind]} cell now: nothing in it runs, and grading finds no answer there. Make it a code "
        "cell again (click beside it, press Y), and run it."
    )


def _gone(known: Exercise, cells: Iterable[Mapping[str, Any]]) -> str:
    gives = re.compile(
        rf"^\s*(?:class|def)\s+{known.name}\b|\b{known.name}\s*=(?!=)|\bimport\b.*\b{known.name}\b", re.M
    )
    code = [text_of(cell) for cell in cells if is_code(cell)]
    if not code or any(map(gives.search, code)):
        return ""
    return (
        f"The cell that defined `{known.name}` is not in the saved notebook any more, and no other one defines it: "
        "what you hand in has no answer here. Undo the deletion, or write the cell again."
    )


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def path_of(names: Mapping[str, Any]) -> Path | None:
    """The file of the notebook that the kernel runs for, where Jupyter or VS Code passes it on."""
    path = names.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")
    return Path(path) if isinstance(path, str) else None
