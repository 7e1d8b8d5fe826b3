"""An instructor's folder: where its notebooks lie, and which of them students were handed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.course.course import Course
from autograder.course.release import Release, read_release
from autograder.errors import AutograderError, UsageError

CONFIG = "nbgrader_config.py"
_USUAL = ("source", "release")  # as nbgrader's quickstart names them
_WITHOUT_CONFIG = (("solutions", "notebooks"), _USUAL)


class UnreadableCourse(AutograderError):
    """A course's ``nbgrader_config.py`` is missing or cannot be run."""


@dataclass(frozen=True)
class HandedOut:
    """What students were handed, and as which assignment.

    Attributes:
        assignment: the assignment's name.
        release: its notebook.
        folder: the instructor's folder, where the salt lies as well; ``None`` for what comes with the package.
    """

    assignment: str
    release: Release
    folder: Path | None = None


_HIDDEN = re.compile(r"^\s*###\s*BEGIN HIDDEN TESTS\b", re.MULTILINE)
_SOLUTION = re.compile(r"^\s*###\s*BEGIN SOLUTION\b", re.MULTILINE)
# What nbgrader makes tests of: students are handed the tests, which the source does not hold.
_MADE_BY_NBGRADER = re.compile(r"^\s*###\s*(?:HASHED )?AUTOTEST\b", re.MULTILINE)


def handed_out_here(course: Course, folder: Path, graded: Sequence[Path] = ()) -> HandedOut:
    """What the course in this folder has handed out; where it is none, what comes with the package.

    Args:
        course: the course.
        folder: this folder.
        graded: what is to be graded; students' notebooks there are no instructor's, whatever their folder is called.

    Raises:
        UnreadableCourse: ``nbgrader_config.py`` cannot be run.
        UsageError: the folder's course has an instructor's notebook and no release, or several assignments.
    """
    found = directories(folder)
    if found is None or _is_class(course, folder, *found, graded):
        return HandedOut(course.key, course.release)
    return _of_course(course, folder, *found) or HandedOut(course.key, course.release)


def handed_out_in(course: Course, folder: Path) -> HandedOut:
    """What the course in a folder that was asked for has handed out; the folder may also hold the notebook itself.

    Raises:
        UnreadableCourse: ``nbgrader_config.py`` cannot be run.
        UsageError: there is no such notebook, or there are several.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder of a course")
    if (found := directories(folder)) and (there := _of_course(course, folder, *found)):
        return there
    if notebooks := [release for path in sorted(folder.glob("*.ipynb")) if (release := _ours(course, path))]:
        name, around = folder.resolve().name, _course_around(folder.resolve())
        source = around / str((directories(around) or _USUAL)[0]) / name
        return _only_one([HandedOut(name, with_hidden_tests(one, source), around) for one in notebooks], folder)
    raise UsageError(
        f"{folder} is no course: no notebook there has test cells of {course.title!r}; expected the folder of "
        f"{CONFIG}, or the folder that holds the released notebook"
    )


def _is_class(course: Course, folder: Path, source: Path, release: Path, graded: Sequence[Path]) -> bool:
    """Whether a folder that is called like an instructor's holds a class that is to be graded.

    An instructor's own notebook has solution regions, nbgrader's configuration says where it lies, or there is a
    release of it.
    """
    if (folder / CONFIG).is_file() or not any(path.resolve().is_relative_to(source.resolve()) for path in graded):
        return False
    if any(_assignments(course, release, folder)):
        return False
    cells = (cell for one in _assignments(course, source, folder) for cell in one.release.cells)
    return not any(_SOLUTION.search(cell.source) for cell in cells)


def directories(folder: Path) -> tuple[Path, Path] | None:
    """Where a course's own notebooks lie and where those for students; ``None`` where the folder is no course.

    Raises:
        UnreadableCourse: ``nbgrader_config.py`` cannot be run.
    """
    if (folder / CONFIG).is_file():
        given = read_config(folder).CourseDirectory
        names = (given.get("source_directory", _USUAL[0]), given.get("release_directory", _USUAL[1]))
        return folder / str(names[0]), folder / str(names[1])
    usual = ((folder / source, folder / release) for source, release in _WITHOUT_CONFIG)
    return next((pair for pair in usual if pair[0].is_dir()), None)


def read_config(folder: Path) -> Config:
    """What a course's ``nbgrader_config.py`` sets.

    Raises:
        UnreadableCourse: there is none, or it cannot be run.
    """
    if not (folder / CONFIG).is_file():
        raise UnreadableCourse(f"{folder} is not a course: it has no {CONFIG}")
    try:
        return PyFileConfigLoader(CONFIG, path=str(folder)).load_config()
    except Exception as error:  # the file is Python, so it may raise anything
        raise UnreadableCourse(f"{folder / CONFIG} cannot be run: {type(error).__name__}: {error}") from None


def _of_course(course: Course, folder: Path, source: Path, release: Path) -> HandedOut | None:
    made = [
        replace(one, release=with_hidden_tests(one.release, source / one.assignment))
        for one in _assignments(course, release, folder)
    ]
    if not made and (sources := list(_assignments(course, source, folder))):
        name = sources[0].assignment
        command = f"nbgrader generate_assignment {name}"
        raise UsageError(f"{release / name} does not hold {sources[0].release.name} yet; run `{command}` in {folder}")
    return _only_one(made, folder) if made else None


def run_by_nbgrader_alone(source: Release) -> tuple[str, ...]:
    """The test cells of an instructor's notebook with hidden lines of which nbgrader makes others, by their names.

    What it makes is in its gradebook, so the command line knows what students were handed, and no more.
    """
    made = (cell for cell in source.cells if cell.graded and _MADE_BY_NBGRADER.search(cell.source))
    return tuple(cell.grade_id for cell in made if _HIDDEN.search(cell.source))


def with_hidden_tests(release: Release, source: Path) -> Release:
    """A release with the tests that only the instructor's own notebook holds.

    Args:
        release: what students were handed.
        source: the folder of the instructor's own notebook, which bears the same name; it may be missing.
    """
    try:
        own = read_release(source / release.name)
    except (OSError, ValueError):
        return release
    return release.with_whole_tests(
        {cell.grade_id: cell.source for cell in own.cells if not _MADE_BY_NBGRADER.search(cell.source)}
    )


def _assignments(course: Course, place: Path, folder: Path) -> Iterator[HandedOut]:
    for path in sorted(place.glob("*/*.ipynb")):
        if release := _ours(course, path):
            yield HandedOut(path.parent.name, release, folder)


def _course_around(folder: Path) -> Path:
    """The course that a folder such as ``release/week-3`` lies in; the folder itself where it lies in none."""
    return next((above for above in (folder, *folder.parents[:2]) if (above / CONFIG).is_file()), folder)


def _ours(course: Course, path: Path) -> Release | None:
    if path.name.startswith("."):
        return None
    try:
        release = read_release(path)
    except (OSError, ValueError):
        return None
    return release if course.asked_in(release) else None


def _only_one(found: list[HandedOut], folder: Path) -> HandedOut:
    if len(found) > 1:
        named = ", ".join(f"{one.assignment}/{one.release.name}" for one in found)
        raise UsageError(
            f"{folder} hands out several notebooks of the course: {named}; say which with --course and its own folder"
        )
    return found[0]
