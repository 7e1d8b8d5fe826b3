"""Notebooks that were handed in under another name, or in a zip file, or not at all."""

import os
from collections.abc import Callable, Collection, MutableSequence
from glob import escape, glob
from pathlib import Path
from typing import Any

from autograder.submissions.finding.places import is_folder


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


def folders_without_notebook(directory: Any, found: Collection[str]) -> tuple[str, ...]:
    """The students' folders that nbgrader passes over, since none of their files is called like a notebook.

    What lies there, a zip file say, is looked into by the exporter, and else what is missing is said.

    Args:
        directory: nbgrader's ``CourseDirectory``, with the assignment and the students that it works on.
        found: the folders that it goes through already.
    """
    pattern = directory.format_path(directory.submitted_directory, directory.student_id, directory.assignment_id)
    every = sorted(glob(pattern))  # noqa: PTH207 - the names have to be those that nbgrader itself has found
    return tuple(folder for folder in every if folder not in found and is_folder(Path(folder)))


def no_copies(folder: Path) -> tuple[str, ...]:
    """What of a student's folder nbgrader must not copy among what was graded, as patterns for its ``ignore``.

    A link would bring in a file of the instructor's, and a pipe, or a link to nowhere, would stop the submission.
    """
    found = (Path(here, name) for here, _, names in os.walk(folder) for name in names)
    return tuple(sorted({escape(path.name) for path in found if path.is_symlink() or not path.is_file()}))
