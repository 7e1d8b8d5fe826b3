"""The released notebook: the skeleton that every submission is read against."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.bundled import bundled
from autograder.reading.cells import CodeCell, code_cells

ASSIGNMENT = "autoencoders"
NOTEBOOK = f"{ASSIGNMENT}.ipynb"


@dataclass(frozen=True)
class Released:
    """The released notebook's code cells."""

    cells: tuple[CodeCell, ...]

    def stub(self, grade_id: str) -> str:
        """The text that a solution cell was released with; empty for an unknown one."""
        return next((cell.source for cell in self.cells if cell.grade_id == grade_id), "")

    def given_lines(self) -> frozenset[str]:
        """Every code line of the released cells, stripped and without comments."""
        return frozenset(code_lines("\n".join(cell.source for cell in self.cells)))


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
