"""Notebooks that were handed in under another name."""

from collections.abc import MutableSequence
from pathlib import Path

from autograder.errors import UsageError
from autograder.reading.released import ASSIGNMENT, NOTEBOOK


def under_the_released_name(assignment: str, student: str, notebooks: MutableSequence[str]) -> None:  # noqa: ARG001
    """Have nbgrader grade a renamed notebook instead of passing it over: nbgrader's ``pre_convert_hook``.

    The list is what nbgrader goes through next; the file keeps its name, and the exporter finds it.
    """
    paths = [Path(path) for path in notebooks]
    if assignment == ASSIGNMENT and paths and NOTEBOOK not in {path.name for path in paths}:
        notebooks[:] = [str(paths[0].with_name(NOTEBOOK))]


def handed_in(folder: Path) -> Path:
    """The notebook in a student's folder: the one with the released name, else the only one.

    Raises:
        UsageError: there are several, and none has the released name.
    """
    released = folder / NOTEBOOK
    if released.exists():
        return released
    others = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    if len(others) > 1:
        names = " and ".join(path.name for path in others[:3])
        raise UsageError(f"{folder} holds {names}, and none is called {NOTEBOOK}; keep the one to be graded")
    return others[0] if others else released
