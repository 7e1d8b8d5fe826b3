"""What opens notebooks when nbgrader autogrades."""

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import from_dict

from autograder.nbgrader.gradebook import withdraw_zeros
from autograder.nbgrader.paper import Paper
from autograder.nbgrader.rebuild import rebuilt
from autograder.nbgrader.renamed import handed_in
from autograder.reading.released import ASSIGNMENT, NOTEBOOK, released
from autograder.reading.submission import Submission, read_notebook, read_submission


class SubmissionExporter(NotebookExporter):
    """nbconvert's exporter for notebooks, except that a submission is read by the grader's reader.

    So a file that nbgrader could not open, or that would stop its whole run, is graded like any other. ``parent`` is
    nbgrader's ``Autograde``. Other assignments are opened as always.
    """

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Open a notebook, have the steps change it, and give its new text.

        Raises:
            GraderFault: the grader itself cannot work; nbgrader then records nothing and goes on with the next student.
            UsageError: the student has handed in several notebooks, and no one can know which to grade.
        """
        about = (resources or {}).get("nbgrader", {})
        if resources is None or about.get("assignment") != ASSIGNMENT:
            return super().from_filename(filename, resources=resources, **options)
        course: Any = self.parent.coursedir  # type: ignore[union-attr] # nbgrader always gives one
        folder = Path(course.format_path(course.submitted_directory, about["student"], ASSIGNMENT))
        try:
            submission = read_submission(handed_in(folder), about["student"], ASSIGNMENT, released())
            Paper(submission, Path(course.root)).put(resources)
            if Path(filename).parent == folder:
                return self._from_submission(submission, resources)
            # The second round, over what the first one has written.
            return super().from_filename(filename, resources=resources, **options)
        except Exception as fault:
            if not (folder / NOTEBOOK).exists():
                withdraw_zeros(resources)
            self.log.error("%s was not graded: %s", about["student"], fault)
            raise

    def _from_submission(self, submission: Submission, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        resources["metadata"] = {"name": Path(NOTEBOOK).stem, "path": str(submission.path.parent)}
        notebook = from_dict(rebuilt({} if submission.problem else read_notebook(submission.path)))  # type: ignore[no-untyped-call]
        exported: tuple[Any, dict[str, Any]] = self.from_notebook_node(notebook, resources)  # type: ignore[no-untyped-call]
        return exported
