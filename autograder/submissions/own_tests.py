"""Test cells that an instructor has added to the course's: code that asserts, run beside the student's."""

import ast
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.course.course import Course
from autograder.course.release import Release, code_lines
from autograder.submissions.merge import bound_names
from autograder.submissions.syntax import parsed, walk


@dataclass(frozen=True)
class OwnTest:
    """A test cell of an instructor's own.

    Attributes:
        name: its ``grade_id``.
        source: all of its text, with what students were not handed of it.
        points: what it is worth.
        handed_out: its text as students have it; no line of the rest is told to anybody.
    """

    name: str
    source: str
    points: float
    handed_out: str

    def may_be_told(self, line: str) -> bool:
        """Whether a line that stopped may be quoted: it is no hidden one of this test."""
        return not set(code_lines(line)) & (set(code_lines(self.source)) - set(code_lines(self.handed_out)))


def own_tests(course: Course, release: Release) -> tuple[OwnTest, ...]:
    """The test cells in an instructor's notebook that are none of the course's, in order."""
    ours = {exercise.test_cell for exercise in course.exercises}
    return tuple(
        OwnTest(
            cell.grade_id,
            release.whole_tests.get(cell.grade_id, cell.source),
            release.points.get(cell.grade_id, 0.0),
            cell.source,
        )
        for cell in release.cells
        if cell.graded and not cell.solution and cell.grade_id not in {"", *ours}
    )


def digest_of(tests: Sequence[OwnTest]) -> str:
    """SHA-256 over what is tested and what it is worth; empty where there are no tests."""
    told = json.dumps([(test.name, test.source, test.points) for test in tests])
    return hashlib.sha256(told.encode()).hexdigest() if tests else ""


def given_by_drivers(release: Release) -> tuple[str, ...]:
    """The names that cells give which train or plot, and no others: nobody runs those in grading."""
    others = set(bound_names([cell.source for cell in release.cells if not cell.driver]))
    driven = (name for cell in release.cells if cell.driver for name in _given_in(cell.source))
    return tuple(name for name in dict.fromkeys(driven) if name not in others)


def _given_in(source: str) -> Iterator[str]:
    """The names that a cell gives anywhere in it."""
    for node in walk(parsed(source)[0]):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                yield from (alias.asname or alias.name.partition(".")[0] for alias in aliases)
