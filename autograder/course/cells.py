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
    return tuple(_code_cell(cell) for cell in cells if isinstance(cell, dict) and is_code(cell))


def is_code(cell: Mapping[str, Any]) -> bool:
    """Whether it is a code cell. One that was released as code and has become text is text: Jupyter does not run it."""
    return cell.get("cell_type") == "code"


def grade_id_of(cell: Mapping[str, Any]) -> str:
    """nbgrader's name for a cell; empty where it has none."""
    grade_id = nbgrader_metadata(cell).get("grade_id")
    return grade_id if isinstance(grade_id, str) else ""


def nbgrader_metadata(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """What nbgrader has noted about a cell; empty where that is nothing or malformed."""
    nbgrader = _metadata(cell).get("nbgrader")
    return nbgrader if isinstance(nbgrader, dict) else {}


def text_of(cell: Mapping[str, Any]) -> str:
    """A cell's text, however it is stored."""
    source = cell.get("source")
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _metadata(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = cell.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _code_cell(cell: Mapping[str, Any]) -> CodeCell:
    nbgrader = nbgrader_metadata(cell)
    grade_id = nbgrader.get("grade_id")
    tags = _metadata(cell).get("tags")
    return CodeCell(
        source=text_of(cell),
        grade_id=grade_id if isinstance(grade_id, str) else "",
        locked=nbgrader.get("locked") is True,
        solution=nbgrader.get("solution") is True,
        graded=nbgrader.get("grade") is True,
        driver=isinstance(tags, list) and DRIVER in tags,
    )
