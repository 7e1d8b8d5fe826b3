"""The step that marks, in nbgrader's gradebook, what a person should look at."""

from typing import Any

import nbgrader.preprocessors
from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution

from autograder.course.installed import own_course
from autograder.judging.verdicts import Status
from autograder.nbgrader.context import grading_context, has_context
from autograder.nbgrader.gradebook import ask_for_a_look, flag
from autograder.nbgrader.released import tests_in


class AskForReview(nbgrader.preprocessors.NbGraderPreprocessor):  # type: ignore[misc] # nbgrader has no types
    """Marks what the grader is not sure about as needing a manual grade, so that formgrader shows it first.

    So it does with tests of the instructor's own that have no result. A notebook whose text a person should look at,
    though its points are sure, is flagged. The step stands behind ``SaveAutoGrades``, which clears the first mark
    wherever there is a score.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Mark the test cells concerned, and flag the notebook.

        Raises:
            GraderFault: the course is not set up as it should be.
        """
        if has_context(resources) or tests_in(own_course(), nb.cells):
            context = grading_context(resources)
            result = context.result
            exercises = () if result is None else result.exercises
            questions = () if result is None else result.questions
            tests = {
                cell.metadata.nbgrader["grade_id"] for cell in nb.cells if is_grade(cell) and not is_solution(cell)
            }
            tests -= {exercise.test_cell for exercise in context.course.exercises}
            sure = {one.title for one in questions if one.status is not Status.REVIEW}
            unsure = {context.course.exercise(one.key).test_cell for one in exercises if one.status is Status.REVIEW}
            ask_for_a_look(resources, unsure | (tests - sure))
            if result is not None and result.flags:
                flag(resources)
        return nb, resources
