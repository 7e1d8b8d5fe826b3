import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from autograder.autoencoders.course import AUTOENCODERS

SOLUTION = Path(__file__).parents[2] / "solutions/autoencoders/autoencoders.ipynb"


def read(path: Path) -> dict[str, Any]:
    """A notebook with each cell's source as one string."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    return notebook


def by_grade_id(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    cells = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    return {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in cells}


@pytest.fixture(scope="session")
def solution() -> dict[str, Any]:
    return read(SOLUTION)


@pytest.fixture(scope="session")
def release() -> dict[str, Any]:
    return read(AUTOENCODERS.files["notebook"]())


@pytest.fixture(scope="session")
def solution_cells(solution: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return by_grade_id(solution)


@pytest.fixture(scope="session")
def release_cells(release: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return by_grade_id(release)


@pytest.fixture(scope="session")
def definitions(solution: dict[str, Any]) -> str:
    """All code that defines something: no checks and no cells that train or draw."""
    cells = [cell for cell in solution["cells"] if cell["cell_type"] == "code"]
    skipped = [
        c
        for c in cells
        if "driver" in c["metadata"].get("tags", ())
        or c["source"].startswith("from autograder import check\n")
        or c["id"] == "try-a-layer"
    ]
    return "\n\n".join(cell["source"] for cell in cells if cell not in skipped)


@pytest.fixture
def given(definitions: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """The names that the solution notebook defines, in a namespace of their own."""
    mpl.use("Agg")
    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))
    names: dict[str, Any] = {"__name__": "notebook"}
    with mpl.rc_context():
        exec(compile(definitions, "<solution notebook>", "exec"), names)
        names["device"] = "cpu"
        yield SimpleNamespace(**{name: value for name, value in names.items() if not name.startswith("__")})
