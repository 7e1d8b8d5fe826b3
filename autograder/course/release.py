"""The notebook that was handed out: the skeleton that every submission is read against."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self

from autograder.course.cells import CodeCell, code_cells, nbgrader_metadata

_DEFINITION = re.compile(r"^(?:class|def) +(\w+)", re.MULTILINE)
_NETWORK = re.compile(r"^class +(\w+)\(nn\.Module\)", re.MULTILINE)


@dataclass(frozen=True)
class Release:
    """An instructor's notebook as handed out.

    Attributes:
        name: the file's name.
        cells: its code cells.
        notebook: all of it, as JSON.
        whole_tests: the text of test cells of which students were handed a part, by ``grade_id``.
    """

    name: str
    cells: tuple[CodeCell, ...]
    notebook: Mapping[str, Any] = field(repr=False, compare=False)
    whole_tests: Mapping[str, str] = field(default_factory=dict, compare=False)

    def with_whole_tests(self, texts: Mapping[str, str]) -> Self:
        """The release, with test cells whose hidden part is known.

        Args:
            texts: what test cells hold, by ``grade_id``; others and what is the same as handed out are passed over.
        """
        tests = {cell.grade_id: cell.source for cell in self.cells if cell.graded and not cell.solution}
        hidden = {name: text for name, text in texts.items() if tests.get(name, text) != text}
        return replace(self, whole_tests=hidden)

    def stub(self, grade_id: str) -> str:
        """The text that a solution cell was released with; empty for an unknown one."""
        return next((cell.source for cell in self.cells if cell.grade_id == grade_id), "")

    def definitions(self) -> dict[str, str]:
        """The solution cell that each class or function which students are asked for belongs to."""
        return {name: cell.grade_id for cell in self.cells if cell.solution for name in defined_in(cell.source)}

    def networks(self) -> dict[str, str]:
        """The solution cell of each class that students are asked to make of layers."""
        return {name: cell.grade_id for cell in self.cells if cell.solution for name in _NETWORK.findall(cell.source)}

    @cached_property
    def points(self) -> Mapping[str, float]:
        """The points of each cell that is graded, by its ``grade_id``: those of text cells and of tasks, too."""
        graded = (nbgrader_metadata(cell) for cell in self.notebook["cells"] if isinstance(cell, dict))
        return {
            str(nbgrader["grade_id"]): float(nbgrader["points"])
            for nbgrader in graded
            if (nbgrader.get("grade") or nbgrader.get("task")) and _is_number_of_points(nbgrader.get("points"))
        }

    @cached_property
    def checksums(self) -> Mapping[str, str]:
        """nbgrader's checksum of each cell with a name, in order."""
        return checksums_of(self.notebook)

    @cached_property
    def given_lines(self) -> frozenset[str]:
        """Every code line of the released cells, stripped and without comments."""
        return frozenset(code_lines("\n".join(cell.source for cell in self.cells)))


def checksums_of(notebook: Mapping[str, Any]) -> dict[str, str]:
    """nbgrader's checksum of each cell with a name, in order."""
    noted = (nbgrader_metadata(cell) for cell in notebook.get("cells", ()) if isinstance(cell, dict))
    pairs = ((nbgrader.get("grade_id"), nbgrader.get("checksum")) for nbgrader in noted)
    return {name: checksum for name, checksum in pairs if name and isinstance(name, str) and isinstance(checksum, str)}


def _is_number_of_points(points: object) -> bool:
    return isinstance(points, int | float) and 0 <= points < math.inf


def defined_in(source: str) -> list[str]:
    """The classes and functions that a text defines at a line's start."""
    return _DEFINITION.findall(source)


@lru_cache(maxsize=512)  # a class has most of its cells in common
def code_lines(source: str) -> tuple[str, ...]:
    """A cell's lines, stripped, without comments and empty lines."""
    stripped = (line.split("#")[0].strip() for line in source.splitlines())
    return tuple(line for line in stripped if line)


def read_release(path: Path) -> Release:
    """Read a released notebook.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no notebook.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise ValueError(f"{path} is no notebook")
    return Release(path.name, code_cells(notebook), notebook)
