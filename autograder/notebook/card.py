"""Cards that show results, progress and hints: HTML for notebooks, plain text elsewhere."""

from collections.abc import Sequence

from autograder.exercises.definition import Exercise
from autograder.exercises.drills import Drill, Option
from autograder.exercises.judgement import ExerciseResult, Status, Verdict
from autograder.notebook.runs import Checked
from autograder.reports.offered_help import offered_hint, to_reread
from autograder.reports.wording import STATUS_WORDS, points, templates

_PACKAGE = "autograder.notebook"
_BAR = 20


def html(result: ExerciseResult, checked: Checked | None = None, lost: str = "") -> str:
    """One exercise's card.

    Args:
        result: what was found.
        checked: the run that it was found in, where that is known.
        lost: a word about a library whose name was overwritten.
    """
    parts = to_reread(result.key, result.verdicts)
    return (
        templates(_PACKAGE)
        .get_template("card.html.j2")
        .render(
            result=result,
            words=STATUS_WORDS[result.status],
            level=offered_hint(result.key, result.verdicts),
            parts={part: _anchor(part) for part in parts},
            checked=checked,
            lost=lost,
        )
    )


def text(result: ExerciseResult, checked: Checked | None = None, lost: str = "") -> str:
    """The same as plain text, in which a hint is offered only where one of them fits what was seen."""
    head = f"{result.title}: {STATUS_WORDS[result.status]}, {points(result.points)} of {points(result.max_points)}"
    lines = [head]
    if result.status is not Status.NOT_ATTEMPTED:
        lines += [_line(verdict) for verdict in result.verdicts]
        if parts := to_reread(result.key, result.verdicts):
            lines.append(f"  To reread: {'; '.join(parts)}")
        if (level := offered_hint(result.key, result.verdicts)) is not None:
            lines.append(f'  Stuck? hint("{result.key}", {level}) may help; hints are free.')
    if result.status is Status.PASSED:
        lines.append(f'  For fun: from autograder import drill; drill("{result.key}") shows code with a bug to find.')
    if lost:
        lines.append(f"  Note: {lost}")
    if checked is not None:
        lines += [f"  Note: {checked.warning}"] if checked.warning else []
        lines += [f"  Checked: `{checked.name}` of run [{checked.number}]"] if checked.number is not None else []
    return "\n".join(lines)


def _anchor(heading: str) -> str:
    """Where JupyterLab and nbconvert jump to for a heading; JupyterLab finds it only where nothing is encoded."""
    return "#" + heading.replace(" ", "-")


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


def facts_html(text: str) -> str:
    """Facts, folded up until somebody wants them."""
    return templates(_PACKAGE).get_template("facts.html.j2").render(text=text)


def drill_html(known: Exercise, drill: Drill, letter: str | None) -> str:
    """A drill; with a letter, what to say to that choice."""
    chosen = drill.options.get(letter) if letter else None
    return (
        templates(_PACKAGE)
        .get_template("drill.html.j2")
        .render(exercise=known, drill=drill, letter=letter, chosen=chosen, again=_again(known, drill, letter, chosen))
    )


def drill_text(known: Exercise, drill: Drill, letter: str | None) -> str:
    """The same as plain text."""
    chosen = drill.options.get(letter) if letter else None
    again = _again(known, drill, letter, chosen)
    if chosen is not None:
        lines = [f"  {'ok' if chosen.right else '--'}  {letter}) {chosen.text}", f"      {chosen.reply}"]
    elif letter is not None:
        lines = []
    else:
        options = [f"  {letter}) {option.text}" for letter, option in drill.options.items()]
        lines = [f"  {drill.question}", "", *(f"    {line}" for line in drill.shown.splitlines()), "", *options]
    return "\n".join([f"Spot the bug: {known.title}", *lines, *([f"  {again}"] if again else [])])


def _again(known: Exercise, drill: Drill, letter: str | None, chosen: Option | None) -> str:
    """What to do next with a drill; nothing when it is solved."""
    if letter is None:
        return f'Answer with its letter: `drill("{known.key}", "…")`. There are no points for it.'
    if chosen is None:
        return f"There is no option {letter!r}; the letters are {', '.join(drill.options)}."
    return "" if chosen.right else f'Look once more, and choose again; `drill("{known.key}")` shows the code.'


def closed_drill_html(known: Exercise) -> str:
    """A drill that is not open yet."""
    return templates(_PACKAGE).get_template("note.html.j2").render(text=closed_drill_text(known))


def closed_drill_text(known: Exercise) -> str:
    """The same as plain text."""
    return f'The drill opens once your own code is all right: run `check("{known.key}")` to see what is still missing.'
