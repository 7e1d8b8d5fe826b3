"""Finding the submissions that a command was pointed at."""

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.errors import UsageError

_UNSAFE = re.compile(r'[\x00-\x1f\x7f\ud800-\udfff/\\:*?"<>|]|^[.\-=+@]|[. ]$|^$')
_LONGEST_NAME = 200  # bytes; temporary files beside a result have longer names


@dataclass(frozen=True)
class FoundNotebook:
    """A notebook and the name that its result will have.

    Attributes:
        path: where it lies.
        student: whose it is.
        source: where it lies in the folder of submissions, such as ``ada/autoencoders/autoencoders.ipynb``.
        passed_over: other notebooks of the same student.
    """

    path: Path
    student: str
    source: str
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True)
class Undecided:
    """A student with several notebooks, of whom nobody can know which one is to be graded."""

    student: str
    reason: str


def find_notebooks(
    paths: Sequence[Path], assignment: str, released: str
) -> tuple[tuple[FoundNotebook, ...], tuple[Undecided, ...]]:
    """Each student's notebook under the paths, sorted by student, and the students who cannot be decided about.

    Args:
        paths: notebooks and folders.
        assignment: the assignment's name.
        released: the name of the notebook that was handed out.

    A folder that cannot be looked into is its student's alone: it stands in for the notebook that should be there, and
    whoever reads that will be told why it cannot be.

    Raises:
        UsageError: a path does not exist or is no notebook, a folder holds none, or a name cannot be a file's.
    """
    theirs: dict[tuple[Path, str], dict[Path, FoundNotebook]] = defaultdict(dict)
    for given in paths:
        for one in _found(given, assignment):
            folder = _absolute(one.path).parents[len(PurePosixPath(one.source).parts) - 1]
            theirs[folder, owner_of(one.source)][_absolute(one.path)] = one
    chosen = [_chosen(list(mine.values()), released) for mine in theirs.values()]
    return (
        tuple(sorted((one for one in chosen if isinstance(one, FoundNotebook)), key=lambda one: one.student)),
        tuple(sorted((one for one in chosen if isinstance(one, Undecided)), key=lambda one: one.student)),
    )


def student_of(path: Path, assignment: str) -> str:
    """The student whose notebook a path names: the folder above the assignment's, elsewhere the file's stem."""
    return _located(path, path, assignment).student


def owner_of(source: str) -> str:
    """What names a student in a folder of submissions: the first part of the path that a notebook has there."""
    return PurePosixPath(source).parts[0]


def _found(given: Path, assignment: str) -> Iterator[FoundNotebook]:
    for path in _notebooks(given, assignment):
        one = _located(given, path, assignment)
        if _UNSAFE.search(one.student) or len(os.fsencode(one.student)) > _LONGEST_NAME:
            raise UsageError(f"{one.path}: {one.student!r} cannot be the name of a result file; rename it")
        yield one


def _located(given: Path, path: Path, assignment: str) -> FoundNotebook:
    """A notebook that was given, or lies in a folder that was given.

    The first level below the folder of submissions names the student. What lies deeper is the student's own to name.
    """
    source = _absolute(path).relative_to(_folder_of_submissions(given, path, assignment))
    student = source.parts[0] if len(source.parts) > 1 else source.stem
    return FoundNotebook(path, student, source.as_posix())


def _folder_of_submissions(given: Path, path: Path, assignment: str) -> Path:
    """The folder that was given, or the one above where that is a student's own or one's folder for the assignment."""
    top = _absolute(given)
    folder = top.parent if given == path else top
    if folder.name == assignment and folder.parent.name:
        return folder.parent.parent
    if given != path and folder.name and (folder / assignment).is_dir():
        return folder.parent
    return folder


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - a link is not followed: its target is somebody else's


def _chosen(mine: Sequence[FoundNotebook], released: str) -> FoundNotebook | Undecided:
    """The one with the released name that lies nearest to the top, else the only one."""
    named = [one for one in mine if one.path.name == released]
    nearest = min((one.source.count("/") for one in named), default=0)
    candidates = [one for one in named if one.source.count("/") == nearest] or mine
    if len(candidates) > 1:
        names = " and ".join(one.source for one in candidates[:3])
        return Undecided(mine[0].student, f"nobody can know which of {names} is to be graded; keep one of them")
    [one] = candidates
    return FoundNotebook(one.path, one.student, one.source, tuple(other.source for other in mine if other is not one))


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
