"""Putting an exercise's cell back as it was released, in a student's notebook."""

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from autograder.atomic import write_atomically
from autograder.bundled import bundled
from autograder.errors import AutograderError
from autograder.exercises.definition import Exercise
from autograder.reading.cells import grade_id_of, text_of
from autograder.reading.released import ASSIGNMENT, NOTEBOOK
from autograder.reading.submission import UnreadableNotebook, read_notebook


class NotRestored(AutograderError):
    """The notebook cannot be read or written; it is as it was."""


def restore(path: Path, known: Exercise) -> Path | None:
    """Put an exercise's cell back as it was released; a cell that is missing comes back too.

    Args:
        path: the student's notebook.
        known: the exercise.

    Returns:
        Where the student's text of the cell is kept; ``None`` where there was none to keep.

    Raises:
        NotRestored: the notebook cannot be read, or one of the two files not written.
    """
    try:
        notebook = dict(read_notebook(path))
    except UnreadableNotebook as error:
        raise NotRestored(str(error)) from None
    stub = _released(known.cell)
    own = [cell for cell in notebook["cells"] if isinstance(cell, dict) and grade_id_of(cell) == known.cell]
    texts = [text_of(cell) for cell in own if text_of(cell) != text_of(stub)]
    if len(own) == 1 and own[0].get("cell_type") == "code" and not texts:
        return None
    if own:
        first, *copies = own
        first.pop("attachments", None)
        first.update({part: value for part, value in stub.items() if part != "id"})
        notebook["cells"] = [cell for cell in notebook["cells"] if not any(cell is copy for copy in copies)]
    else:
        notebook["cells"].insert(_place(notebook, known), _fitting(stub, notebook))
    try:
        kept = _keep(path, known.cell, texts) if texts else None
        write_atomically(path, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    except (OSError, UnicodeEncodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it holds half a character"
        raise NotRestored(f"{path} cannot be written ({reason}); it is as it was") from None
    return kept


def _released(grade_id: str) -> dict[str, Any]:
    notebook = json.loads(bundled(f"notebooks/{ASSIGNMENT}/{NOTEBOOK}").read_text(encoding="utf-8"))
    [stub] = [cell for cell in notebook["cells"] if grade_id_of(cell) == grade_id]
    return {**stub, "outputs": [], "execution_count": None}


def _place(notebook: Mapping[str, Any], known: Exercise) -> int:
    """Before the exercise's check, or at the end where that is missing as well."""
    cells = notebook["cells"]
    checks = [n for n, cell in enumerate(cells) if isinstance(cell, dict) and grade_id_of(cell) == f"test_{known.cell}"]
    return checks[0] if checks else len(cells)


def _fitting(stub: Mapping[str, Any], notebook: Mapping[str, Any]) -> dict[str, Any]:
    """The cell, without an id in a notebook whose format has none."""
    minor = notebook.get("nbformat_minor")
    has_ids = isinstance(minor, int) and minor >= 5
    return {part: value for part, value in stub.items() if part != "id" or has_ids}


def _keep(path: Path, grade_id: str, texts: list[str]) -> Path:
    names = (f"{path.stem}.{grade_id}.before-reset{'' if n == 1 else f'-{n}'}.py" for n in count(1))
    kept = next(free for name in names if not (free := path.with_name(name)).exists())
    write_atomically(kept, "\n\n".join(texts).rstrip("\n") + "\n")
    return kept
