"""Cards that show results, progress and hints: HTML for notebooks, plain text elsewhere."""

from collections.abc import Sequence

from autograder.exercises.definition import Exercise
from autograder.exercises.judgement import ExerciseResult, Status, Verdict
from autograder.reports.offered_hint import offered_hint
from autograder.reports.wording import STATUS_WORDS, points, templates

_PACKAGE = "autograder.notebook"
_BAR = 20


def html(result: ExerciseResult) -> str:
    """One exercise's card."""
    template = templates(_PACKAGE).get_template("card.html.j2")
    return template.render(
        result=result, words=STATUS_WORDS[result.status], level=offered_hint(result.key, result.verdicts)
    )


def text(result: ExerciseResult) -> str:
    """The same as plain text."""
    head = f"{result.title}: {STATUS_WORDS[result.status]}, {points(result.points)} of {points(result.max_points)}"
    if result.status is Status.NOT_ATTEMPTED:
        return head
    level = offered_hint(result.key, result.verdicts)
    offer = [] if level is None else [f'  Stuck? hint("{result.key}", {level}) may help; hints are free.']
    return "\n".join([head, *(_line(verdict) for verdict in result.verdicts), *offer])


def _line(verdict: Verdict) -> str:
    sign = "ok " if verdict.passed else "-- "
    message = f"\n      {verdict.message}" if verdict.message else ""
    return f"  {sign} {verdict.title} ({points(verdict.points)}/{points(verdict.max_points)}){message}"


def progress_html(results: Sequence[ExerciseResult]) -> str:
    """All exercises with a bar."""
    return (
        templates(_PACKAGE)
        .get_template("progress.html.j2")
        .render(
            results=results,
            words={result.key: STATUS_WORDS[result.status] for result in results},
            earned=sum(result.points for result in results),
            possible=sum(result.max_points for result in results),
        )
    )


def progress_text(results: Sequence[ExerciseResult]) -> str:
    """The same as plain text."""
    earned = sum(result.points for result in results)
    possible = sum(result.max_points for result in results)
    full = round(_BAR * earned / possible)
    lines = [f"[{'#' * full}{'.' * (_BAR - full)}] {points(earned)} of {points(possible)} points"]
    for result in results:
        mark = f"{points(result.points)}/{points(result.max_points)}"
        lines.append(f"  {result.title:<22} {mark:>8}  {STATUS_WORDS[result.status]}")
    return "\n".join(lines)


def hint_html(known: Exercise, level: int) -> str:
    """The first ``level`` hints of an exercise."""
    return templates(_PACKAGE).get_template("hint.html.j2").render(exercise=known, level=level)


def hint_text(known: Exercise, level: int) -> str:
    """The same as plain text."""
    head = f"Hints for {known.title}: {level} of {len(known.hints)}"
    return "\n".join([head, *(f"  {number}. {hint}" for number, hint in enumerate(known.hints[:level], 1))])
