"""A notebook's code cells as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DRIVER = "driver"


@dataclass(frozen=True)
class CodeCell:
    """One code cell.

    Attributes:
        source: its text.
        grade_id: nbgrader's name for it; empty where it has none.
        locked: whether students may not change it.
        solution: whether it is for students to fill in.
        graded: whether it is a test cell.
        driver: whether it trains, plots or otherwise only uses what the others define; graders do not run it.
    """

    source: str
    grade_id: str = ""
    locked: bool = False
    solution: bool = False
    graded: bool = False
    driver: bool = False


def code_cells(notebook: Mapping[str, Any]) -> tuple[CodeCell, ...]:
    """The code cells of a notebook read as JSON; whatever is malformed is passed over."""
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        return ()
    return tuple(_code_cell(cell) for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code")


def _code_cell(cell: Mapping[str, Any]) -> CodeCell:
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    nbgrader = metadata.get("nbgrader")
    nbgrader = nbgrader if isinstance(nbgrader, dict) else {}
    tags = metadata.get("tags")
    grade_id = nbgrader.get("grade_id")
    return CodeCell(
        source=_text(cell.get("source")),
        grade_id=grade_id if isinstance(grade_id, str) else "",
        locked=nbgrader.get("locked") is True,
        solution=nbgrader.get("solution") is True,
        graded=nbgrader.get("grade") is True,
        driver=isinstance(tags, list) and DRIVER in tags,
    )


def _text(source: object) -> str:
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""
