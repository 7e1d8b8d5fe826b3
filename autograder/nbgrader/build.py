"""Makes the students' notebooks from the instructor's, with nbgrader, and shows where the two have drifted apart."""

import re
import shutil
import tempfile
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nbformat.warnings import MissingIDFieldWarning
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.course.notebook_diff import diff
from autograder.errors import AutograderError
from autograder.nbgrader.course_folder import read_config

_DRAWN_ID = re.compile(r'"id": "[0-9a-f]{8}",\s*')
_LEFT_BEHIND = (".*", "__pycache__")


class BuildError(AutograderError):
    """The students' notebooks cannot be made; the message says why."""


@dataclass(frozen=True)
class BuildReport:
    """What a build has done.

    Attributes:
        written: files that are new or have changed.
        unchanged: files that were already what the build makes.
    """

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]


def build(course: Path) -> BuildReport:
    """Make the release of every assignment of the course, as ``nbgrader generate_assignment`` does.

    Nothing is touched but the release directory: no gradebook is opened or made. Files that the build does not make are
    left alone. While it runs, nbgrader changes the process's working directory.

    Args:
        course: the folder that holds ``nbgrader_config.py``.

    Raises:
        BuildError: there is nothing to build, or nbgrader refuses a notebook.
        UnreadableCourse: ``nbgrader_config.py`` is missing or cannot be run.
    """
    written, unchanged = [], []
    with _generated(course) as release:
        for name, content in release.files.items():
            path = release.directory / name
            if path.is_file() and path.read_bytes() == content:
                unchanged.append(path)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    return BuildReport(tuple(written), tuple(unchanged))


def difference(course: Path, assignments: Collection[str] = ()) -> str:
    """How the released files differ from what a build would make now, as a unified diff; empty when they do not.

    Args:
        course: the folder that holds ``nbgrader_config.py``.
        assignments: which of them are looked at; all where none is named.

    Raises:
        BuildError: there is nothing to build, or nbgrader refuses a notebook.
        UnreadableCourse: ``nbgrader_config.py`` is missing or cannot be run.
    """
    with _generated(course, assignments) as release:
        parts = [_file_difference(release.directory / name, content) for name, content in release.files.items()]
        made = {release.directory / name for name in release.files}
        folders = [release.directory / name for name in assignments] or [release.directory]
        released = [path for folder in folders for path in _files(folder)]
        strays = [path for path in released if path.suffix == ".ipynb" and path not in made]
    return "\n".join([part for part in parts if part] + [f"{path}: no solution makes this notebook" for path in strays])


@dataclass(frozen=True)
class _Release:
    directory: Path
    files: dict[Path, bytes]


@contextmanager
def _generated(course: Path, only: Collection[str] = ()) -> Iterator[_Release]:
    """The release as nbgrader makes it of a copy of the course, so that the course itself stays as it is."""
    config = read_config(course)
    directories = CourseDirectory(config=config)
    source, release = Path(directories.source_directory), Path(directories.release_directory)
    assignments = sorted(path.parent.name for path in (course / source).glob("*/*.ipynb"))
    if not assignments:
        raise BuildError(f"{course / source} holds no notebooks (expected {source}/<assignment>/<notebook>.ipynb)")
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary).resolve()
        shutil.copytree(course / source, copy / source, ignore=shutil.ignore_patterns(*_LEFT_BEHIND))
        config.CourseDirectory.root = str(copy)
        config.CourseDirectory.db_url = f"sqlite:///{copy / 'gradebook.db'}"
        # What nbgrader's own --no-db does.
        config.GenerateAssignment.no_database = True
        config.SaveCells.enabled = False
        api = NbGraderAPI(config=config)
        with warnings.catch_warnings():
            # nbgrader's own quickstart course has cells without ids, which nobody who builds can do anything about.
            warnings.simplefilter("ignore", MissingIDFieldWarning)
            for assignment in dict.fromkeys(only or assignments):
                _generate(api, assignment)
        made = copy / release
        yield _Release(course / release, {path.relative_to(made): path.read_bytes() for path in _files(made)})


def _generate(api: NbGraderAPI, assignment: str) -> None:
    result = api.generate_assignment(assignment)
    if not result["success"]:
        raise BuildError(f"nbgrader cannot generate {assignment}:\n{result.get('log') or result['error']}")


def _file_difference(path: Path, content: bytes) -> str:
    if path.is_file() and path.read_bytes() == content:
        return ""
    if path.suffix != ".ipynb":
        return f"{path}: not what the build makes"
    committed = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    names = (str(path), "built from the solution")
    return diff(_without_drawn_ids(committed), _without_drawn_ids(content.decode()), *names)


def _without_drawn_ids(notebook: str) -> str:
    """The text without ids as nbformat draws them for cells that have none, others at each build."""
    return _DRAWN_ID.sub("", notebook)


def _files(directory: Path) -> list[Path]:
    """All files below a directory, in order, except those in hidden places such as ``.ipynb_checkpoints``."""
    paths = (path for path in directory.rglob("*") if path.is_file())
    return sorted(p for p in paths if not any(part.startswith(".") for part in p.relative_to(directory).parts))
