"""Which of nbgrader's assignments are the course's, and what students were handed for each."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from autograder.course.cells import grade_id_of, nbgrader_metadata
from autograder.course.course import Course
from autograder.course.release import Release, read_release
from autograder.errors import GraderFault


def tests_in(course: Course, cells: Collection[Mapping[str, Any]]) -> frozenset[str]:
    """The course's own test cells among a notebook's cells: what an assignment is recognised by, whatever its name."""
    ours = {exercise.test_cell for exercise in course.exercises}
    graded = {grade_id_of(cell) for cell in cells if nbgrader_metadata(cell).get("grade") is True}
    return frozenset(ours & graded)


def released(course: Course, directory: Any) -> Release | None:
    """The notebook that students were handed for nbgrader's assignment; ``None`` where that is none of the course's.

    Args:
        course: the course.
        directory: nbgrader's ``CourseDirectory``, with the assignment that it works on.

    Raises:
        GraderFault: the instructor's own notebook has the course's test cells, and there is no release of it.
    """
    assignment = directory.assignment_id
    if (found := _with_tests(course, directory, directory.release_directory)) is not None:
        return found
    if (source := _with_tests(course, directory, directory.source_directory)) is not None:
        there = directory.format_path(directory.release_directory, ".", assignment)
        command = f"nbgrader generate_assignment {assignment}"
        raise GraderFault(f"{there} holds no {source.name}, which submissions are read against; run `{command}`")
    return course.release if assignment == course.key else None


def _with_tests(course: Course, directory: Any, place: str) -> Release | None:
    folder = Path(directory.format_path(place, ".", directory.assignment_id))
    for path in sorted(folder.glob("*.ipynb")):
        if path.name.startswith("."):
            continue
        try:
            notebook = read_release(path)
        except (OSError, ValueError):
            continue  # nbgrader's to complain about, where it opens that one
        if tests_in(course, [cell for cell in notebook.notebook["cells"] if isinstance(cell, dict)]):
            return notebook
    return None
