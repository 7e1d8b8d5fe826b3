"""The step that grades, in the place of the one that runs the notebook in a kernel."""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import nbgrader.preprocessors
from nbformat import NotebookNode
from nbgrader import utils
from traitlets import Enum, Float, Integer

from autograder.course.cells import DRIVER
from autograder.course.installed import own_course
from autograder.engine.channel import SandboxMissing
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import read_salt
from autograder.engine.levels import DEFAULT_MEMORY_MIB, DEFAULT_TIMEOUT, Level
from autograder.engine.options import Options
from autograder.errors import GraderFault
from autograder.nbgrader import outputs
from autograder.nbgrader.context import GradingContext, grading_context, has_context
from autograder.nbgrader.released import tests_in

Notebook = tuple[NotebookNode, dict[str, Any]]


class Grade(nbgrader.preprocessors.NbGraderPreprocessor):  # type: ignore[misc] # nbgrader has no types
    """Grades a submission away from the student's code, and writes cards and points into its test cells.

    Each test cell ends in one number; nbgrader's ``SaveAutoGrades`` takes that as its score. Notebooks without any of
    the course's test cells are run in a kernel, as nbgrader always does.
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
        if not has_context(resources) and not tests_in(own_course(), nb.cells):
            executed: Notebook = nbgrader.preprocessors.Execute(parent=self.parent)(nb, resources)
            return executed
        context = _with_whole_tests(grading_context(resources), nb)
        with named_for_nbgrader():
            result = grade_submission(context.submission, self._options(context), fleet())
        context = replace(context, result=result)
        context.put(resources)
        for line in (*result.warnings, *result.flags):
            self.log.warning("%s: %s", result.student, line)
        _write(nb, context)
        return nb, resources

    def _options(self, context: GradingContext) -> Options:
        return Options(
            course=context.course,
            only=context.course.asked_in(context.submission.release),
            level=Level(self.sandbox),
            salt=read_salt(context.folder),
            device=self.device,
            timeout=self.timeout,
            memory_mib=self.memory_mib,
            private=(context.folder, context.submission.path),
        )


@contextmanager
def named_for_nbgrader() -> Iterator[None]:
    """Says of a missing layer how nbgrader's configuration asks for it; nbgrader then goes on with the next student.

    Raises:
        GraderFault: a layer is missing that must be in force.
    """
    try:
        yield
    except SandboxMissing as missing:
        raise GraderFault(f"{missing}. With nbgrader, c.Grade.sandbox in nbgrader_config.py says so") from None


@cache
def fleet() -> Fleet:
    """The one fleet of this process: formgrader begins a run for each student, and starting anew takes seconds."""
    shared = Fleet()
    atexit.register(shared.close)
    return shared


def _with_whole_tests(context: GradingContext, notebook: NotebookNode) -> GradingContext:
    """The submission, with the hidden tests that nbgrader puts back from its gradebook."""
    cells = (cell for cell in notebook.cells if utils.is_grade(cell) and not utils.is_solution(cell))
    texts = {cell.metadata.nbgrader["grade_id"]: cell.source for cell in cells if cell.cell_type == "code"}
    release = context.submission.release.with_whole_tests(texts)
    return replace(context, submission=replace(context.submission, release=release))


def _write(notebook: NotebookNode, context: GradingContext) -> None:
    """Put what was found below the notebook's cells."""
    has_heading = False
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        if utils.is_grade(cell) and not utils.is_solution(cell):
            assert context.result is not None
            heading = [] if has_heading else [outputs.for_instructor(context.result), *outputs.notes(context.result)]
            cell.outputs = [*heading, *_scored(cell, context)]
            has_heading = True
        elif DRIVER in cell.metadata.get("tags", ()):
            cell.outputs = [outputs.not_run()]


def _scored(cell: NotebookNode, context: GradingContext) -> list[NotebookNode]:
    assert context.result is not None
    name = cell.metadata.nbgrader["grade_id"]
    for judged in context.result.exercises:
        if context.course.exercise(judged.key).test_cell == name:
            card = outputs.card(context.course, judged, context.result, context.submission.problem)
            return [card, outputs.score(judged)]
    for question in context.result.questions:
        if question.title == name:
            return [*outputs.own_question(question), outputs.score(question)]
    return outputs.by_hand()
