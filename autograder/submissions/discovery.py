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

    A folder that cannot be looked into is its student's alone: it stands in for the notebook that should be there, and
    whoever reads that will be told why it cannot be.

    Raises:
        UsageError: a path does not exist or is no notebook, a folder holds none, two notebooks would have one name, or
            a name cannot be a file's.
    """
    inside = [path for given in paths for path in _notebooks(given, assignment)]
    found = [FoundNotebook(path, student_of(path, assignment)) for path in inside]
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


def _notebooks(given: Path, assignment: str) -> list[Path]:
    try:
        if given.is_dir():
            return _inside(given, assignment)
        if not given.exists():
            raise UsageError(f"{given} does not exist")
    except OSError as error:
        raise UsageError(f"{error.filename or given} cannot be read: {error.strerror}") from None
    if given.suffix != ".ipynb":
        raise UsageError(f"{given} is not a notebook (its name does not end in .ipynb)")
    return [given]


def _inside(given: Path, assignment: str) -> list[Path]:
    errors: list[OSError] = []
    notebooks: list[Path] = []
    for folder, folders, files in os.walk(given, onerror=errors.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        names = [name for name in (*folders, *files) if name.endswith(".ipynb") and not name.startswith(".")]
        notebooks += [Path(folder, name) for name in names]
    closed = [Path(error.filename) for error in errors]
    if given in closed:
        raise errors[closed.index(given)]
    if not notebooks and not closed:
        raise UsageError(f"{given} holds no notebooks (*.ipynb)")
    notebooks += _missed(closed, notebooks, assignment)
    return sorted(notebooks)


def _missed(closed: Sequence[Path], notebooks: Sequence[Path], assignment: str) -> list[Path]:
    """The notebooks that folders which cannot be looked into should hold; none where their student has another one."""
    students = {student_of(path, assignment) for path in notebooks}
    missed = []
    for folder in closed:
        above = next((one for one in (folder, *folder.parents) if one.name == assignment), folder / assignment)
        if not students.intersection((above.parent.name, folder.parent.name)):
            missed.append(above / f"{assignment}.ipynb")
    return list(dict.fromkeys(missed))
