"""What opens notebooks when nbgrader generates an assignment."""

import re
from typing import Any

import nbgrader.preprocessors
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from autograder.course.exercise import Exercise
from autograder.course.installed import own_course
from autograder.nbgrader.clear_solutions import ClearSolutions
from autograder.nbgrader.steps import step_class


class GivePoints(nbgrader.preprocessors.NbGraderPreprocessor):  # type: ignore[misc] # nbgrader has no types
    """Writes into the course's test cells what an exercise is worth, where the instructor has changed that.

    ``check("kl", points=4)`` counts to four in the student's notebook, so that its card and nbgrader's *Validate* say
    what the gradebook will say.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Do so in one cell."""
        del index
        if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
            by_test = {exercise.test_cell: exercise for exercise in own_course().exercises}
            if exercise := by_test.get(cell.metadata.nbgrader["grade_id"]):
                cell.source = with_points(cell.source, exercise, float(cell.metadata.nbgrader["points"]))
        return cell, resources


def with_points(source: str, exercise: Exercise, points: float) -> str:
    """A test cell's text whose call of ``check`` says what the exercise is worth; the course's own points go unsaid."""
    call = re.compile(rf"\bcheck\((['\"]){exercise.key}\1(?:, *points *= *[\d.]+)?\)")
    said = "" if points == exercise.max_points else f", points={points:g}"
    return call.sub(f'check("{exercise.key}"{said})', source)


class ReleaseExporter(NotebookExporter):
    """nbconvert's exporter for notebooks, except that each solution gets a stub of its own (see ``ClearSolutions``)."""

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> Any:
        """Put the course's step in the place of nbgrader's that clears solutions."""
        if step_class(preprocessor) is nbgrader.preprocessors.ClearSolutions:
            preprocessor = ClearSolutions
        registered = super().register_preprocessor(preprocessor, enabled)  # type: ignore[no-untyped-call]
        if step_class(preprocessor) is ClearSolutions:
            super().register_preprocessor(GivePoints, enabled)  # type: ignore[no-untyped-call]
        return registered
