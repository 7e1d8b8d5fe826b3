"""What opens notebooks when nbgrader autogrades."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from glob import escape, glob
from pathlib import Path
from typing import Any

import nbgrader.preprocessors
from nbconvert.exporters import NotebookExporter
from nbformat import from_dict
from nbgrader.converters import Autograde

from autograder.course.installed import own_course
from autograder.course.release import Release
from autograder.errors import GraderFault
from autograder.nbgrader.context import GradingContext
from autograder.nbgrader.grade import Grade
from autograder.nbgrader.gradebook import withdraw_zeros
from autograder.nbgrader.rebuild import rebuilt
from autograder.nbgrader.released import released
from autograder.nbgrader.renamed import folders_without_notebook, no_copies, under_the_released_name
from autograder.nbgrader.review import AskForReview
from autograder.nbgrader.steps import step_class
from autograder.nbgrader.unfinished import begin, remove_unfinished
from autograder.submissions.finding.archives import Unpacker
from autograder.submissions.finding.find import find_in_folder, read_found
from autograder.submissions.notebook_file import read_notebook
from autograder.submissions.submission import Submission

_TAKEN_FOR_PATTERNS = re.compile(r"[*?\[\n]")


class SubmissionExporter(NotebookExporter):
    """nbconvert's exporter for notebooks, except that a submission is read by the grader's reader.

    So a file that nbgrader could not open, or that would stop its whole run, is graded like any other. ``parent`` is
    nbgrader's ``Autograde``. Assignments that are none of the course's are opened as always.
    """

    def __init__(self, **settings: Any) -> None:
        """Begin a run: nbgrader makes one before it looks at what is there already, and before it runs any hook."""
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        converter: Any = self.parent  # nbgrader always gives one
        self._directory: Any = converter.coursedir
        self._finish: Callable[[], None] = lambda: None
        self._release: Release | GraderFault | None
        try:
            self._release = released(own_course(), self._directory)
        except GraderFault as fault:
            self._release = fault
        if isinstance(self._release, Release):
            for folder in remove_unfinished(self._directory):
                self.log.warning("%s was left by a run that was killed; it is graded anew", folder)
            self._before_each = partial(under_the_released_name, self._release.name, converter.pre_convert_hook)
            self._ignored = tuple(self._directory.ignore)
            converter.pre_convert_hook = self._prepare_submission
            self._add_folders_without_notebook(converter, self._release.name)
            self._leave_out_patterns(converter)

    @property
    def is_of_the_course(self) -> bool:
        """Whether the assignment that is graded is one of the course's."""
        return self._release is not None

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> Any:
        """Have the course's notebooks graded in place of run, and marked for review behind ``SaveAutoGrades``.

        So it holds whatever list of steps the instructor has. Other assignments keep theirs.
        """
        step = step_class(preprocessor)
        if not self.is_of_the_course or step is None:
            return super().register_preprocessor(preprocessor, enabled)  # type: ignore[no-untyped-call]
        if issubclass(step, nbgrader.preprocessors.Execute):
            preprocessor = Grade
        elif step is AskForReview:  # it comes with SaveAutoGrades
            return None
        registered = super().register_preprocessor(preprocessor, enabled)  # type: ignore[no-untyped-call]
        if issubclass(step, nbgrader.preprocessors.SaveAutoGrades):
            super().register_preprocessor(AskForReview, enabled)  # type: ignore[no-untyped-call]
        return registered

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Open a notebook, have the steps change it, and give its new text.

        Raises:
            GraderFault: the grader itself cannot work; nbgrader then records nothing and goes on with the next student.
        """
        if isinstance(self._release, GraderFault):
            self.log.error("%s", self._release)
            raise self._release
        if resources is None or self._release is None or Path(filename).name != self._release.name:
            return super().from_filename(filename, resources=resources, **options)
        self._directory.ignore = [*self._ignored]
        student, assignment = (resources["nbgrader"][key] for key in ("student", "assignment"))
        folder = self._folder(self._directory.submitted_directory, student, assignment)
        unpacker = Unpacker()
        try:
            found = find_in_folder(folder, student, assignment, self._release, unpacker)
            submission = read_found(found, assignment, self._release)
            GradingContext(own_course(), submission, Path(self._directory.root)).put(resources)
            if Path(filename).parent == folder:
                self._finish = begin(self._folder(self._directory.autograded_directory, student, assignment))
                return self._from_submission(submission, resources)
            # The second round, over what the first one has written.
            graded = super().from_filename(filename, resources=resources, **options)
            self._finish()
            return graded
        except Exception as fault:
            if not (folder / self._release.name).exists():
                withdraw_zeros(resources)
            self.log.error("%s was not graded: %s", student, fault)
            raise
        finally:
            unpacker.close()

    def _prepare_submission(self, *, notebooks: list[str], **about: str) -> None:
        if notebooks:
            self._directory.ignore = [*self._ignored, *no_copies(Path(notebooks[0]).parent)]
        self._before_each(notebooks=notebooks, **about)

    def _leave_out_patterns(self, converter: Any) -> None:
        """Leave out whose name nbgrader takes for a pattern, so that it meets others' work or stops the whole class."""
        for folder in [one for one in converter.assignments if _TAKEN_FOR_PATTERNS.search(one)]:
            del converter.assignments[folder]
            self.log.error(
                "%r was not graded: nbgrader takes *, ?, [ and line breaks in a name for patterns; rename that folder",
                folder,
            )

    def _add_folders_without_notebook(self, converter: Any, released: str) -> None:
        if self._directory.notebook_id in ("*", Path(released).stem):
            for folder in folders_without_notebook(self._directory, converter.assignments):
                converter.assignments[folder] = [str(Path(folder, released))]

    def _folder(self, place: str, student: str, assignment: str) -> Path:
        return Path(self._directory.format_path(place, student, assignment))

    def _from_submission(self, submission: Submission, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        name = Path(submission.release.name).stem
        resources["metadata"] = {"name": name, "path": str(submission.path.parent)}
        own = {} if submission.problem else read_notebook(submission.path)
        notebook = from_dict(rebuilt(own, submission.release))  # type: ignore[no-untyped-call]
        exported: tuple[Any, dict[str, Any]] = self.from_notebook_node(notebook, resources)  # type: ignore[no-untyped-call]
        return exported


_find_notebooks = Autograde.init_notebooks


def _find_folders_as_well(converter: Any) -> None:
    """Have nbgrader go on where the only folders that it is asked for hold no notebook: the exporter adds these.

    nbgrader looks for notebooks before it makes the exporter, and asks nobody before it stops.
    """
    if not issubclass(converter.exporter_class, SubmissionExporter) or not _only_folders(converter.coursedir):
        _find_notebooks(converter)


def _only_folders(directory: Any) -> bool:
    if directory.notebook_id != "*" or not (folders := folders_without_notebook(directory, ())):
        return False
    if any(glob(os.path.join(escape(folder), "*.ipynb")) for folder in folders):  # noqa: PTH118, PTH207 - as nbgrader does
        return False
    with suppress(GraderFault):
        return released(own_course(), directory) is not None
    return False


Autograde.init_notebooks = _find_folders_as_well
