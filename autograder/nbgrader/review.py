"""The step that tells nbgrader what a person should look at."""

from typing import Any

import nbgrader.preprocessors
from nbformat import NotebookNode

from autograder.exercises.judgement import Status
from autograder.nbgrader.gradebook import ask_for_a_look, flag
from autograder.nbgrader.paper import paper
from autograder.reading.released import ASSIGNMENT
from autograder.reports.wording import review_warnings


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
        if resources["nbgrader"]["assignment"] == ASSIGNMENT and (result := paper(resources).result):
            unsure = {f"test_{entry.key}" for entry in result.exercises if entry.status == Status.REVIEW.value}
            ask_for_a_look(resources, unsure)
            if review_warnings(result):
                flag(resources)
        return nb, resources
