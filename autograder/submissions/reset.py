"""Putting an exercise's cell back as it was released, in a student's notebook."""

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from autograder.atomic import write_atomically
from autograder.course.cells import grade_id_of, text_of
from autograder.course.exercise import Exercise
from autograder.course.release import Release
from autograder.errors import AutograderError
from autograder.submissions.notebook_file import UnreadableNotebook, read_whole_notebook


class CellNotReset(AutograderError):
    """The notebook cannot be read or written; it is as it was."""


def reset_cell(path: Path, exercise: Exercise, release: Release) -> Path | None:
    """Put an exercise's cell back as it was released; a cell that is missing comes back too.

    Args:
        path: the student's notebook.
        exercise: the exercise.
        release: what was handed out.

    Returns:
        Where the student's text of the cell is kept; ``None`` where there was none to keep.

    Raises:
        CellNotReset: the notebook cannot be read, or one of the two files not written.
    """
    try:
        notebook = dict(read_whole_notebook(path))
    except UnreadableNotebook as error:
        raise CellNotReset(str(error)) from None
    stub = _stub(release, exercise.cell)
    own = [cell for cell in notebook["cells"] if isinstance(cell, dict) and grade_id_of(cell) == exercise.cell]
    texts = [text_of(cell) for cell in own if text_of(cell) != text_of(stub)]
    if len(own) == 1 and own[0].get("cell_type") == "code" and not texts:
        return None
    if own:
        first, *copies = own
        first.pop("attachments", None)
        first.update({part: value for part, value in stub.items() if part != "id"})
        notebook["cells"] = [cell for cell in notebook["cells"] if not any(cell is copy for copy in copies)]
    else:
        notebook["cells"].insert(_position(notebook, exercise), _fitting(stub, notebook))
    try:
        kept = _keep(path, exercise.cell, texts) if texts else None
        write_atomically(path, json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    except (OSError, UnicodeEncodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it holds half a character"
        raise CellNotReset(f"{path} cannot be written ({reason}); it is as it was") from None
    return kept


def _stub(release: Release, grade_id: str) -> dict[str, Any]:
    [stub] = [cell for cell in release.notebook["cells"] if grade_id_of(cell) == grade_id]
    return {**stub, "outputs": [], "execution_count": None}


def _position(notebook: Mapping[str, Any], exercise: Exercise) -> int:
    """Before the exercise's check, or at the end where that is missing as well."""
    cells = notebook["cells"]
    checks = [
        n for n, cell in enumerate(cells) if isinstance(cell, dict) and grade_id_of(cell) == f"test_{exercise.cell}"
    ]
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
