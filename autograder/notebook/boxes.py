"""What the notebook shows besides cards: progress, hints, drills and facts, as HTML and as plain text."""

from collections.abc import Sequence

from autograder.course.drills import Drill, Option
from autograder.course.error_help import ErrorHelp
from autograder.course.exercise import Exercise
from autograder.course.lessons import Example
from autograder.judging.verdicts import ExerciseResult
from autograder.reports.wording import LOOKS, points, templates

_BAR = 20


def progress_html(results: Sequence[ExerciseResult], stopped: Sequence[str]) -> str:
    """All exercises with a bar, and the cells that have stopped."""
    return _rendered(
        "progress",
        results=results,
        stopped=stopped,
        earned=sum(result.points for result in results),
        possible=sum(result.max_points for result in results),
    )


def progress_text(results: Sequence[ExerciseResult], stopped: Sequence[str]) -> str:
    """The same as plain text."""
    earned = sum(result.points for result in results)
    possible = sum(result.max_points for result in results)
    full = round(_BAR * earned / possible) if possible else 0
    lines = [f"[{'#' * full}{'.' * (_BAR - full)}] {points(earned)} of {points(possible)} points"]
    for result in results:
        mark = f"{points(result.points)}/{points(result.max_points)}"
        lines.append(f"  {result.title:<22} {mark:>8}  {LOOKS[result.status].words}")
    return "\n".join([*lines, *(f"  {line}" for line in stopped)])


def hint_html(exercise: Exercise, level: int, example: Example | None) -> str:
    """The first ``level`` hints of an exercise; with the last, a similar problem solved."""
    return _rendered("hint", exercise=exercise, level=level, example=example)


def hint_text(exercise: Exercise, level: int, example: Example | None) -> str:
    """The same as plain text."""
    head = f"Hints for {exercise.title}: {level} of {len(exercise.hints)}"
    lines = [head, *(f"  {number}. {hint}" for number, hint in enumerate(exercise.hints[:level], 1))]
    if example is not None:
        lines += [f"  A similar problem: {example.about}", *(f"    {line}" for line in example.code.splitlines())]
    return "\n".join(lines)


def error_help_html(exercise: Exercise, error: ErrorHelp) -> str:
    """How to find a mistake of Python."""
    return _rendered("error_help", exercise=exercise, error=error)


def error_help_text(exercise: Exercise, error: ErrorHelp) -> str:
    """The same as plain text."""
    code = (f"    {line}".rstrip() for line in error.code.strip().splitlines())
    lines = [f"{exercise.title}: {error.title}", f"  {error.text}", "  An example in which all is right:", *code]
    return "\n".join([*lines, f'  Run hint("{exercise.key}") again for a hint about the exercise.'])


def facts_html(text: str) -> str:
    """Facts, folded up until somebody wants them."""
    return _rendered("facts", text=text)


def drill_html(exercise: Exercise, drill: Drill, letter: str | None, more: int) -> str:
    """A drill; with a letter, what to say to that choice; ``more`` drills follow it."""
    chosen = drill.options.get(letter) if letter else None
    again = _again(exercise, drill, letter, chosen, more)
    return _rendered("drill", exercise=exercise, drill=drill, letter=letter, chosen=chosen, again=again)


def drill_text(exercise: Exercise, drill: Drill, letter: str | None, more: int) -> str:
    """The same as plain text."""
    chosen = drill.options.get(letter) if letter else None
    again = _again(exercise, drill, letter, chosen, more)
    if chosen is not None:
        lines = [f"  {'ok' if chosen.right else '--'}  {letter}) {chosen.text}", f"      {chosen.reply}"]
    elif letter is not None:
        lines = []
    else:
        options = [f"  {letter}) {option.text}" for letter, option in drill.options.items()]
        lines = [f"  {drill.question}", "", *(f"    {line}" for line in drill.shown.splitlines()), "", *options]
    return "\n".join([f"Spot the bug: {exercise.title}", *lines, *([f"  {again}"] if again else [])])


def _again(exercise: Exercise, drill: Drill, letter: str | None, chosen: Option | None, more: int) -> str:
    """What to do next with a drill; nothing when the last one is solved."""
    if letter is None:
        return f'Answer with its letter: `drill("{exercise.key}", "…")`. There are no points for it.'
    if chosen is None:
        return f"There is no option {letter!r}; the letters are {', '.join(drill.options)}."
    if chosen.right:
        return f'`drill("{exercise.key}")` has another one.' if more else ""
    return f'Look once more, and choose again; `drill("{exercise.key}")` shows the code.'


def note_html(text: str) -> str:
    """A sentence in a box."""
    return _rendered("note", text=text)


def _rendered(name: str, **values: object) -> str:
    return templates().get_template(f"{name}.html.j2").render(**values)
