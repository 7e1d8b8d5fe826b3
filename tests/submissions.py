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


def code(source: object, grade_id: object = "", **nbgrader: object) -> Notebook:
    """A code cell; one with a ``grade_id`` has nbgrader's metadata."""
    metadata = {"nbgrader": {"grade_id": grade_id, **nbgrader}} if grade_id else {}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": [], "execution_count": None}


def place(notebook: Notebook, grade_id: str) -> int:
    """The index of the cell with that ``grade_id``."""
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]]
    return names.index(grade_id)


def fill(notebook: Notebook, grade_id: str, source: str) -> Notebook:
    """The notebook, with another text in one of its cells."""
    notebook["cells"][place(notebook, grade_id)]["source"] = source
    return notebook


def add(notebook: Notebook, source: str, after: str) -> Notebook:
    """The notebook, with a cell of the student's own behind the one with that ``grade_id``."""
    notebook["cells"].insert(place(notebook, after) + 1, code(source))
    return notebook


def save(notebook: object, path: Path) -> Path:
    """The path, with the notebook written to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path
