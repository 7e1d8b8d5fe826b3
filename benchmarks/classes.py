"""Classes of any size, made of the sample submissions."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

COURSE = Path(__file__).resolve().parents[1]
SAMPLES = sorted((COURSE / "examples" / "submitted").glob("student-*/autoencoders/autoencoders.ipynb"))[:-1]

Notebook = dict[str, Any]


def as_it_is(notebook: Notebook) -> Notebook:
    """The notebook."""
    return notebook


def submissions(folder: Path, numbers: range, change: Callable[[Notebook], Notebook] = as_it_is) -> Iterator[Path]:
    """Samples over and over, each with a comment of its own, so that no two have the same probes; yields their paths.

    Args:
        folder: where they are laid, as `<student>/autoencoders/autoencoders.ipynb`.
        numbers: the students' numbers.
        change: what is done to each.
    """
    for number in numbers:
        notebook = change(json.loads(SAMPLES[number % len(SAMPLES)].read_text(encoding="utf-8")))
        cell = next(cell for cell in notebook["cells"] if grade_id(cell) == "encoder")
        cell["source"] = ["".join(cell["source"]), f"\n# {number}\n"]
        path = folder / f"student-{number:05}" / "autoencoders" / "autoencoders.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        yield path


def grade_id(cell: Notebook) -> str:
    """nbgrader's name for a cell; empty where it has none."""
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
