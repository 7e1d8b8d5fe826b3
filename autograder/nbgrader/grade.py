"""The step that grades, in the place of the one that runs the notebook in a kernel."""

from dataclasses import replace
from typing import Any

import nbgrader.preprocessors
from nbformat import NotebookNode
from nbgrader import utils
from traitlets import Enum, Float, Integer

from autograder.engine.channel import SandboxMissing
from autograder.engine.grader import grade_submission
from autograder.engine.identity import read_salt
from autograder.engine.levels import Level
from autograder.engine.options import DEFAULT_MEMORY_MIB, DEFAULT_TIMEOUT, Options
from autograder.errors import GraderFault
from autograder.nbgrader import outputs
from autograder.nbgrader.paper import Paper, paper
from autograder.nbgrader.workers import fleet
from autograder.reading.cells import DRIVER
from autograder.reading.released import ASSIGNMENT
from autograder.results import ExerciseEntry, Result

Notebook = tuple[NotebookNode, dict[str, Any]]


class Grade(nbgrader.preprocessors.NbGraderPreprocessor):  # type: ignore[misc] # nbgrader has no types
    """Grades a submission away from the student's code, and writes cards and points into its test cells.

    Each test cell ends in one number; nbgrader's ``SaveAutoGrades`` takes that as its score. Notebooks of other
    assignments are run in a kernel, as nbgrader always does.
    """

    sandbox = Enum(
        [level.value for level in Level], Level.STRICT.value, help="What must be in force before student code runs."
    ).tag(config=True)
    device = Enum(["cpu", "cuda"], "cpu", help="Where student code runs.").tag(config=True)
    timeout = Float(DEFAULT_TIMEOUT, min=1.0, help="Seconds for one submission.").tag(config=True)
    memory_mib = Integer(DEFAULT_MEMORY_MIB, min=256, help="Memory for one submission, in MiB.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> Notebook:
        """Grade the submission that the notebook was made from.

        Raises:
            GraderFault: the grader cannot work, or a layer is missing that must be in force; nbgrader then records
                nothing and goes on with the next student.
        """
        if resources["nbgrader"]["assignment"] != ASSIGNMENT:
            executed: Notebook = nbgrader.preprocessors.Execute(parent=self.parent)(nb, resources)
            return executed
        handed_in = paper(resources)
        try:
            result = grade_submission(handed_in.submission, self._options(handed_in), fleet())
        except SandboxMissing as missing:
            raise GraderFault(f"{missing}. With nbgrader, c.Grade.sandbox in nbgrader_config.py says so") from None
        replace(handed_in, result=result).put(resources)
        for warning in result.warnings:
            self.log.warning("%s: %s", result.student, warning)
        _write(nb, result, handed_in.submission.problem)
        return nb, resources

    def _options(self, handed_in: Paper) -> Options:
        salt = read_salt(handed_in.course)
        return Options(Level(self.sandbox), self.device, self.timeout, self.memory_mib, salt)


def _write(notebook: NotebookNode, result: Result, problem: str) -> None:
    entries = {f"test_{entry.key}": entry for entry in result.exercises}
    said = False
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        if utils.is_grade(cell) and not utils.is_solution(cell):
            heading = [] if said else [outputs.for_instructor(result), *outputs.notes(result)]
            cell.outputs = [*heading, *_scored(cell, entries, result, problem)]
            said = True
        elif DRIVER in cell.metadata.get("tags", ()):
            cell.outputs = [outputs.not_run()]


def _scored(cell: NotebookNode, entries: dict[str, ExerciseEntry], result: Result, problem: str) -> list[NotebookNode]:
    name = cell.metadata.nbgrader["grade_id"]
    if name not in entries:
        raise GraderFault(
            f"the test cell {name!r} belongs to no exercise of this version; generate the assignment anew"
        )
    entry = entries[name]
    return [outputs.card(entry, result, problem), outputs.score(entry, float(cell.metadata.nbgrader["points"]))]
