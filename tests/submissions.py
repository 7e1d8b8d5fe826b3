"""Notebooks as plain data, to change and to write to files."""

import json
from pathlib import Path
from typing import Any

Notebook = dict[str, Any]

ROOT = Path(__file__).parents[1]
_RIGHT = ROOT / "examples" / "submitted" / "student-01" / "autoencoders" / "autoencoders.ipynb"


def right() -> Notebook:
    """A submission that earns all points."""
    notebook: Notebook = json.loads(_RIGHT.read_text(encoding="utf-8"))
    return notebook


def stub() -> Notebook:
    """The notebook as it was released."""
    notebook: Notebook = json.loads((ROOT / "notebooks/autoencoders/autoencoders.ipynb").read_text(encoding="utf-8"))
    return notebook


def code(source: object, grade_id: object = "", **nbgrader: object) -> Notebook:
    """A code cell; one with a ``grade_id`` has nbgrader's metadata."""
    metadata = {"nbgrader": {"grade_id": grade_id, **nbgrader}} if grade_id else {}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def place(notebook: Notebook, grade_id: str) -> int:
    """The index of the cell with that ``grade_id``."""
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]]
    return names.index(grade_id)


def cell(notebook: Notebook, grade_id: str) -> Notebook:
    """The cell with that ``grade_id``."""
    found: Notebook = notebook["cells"][place(notebook, grade_id)]
    return found


def text(notebook: Notebook, grade_id: str) -> str:
    """The text of the cell with that ``grade_id``."""
    return "".join(cell(notebook, grade_id)["source"])


def fill(notebook: Notebook, grade_id: str, source: str) -> Notebook:
    """The notebook, with another text in one of its cells."""
    notebook["cells"][place(notebook, grade_id)]["source"] = source
    return notebook


def add(notebook: Notebook, source: str, after: str) -> Notebook:
    """The notebook, with a cell of the student's own behind the one with that ``grade_id``."""
    notebook["cells"].insert(place(notebook, after) + 1, code(source))
    return notebook


def save(content: object, path: Path) -> Path:
    """The path, with a notebook, or bytes in its place, written to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path
