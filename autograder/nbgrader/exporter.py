"""What opens notebooks when nbgrader autogrades."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbformat import from_dict

from autograder.course.course import Course
from autograder.course.installed import own_course
from autograder.nbgrader.context import GradingContext, is_ours
from autograder.nbgrader.gradebook import withdraw_zeros
from autograder.nbgrader.rebuild import rebuilt
from autograder.nbgrader.renamed import handed_in
from autograder.nbgrader.unfinished import begin, remove_unfinished
from autograder.submissions.finding.archives import Unpacker
from autograder.submissions.notebook_file import read_notebook
from autograder.submissions.submission import Submission, read_submission


class SubmissionExporter(NotebookExporter):
    """nbconvert's exporter for notebooks, except that a submission is read by the grader's reader.

    So a file that nbgrader could not open, or that would stop its whole run, is graded like any other. ``parent`` is
    nbgrader's ``Autograde``. Other assignments are opened as always.
    """

    def __init__(self, **settings: Any) -> None:
        """Begin a run: nbgrader makes one before it looks at what is there already."""
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        directory: Any = self.parent.coursedir  # type: ignore[union-attr] # nbgrader always gives one
        if is_ours(own_course(), directory.assignment_id):
            for folder in remove_unfinished(directory):
                self.log.warning("%s was left by a run that was killed; it is graded anew", folder)
        self._finish: Callable[[], None] = lambda: None

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Open a notebook, have the steps change it, and give its new text.

        Raises:
            GraderFault: the grader itself cannot work; nbgrader then records nothing and goes on with the next student.
        """
        about, course = (resources or {}).get("nbgrader", {}), own_course()
        if resources is None or not is_ours(course, about.get("assignment", "")):
            return super().from_filename(filename, resources=resources, **options)
        directory: Any = self.parent.coursedir  # type: ignore[union-attr] # nbgrader always gives one
        folder = Path(directory.format_path(directory.submitted_directory, about["student"], about["assignment"]))
        unpacker = Unpacker()
        try:
            own, flags = handed_in(folder, about["student"], about["assignment"], course.release, unpacker)
            submission = read_submission(own, about["student"], about["assignment"], course.release, own.parent)
            submission = replace(submission, flags=flags)
            GradingContext(course, submission, Path(directory.root)).put(resources)
            if Path(filename).parent == folder:
                place = (directory.autograded_directory, about["student"], about["assignment"])
                self._finish = begin(Path(directory.format_path(*place)))
                return self._from_submission(course, submission, resources)
            # The second round, over what the first one has written.
            graded = super().from_filename(filename, resources=resources, **options)
            self._finish()
            return graded
        except Exception as fault:
            if not (folder / course.release.name).exists():
                withdraw_zeros(resources)
            self.log.error("%s was not graded: %s", about["student"], fault)
            raise
        finally:
            unpacker.close()

    def _from_submission(
        self, course: Course, submission: Submission, resources: dict[str, Any]
    ) -> tuple[Any, dict[str, Any]]:
        resources["metadata"] = {"name": Path(course.release.name).stem, "path": str(submission.path.parent)}
        own = {} if submission.problem else read_notebook(submission.path)
        notebook = from_dict(rebuilt(own, submission.release))  # type: ignore[no-untyped-call]
        exported: tuple[Any, dict[str, Any]] = self.from_notebook_node(notebook, resources)  # type: ignore[no-untyped-call]
        return exported
