"""Notebooks that were handed in under another name."""

from collections.abc import Callable, MutableSequence
from pathlib import Path, PurePosixPath

from autograder.course.release import Release
from autograder.submissions.finding.archives import Unpacker
from autograder.submissions.finding.choice import choose
from autograder.submissions.finding.contents import contents_of
from autograder.submissions.finding.level import Part
from autograder.submissions.finding.places import Place


def under_the_released_name(
    released: str, instructors: Callable[..., object] | None, *, notebooks: MutableSequence[str], **about: str
) -> None:
    """Have nbgrader grade a renamed notebook instead of passing it over: nbgrader's ``pre_convert_hook``.

    The list is what nbgrader goes through next; the file keeps its name, and the exporter finds it.

    Args:
        released: the name of the notebook that was handed out.
        instructors: the hook that the course has by itself; it is called first.
        notebooks: the paths of a student's notebooks.
        about: what else nbgrader says.
    """
    if instructors is not None:
        instructors(notebooks=notebooks, **about)
    paths = [Path(path) for path in notebooks]
    if paths and released not in {path.name for path in paths}:
        notebooks[:] = [str(paths[0].with_name(released))]


def handed_in(
    folder: Path, student: str, assignment: str, release: Release, unpacker: Unpacker
) -> tuple[Path, tuple[str, ...]]:
    """The notebook in a student's folder, chosen as the command line does, and what a person should know of the others.

    Args:
        folder: the student's folder for the assignment.
        student: the student.
        assignment: the assignment's name.
        release: what was handed out.
        unpacker: opens zip files; what it has unpacked has to be there as long as the notebook is read.
    """
    part = Part(folder.parent.parent, Place(folder, PurePosixPath(student, assignment)))
    held = contents_of([part], unpacker)
    if not held.notebooks:
        return folder / release.name, tuple(held.trouble)
    choice = choose(held.notebooks, assignment, release)
    return choice.notebook.place.path, (*choice.flags, *held.trouble)
