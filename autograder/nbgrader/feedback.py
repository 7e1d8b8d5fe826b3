"""The step that keeps from students what is meant for their instructor."""

from typing import Any

import nbgrader.preprocessors
from nbformat import NotebookNode

from autograder.nbgrader.outputs import FOR_INSTRUCTOR


class ForStudents(nbgrader.preprocessors.NbGraderPreprocessor):  # type: ignore[misc] # nbgrader has no types
    """Leaves out of a feedback page what stands in the graded notebook for the instructor alone."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Take such outputs away."""
        del index
        if cell.cell_type == "code":
            cell.outputs = [one for one in cell.outputs if not one.get("metadata", {}).get(FOR_INSTRUCTOR)]
        return cell, resources
