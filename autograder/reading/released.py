"""The released notebook: the skeleton that every submission is read against."""

import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from autograder.bundled import bundled
from autograder.reading.cells import CodeCell, code_cells

ASSIGNMENT = "autoencoders"
NOTEBOOK = f"{ASSIGNMENT}.ipynb"
_DEFINITION = re.compile(r"^(?:class|def) +(\w+)", re.MULTILINE)
_NETWORK = re.compile(r"^class +(\w+)\(nn\.Module\)", re.MULTILINE)


@dataclass(frozen=True)
class Released:
    """The released notebook's code cells."""

    cells: tuple[CodeCell, ...]

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
    def given_lines(self) -> frozenset[str]:
        """Every code line of the released cells, stripped and without comments."""
        return frozenset(code_lines("\n".join(cell.source for cell in self.cells)))


def defined_in(source: str) -> list[str]:
    """The classes and functions that a text defines at a line's start."""
    return _DEFINITION.findall(source)


def code_lines(source: str) -> tuple[str, ...]:
    """A cell's lines, stripped, without comments and empty lines."""
    stripped = (line.split("#")[0].strip() for line in source.splitlines())
    return tuple(line for line in stripped if line)


def read_released(path: Path) -> Released:
    """Read a released notebook.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no notebook.
    """
    return Released(code_cells(json.loads(path.read_text(encoding="utf-8"))))


@cache
def released() -> Released:
    """The notebook that this course has released."""
    return read_released(bundled(f"notebooks/{ASSIGNMENT}/{NOTEBOOK}"))
