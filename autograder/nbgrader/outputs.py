"""What stands below the cells of a graded notebook."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from nbformat import NotebookNode

from autograder.course.course import Course
from autograder.course.drills import drills_of
from autograder.engine.levels import is_on
from autograder.engine.messages import CellShown
from autograder.judging.failures import exception_text, quoted_line
from autograder.judging.own_tests import OwnQuestion
from autograder.judging.verdicts import ExerciseResult
from autograder.nbgrader.pictures import is_picture
from autograder.reports import card as cards
from autograder.reports.card import Card
from autograder.reports.result import Result
from autograder.reports.wording import LOOKS, points, templates

FOR_INSTRUCTOR = "autograder_for_instructor"
_BY_HAND = "This test is your instructor's own. It was not run here; your instructor gives the points."
_BESIDE = "Scored as nbgrader scores, and run beside the student's code, which could forge its points."


def card(course: Course, judged: ExerciseResult, result: Result, problem: str) -> NotebookNode:
    """The card that students see in the notebook, and how to see it there again.

    Args:
        course: the course.
        judged: the result of one of its exercises.
        result: the submission's result.
        problem: why nothing of the submission could be read, if so.
    """
    if problem:
        html = templates().get_template("unread.html.j2").render(result=judged, problem=problem)
        return _shown(html, f"{judged.title}: 0 of {judged.max_points:g}\n  {problem}")
    exercise = course.exercise(judged.key)
    shown = Card(exercise, judged, has_drill=bool(drills_of(course, exercise)))
    html, text = cards.html(shown), cards.text(shown)
    if not (replay := cards.replay(judged, result.seeds[0])):
        return _shown(html, text)
    line = templates().get_template("replay.html.j2").render(replay=replay)
    return _shown(f"{html}\n{line}", f"{text}\n  To see this again in your notebook: {replay}")


def score(judged: ExerciseResult) -> NotebookNode:
    """The points, as the plain number that nbgrader takes them from."""
    # nbgrader gives full marks for whatever is not a number, and refuses more than the cell's points.
    earned = min(max(judged.points, 0.0), judged.max_points)
    return _output("execute_result", data={"text/plain": repr(float(earned))}, metadata={}, execution_count=None)


def notes(result: Result) -> list[NotebookNode]:
    """What everybody should know about the whole submission; nothing where there is nothing to know."""
    return [_lines(result.warnings, "", {})] if result.warnings else []


def for_instructor(result: Result) -> NotebookNode:
    """What to look at, and under which conditions the submission was graded; left out of the student's feedback."""
    layers = [name for name, report in result.sandbox["layers"].items() if is_on(report)]
    sandbox = f"sandbox {result.sandbox['level']} ({', '.join(layers) or 'no code was run'})"
    salt = ", public salt: students can know the probes" if result.environment.get("salt") == "public" else ""
    how = f"Graded by autograder {result.grader['version']}, {sandbox}, seed {result.seeds[0]}{salt}."
    return _lines([f"for review: {flag}" for flag in result.flags], how, {FOR_INSTRUCTOR: True})


def own_question(question: OwnQuestion) -> list[NotebookNode]:
    """What a test of the instructor's own has given; to the instructor also what that is worth as evidence."""
    look, message = LOOKS[question.status], question.checks[0].message
    html = templates().get_template("own_question.html.j2").render(question=question, look=look, message=message)
    earned = f"{points(question.points)} of {points(question.max_points)}"
    text = f"{question.title}: {look.words}, {earned}\n  {message}".rstrip()
    return [_lines([], _BESIDE, {FOR_INSTRUCTOR: True}), _shown(html, text)]


def printed_and_drawn(shown: CellShown) -> list[NotebookNode]:
    """What a cell has written and plotted."""
    written = [_output("stream", name="stdout", text=shown.printed)] if shown.printed else []
    pictures = (one for one in shown.pictures if is_picture("image/png", one))
    return [*written, *(_output("display_data", data={"image/png": one}, metadata={}) for one in pictures)]


def as_a_kernel_shows(shown: CellShown) -> list[NotebookNode]:
    """What stands below a cell that is no test, as if a kernel had run it."""
    below = printed_and_drawn(shown)
    if shown.complained:
        below.append(_output("stream", name="stderr", text=shown.complained))
    if shown.value is not None:
        below.append(_output("execute_result", data={"text/plain": shown.value}, metadata={}, execution_count=None))
    if (failure := shown.failure) is not None:
        told = exception_text(failure)
        lines = [line for line in (told, quoted_line(failure)) if line]
        below.append(_output("error", ename=failure.error or "Error", evalue=failure.message, traceback=lines))
    return below


def by_hand() -> list[NotebookNode]:
    """What stands below a test that could not be run: a person gives the points, and until then it has none."""
    none = _output("execute_result", data={"text/plain": "0.0"}, metadata={}, execution_count=None)
    return [_lines([_BY_HAND], "", {}), none]


def given_by_hand(points: float, of: float) -> NotebookNode:
    """What stands above a card whose points a person has changed."""
    line = f"your teacher has given {points:g} of {of:g} points here; the card below says what the grader found"
    return _lines([line], "", {})


def score_in(outputs: Sequence[NotebookNode]) -> float | None:
    """The points that ``score`` has written below a cell; ``None`` where there are none."""
    for output in outputs:
        with suppress(AttributeError, KeyError, ValueError):
            if output.output_type == "execute_result":
                return float(output.data["text/plain"])
    return None


def not_run() -> NotebookNode:
    """What stands below a cell that trains or plots."""
    return _output("stream", name="stdout", text="Not run in grading: this cell only uses what the others define.\n")


def _lines(warnings: Sequence[str], how: str, metadata: Mapping[str, bool]) -> NotebookNode:
    html = templates().get_template("notes.html.j2").render(warnings=warnings, how=how)
    text = "\n".join([*(f"Note: {warning}" for warning in warnings), *([how] if how else [])])
    return _shown(html, text, metadata)


def _shown(html: str, text: str, metadata: Mapping[str, bool] = MappingProxyType({})) -> NotebookNode:
    return _output("display_data", data={"text/html": html, "text/plain": text}, metadata=dict(metadata))


def _output(kind: str, **parts: Any) -> NotebookNode:
    return NotebookNode(output_type=kind, **parts)  # type: ignore[no-untyped-call]
