"""The step that marks, in nbgrader's gradebook, what a person should look at."""

from typing import Any

import nbgrader.preprocessors
from nbformat import NotebookNode

from autograder.course.installed import own_course
from autograder.judging.verdicts import Status
from autograder.nbgrader.context import grading_context, is_ours
from autograder.nbgrader.gradebook import ask_for_a_look, flag


class AskForReview(nbgrader.preprocessors.NbGraderPreprocessor):  # type: ignore[misc] # nbgrader has no types
    """Marks what the grader is not sure about as needing a manual grade, so that formgrader shows it first.

    A notebook whose text a person should look at, though its points are sure, is flagged. The step stands behind
    ``SaveAutoGrades``, which clears the first mark wherever there is a score.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Mark the test cells concerned, and flag the notebook.

        Raises:
            GraderFault: the course is not set up as it should be.
        """
        if is_ours(own_course(), resources["nbgrader"]["assignment"]):
            context = grading_context(resources)
            result = context.result
            exercises = () if result is None else result.exercises
            unsure = [one.key for one in exercises if one.status is Status.REVIEW]
            ask_for_a_look(resources, {context.course.exercise(key).test_cell for key in unsure})
            if result is not None and result.flags:
                flag(resources)
        return nb, resources
