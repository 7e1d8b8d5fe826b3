"""What stands below the cells of a graded notebook."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from nbformat import NotebookNode

from autograder.engine.levels import is_on
from autograder.exercises.catalogue import exercise
from autograder.exercises.judgement import ExerciseResult, Status, Verdict
from autograder.notebook import card as cards
from autograder.reports.wording import for_students, templates
from autograder.results import ExerciseEntry, Result

FOR_INSTRUCTOR = "autograder_for_instructor"

_PACKAGE = "autograder.nbgrader"


def card(entry: ExerciseEntry, result: Result, problem: str) -> NotebookNode:
    """The card that students see in the notebook, and how to see it there again.

    Args:
        entry: the exercise.
        result: the submission's result.
        problem: why nothing of the submission could be read, if so.
    """
    if problem:
        html = templates(_PACKAGE).get_template("unread.html.j2").render(entry=entry, problem=problem)
        return _shown(html, f"{entry.title}: 0 of {entry.max_points:g}\n  {problem}")
    shown = _exercise_result(entry)
    replay = f'check("{entry.key}", seed={result.seeds[0]})' if _can_be_replayed(entry) else ""
    html, text = cards.html(shown), cards.text(shown)
    if not replay:
        return _shown(html, text)
    line = templates(_PACKAGE).get_template("replay.html.j2").render(replay=replay)
    return _shown(f"{html}\n{line}", f"{text}\n  To see this again in your notebook: {replay}")


def score(entry: ExerciseEntry, cell_points: float) -> NotebookNode:
    """The points, as the plain number that nbgrader takes them from; in the test cell's own measure."""
    # nbgrader gives full marks for whatever is not a number, and refuses more than the cell's points.
    points = min(max(entry.points * (cell_points / entry.max_points), 0.0), cell_points)
    return _output("execute_result", data={"text/plain": repr(float(points))}, metadata={}, execution_count=None)


def notes(result: Result) -> list[NotebookNode]:
    """What everybody should know about the whole submission; nothing where there is nothing to know."""
    lines = for_students(result)
    return [_lines(lines, "", {})] if lines else []


def for_instructor(result: Result) -> NotebookNode:
    """What to look at, and under which conditions the submission was graded; left out of the student's feedback."""
    layers = [name for name, report in result.sandbox["layers"].items() if is_on(report)]
    closed_in = f"sandbox {result.sandbox['level']} ({', '.join(layers) or 'no code was run'})"
    how = f"Graded by autograder {result.grader['version']}, {closed_in}, seed {result.seeds[0]}."
    students = for_students(result)
    return _lines([one for one in result.warnings if one not in students], how, {FOR_INSTRUCTOR: True})


def not_run() -> NotebookNode:
    """What stands below a cell that trains or plots."""
    return _output("stream", name="stdout", text="Not run in grading: this cell only uses what the others define.\n")


def _lines(warnings: Sequence[str], how: str, metadata: Mapping[str, bool]) -> NotebookNode:
    html = templates(_PACKAGE).get_template("notes.html.j2").render(warnings=warnings, how=how)
    text = "\n".join([*(f"Note: {warning}" for warning in warnings), *([how] if how else [])])
    return _shown(html, text, metadata)


def _shown(html: str, text: str, metadata: Mapping[str, bool] = MappingProxyType({})) -> NotebookNode:
    return _output("display_data", data={"text/html": html, "text/plain": text}, metadata=dict(metadata))


def _output(kind: str, **parts: Any) -> NotebookNode:
    return NotebookNode(output_type=kind, **parts)  # type: ignore[no-untyped-call]


def _can_be_replayed(entry: ExerciseEntry) -> bool:
    return entry.status != Status.NOT_ATTEMPTED.value and not all(check.passed for check in entry.checks)


def _exercise_result(entry: ExerciseEntry) -> ExerciseResult:
    known = exercise(entry.key)
    verdicts = tuple(
        Verdict(one.key, known.check(one.key).title, one.passed, one.points, one.max_points, one.misconception,
                one.message)
        for one in entry.checks
    )  # fmt: skip
    return ExerciseResult(entry.key, entry.title, Status(entry.status), verdicts)
