"""Finding the submissions that a command was pointed at."""

import os
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError

_UNSAFE = re.compile(r'[\x00-\x1f\x7f\ud800-\udfff/\\:*?"<>|]|^[.\-=+@]|[. ]$|^$')
_LONGEST_NAME = 200  # bytes; temporary files beside a result have longer names


@dataclass(frozen=True)
class FoundNotebook:
    """A notebook and the name that its result will have."""

    path: Path
    student: str


def find_notebooks(paths: Sequence[Path], assignment: str) -> tuple[FoundNotebook, ...]:
    """Every notebook that the paths name or hold, sorted by student.

    Raises:
        UsageError: a path does not exist or is no notebook, a folder holds none, two notebooks would have one name, or
            a name cannot be a file's.
    """
    found = [FoundNotebook(path, student_of(path, assignment)) for given in paths for path in _notebooks(given)]
    by_name: dict[str, list[Path]] = defaultdict(list)
    for one in found:
        by_name[one.student.casefold()].append(one.path)
        if _UNSAFE.search(one.student) or len(os.fsencode(one.student)) > _LONGEST_NAME:
            raise UsageError(f"{one.path}: {one.student!r} cannot be the name of a result file; rename it")
    for same in by_name.values():
        if len(same) > 1:
            places, student = " and ".join(str(path) for path in same[:3]), student_of(same[0], assignment)
            raise UsageError(f"{places} would both be the result of {student!r}; give each student one notebook")
    return tuple(sorted(found, key=lambda one: one.student))


def student_of(path: Path, assignment: str) -> str:
    """The folder above the assignment's, ``…/<student>/<assignment>/x.ipynb``; elsewhere the file's stem."""
    folder = Path(os.path.abspath(path)).parent  # noqa: PTH100 - a link is not followed: its target is somebody else's
    return folder.parent.name if folder.name == assignment and folder.parent.name else path.stem


def _notebooks(given: Path) -> list[Path]:
    try:
        if given.is_dir():
            inside = sorted(path for path in given.rglob("*.ipynb") if not _hidden(path.relative_to(given)))
            if not inside:
                raise UsageError(f"{given} holds no notebooks (*.ipynb)")
            return inside
        if not given.exists():
            raise UsageError(f"{given} does not exist")
    except PermissionError as error:
        raise UsageError(f"{error.filename or given} cannot be read: permission denied") from None
    if given.suffix != ".ipynb":
        raise UsageError(f"{given} is not a notebook (its name does not end in .ipynb)")
    return [given]


def _hidden(relative: Path) -> bool:
    return any(part.startswith(".") for part in relative.parts)
