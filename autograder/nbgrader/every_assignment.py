"""An instructor's other assignments, run in the sandbox in place of a kernel: ``configure(c, every_assignment=True)``.

Their tests share the student's process, as in a kernel. What differs is that this process is closed in, has limits of
its own, and that a cell or test which ends it costs no more than itself.
"""

import re
from pathlib import Path
from typing import Any

import nbgrader.preprocessors
from nbformat import NotebookNode
from nbgrader import utils

from autograder.course.installed import own_course
from autograder.engine.any_notebook import NotebookShown, run_any_notebook
from autograder.engine.identity import read_salt
from autograder.engine.levels import Level
from autograder.engine.notebook_run import Step
from autograder.engine.options import Options
from autograder.judging.verdicts import Status
from autograder.nbgrader import outputs
from autograder.nbgrader.exporter import SubmissionExporter
from autograder.nbgrader.grade import Grade, Notebook, fleet, named_for_nbgrader
from autograder.nbgrader.gradebook import ask_for_a_look, language_of_source
from autograder.nbgrader.steps import step_class
from autograder.submissions.helper_files import helper_files
from autograder.submissions.own_tests import OwnTest
from autograder.submissions.submission import Cell

_KEY = "autograder_other_assignment"
_HIDDEN = re.compile(r"^[^\n]*BEGIN HIDDEN TESTS.*?END HIDDEN TESTS[^\n]*\n?", re.DOTALL | re.MULTILINE)


class RunInSandbox(Grade):
    """Runs a notebook's cells and tests, and puts below them what they show; limits are those of ``Grade``.

    Each test ends in the number that nbgrader would score it with. Notebooks in another language than Python are run in
    a kernel, as nbgrader always does.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Notebook:
        """Run the notebook.

        Raises:
            GraderFault: the grader cannot work, or a layer is missing that must be in force; nbgrader then records
                nothing and goes on with the next student.
        """
        if (language := language_of_source(resources)) != "python":
            self.log.warning("run in a kernel of its own, without a sandbox, since it is in %s", language)
            executed: Notebook = nbgrader.preprocessors.Execute(parent=self.parent)(nb, resources)
            return executed
        cells = [cell for cell in nb.cells if cell.cell_type == "code"]
        steps = tuple(map(_step, cells))
        folder = Path(resources["metadata"]["path"])
        helpers = helper_files(folder, [step.source for step in steps])
        for remark in helpers.remarks:
            self.log.warning("%s: %s", resources["nbgrader"]["student"], remark)
        with named_for_nbgrader():
            shown = run_any_notebook(steps, helpers.files, self._options_for(folder), fleet())
        for number, (cell, step) in enumerate(zip(cells, steps, strict=True)):
            cell.execution_count = None
            cell.outputs = _below(number, step, shown)
        resources[_KEY] = shown
        return nb, resources

    def _options_for(self, folder: Path) -> Options:
        root = Path(self.parent.parent.coursedir.root)
        return Options(
            course=own_course(),
            level=Level(self.sandbox),
            salt=read_salt(root),
            device=self.device,
            timeout=self.timeout,
            memory_mib=self.memory_mib,
            private=(root, folder),
        )


class AskForReviewOfTests(nbgrader.preprocessors.NbGraderPreprocessor):  # type: ignore[misc] # nbgrader has no types
    """Marks tests that could not be decided as needing a manual grade; stands behind ``SaveAutoGrades``."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Notebook:
        """Mark them."""
        shown = resources.get(_KEY)
        if isinstance(shown, NotebookShown):
            unsure = [one.key for one in shown.questions.values() if one.status is Status.REVIEW]
            ask_for_a_look(resources, unsure)
        return nb, resources


class EveryAssignmentExporter(SubmissionExporter):
    """Opens submissions; those of other assignments are run in the sandbox as well."""

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> Any:
        """Have other assignments' notebooks run in the sandbox, whatever list of steps the instructor has."""
        step = step_class(preprocessor)
        if self.is_of_the_course or step is None:
            return super().register_preprocessor(preprocessor, enabled)
        if issubclass(step, nbgrader.preprocessors.Execute):
            return super().register_preprocessor(RunInSandbox, enabled)
        registered = super().register_preprocessor(preprocessor, enabled)
        if issubclass(step, nbgrader.preprocessors.SaveAutoGrades):
            super().register_preprocessor(AskForReviewOfTests, enabled)
        return registered


def _step(cell: NotebookNode) -> Step:
    name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    if utils.is_grade(cell) and not utils.is_solution(cell):
        points = float(cell.metadata.nbgrader["points"])
        return OwnTest(name, cell.source, points, _HIDDEN.sub("", cell.source))
    return Cell(cell.source, name if utils.is_solution(cell) else "")


def _below(number: int, step: Step, shown: NotebookShown) -> list[NotebookNode]:
    if isinstance(step, OwnTest):
        question = shown.questions[step.name]
        printed = outputs.printed_and_drawn(shown.cells[number])
        return [*printed, *outputs.own_question(question), outputs.score(question)]
    return outputs.as_a_kernel_shows(shown.cells[number])
