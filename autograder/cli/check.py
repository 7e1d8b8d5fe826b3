"""``autograder check``: a student's own run in the terminal."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from autograder.cli.terminal import out
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.errors import AutograderError, UsageError
from autograder.exercises.catalogue import KEYS, UnknownExercise, exercise
from autograder.exercises.judgement import Status
from autograder.reading.discovery import student_of
from autograder.reading.released import ASSIGNMENT, released
from autograder.reading.submission import read_submission
from autograder.reports.offered_help import offered_hint, to_reread
from autograder.reports.wording import STATUS_WORDS, for_students, points
from autograder.results import ExerciseEntry, Result

_SEED = 0
_TIMEOUT = 120.0
_MEMORY_MIB = 8192


class UnreadableHere(AutograderError):
    """The notebook cannot be read."""


def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook.")],
    watch: Annotated[bool, typer.Option("--watch", help="Check again every time the notebook is saved.")] = False,
    exercise_key: Annotated[str | None, typer.Option("--exercise", metavar="KEY", help="Check this one only.")] = None,
) -> None:
    """Check your own notebook; ends with status 1 unless everything is right."""
    keys = _keys(exercise_key)
    if not notebook.exists():
        raise UsageError(f"{notebook} does not exist")
    if notebook.is_dir() or notebook.suffix != ".ipynb":
        raise UsageError(f"{notebook} is not a notebook (*.ipynb)")
    if watch:
        _watch(notebook, keys)
        return
    if not _check_once(notebook, keys):
        raise typer.Exit(1)


def _keys(key: str | None) -> tuple[str, ...]:
    try:
        return KEYS if key is None else (exercise(key).key,)
    except UnknownExercise as error:
        raise UsageError(str(error)) from None


def _check_once(notebook: Path, keys: tuple[str, ...]) -> bool:
    submission = read_submission(notebook, student_of(notebook), ASSIGNMENT, released())
    if submission.problem:
        raise UnreadableHere(submission.problem)
    options = Options(Level.NONE, "cpu", _TIMEOUT, _MEMORY_MIB, Salt("", True), _SEED, keys)
    with Fleet() as fleet:
        result = grade_submission(submission, options, fleet)
    _show(result, out())
    return all(entry.status == Status.PASSED.value for entry in result.exercises)


def _watch(notebook: Path, keys: tuple[str, ...]) -> None:
    from watchfiles import watch

    console = out()
    try:
        _check_quietly(notebook, keys, console)
        for _ in watch(notebook.parent, watch_filter=lambda _change, path: Path(path).name == notebook.name):
            console.rule()
            _check_quietly(notebook, keys, console)
    except KeyboardInterrupt:
        console.print("stopped watching")


def _check_quietly(notebook: Path, keys: tuple[str, ...], console: Console) -> None:
    try:
        _check_once(notebook, keys)
    except UnreadableHere as error:
        console.print(str(error), markup=False)
    console.print(f"Watching {notebook}; save it to check again, Ctrl-C to stop.", style="dim")


def _show(result: Result, console: Console) -> None:
    for warning in for_students(result):
        console.print(Text(warning, style="yellow"))
    for entry in result.exercises:
        _show_exercise(entry, console)
    console.print(Text(f"{points(result.points)} of {points(result.max_points)} points", style="bold"))


def _show_exercise(entry: ExerciseEntry, console: Console) -> None:
    status = Status(entry.status)
    sign = {Status.PASSED: "✓", Status.NOT_ATTEMPTED: "·"}.get(status, "✗" if not entry.points else "◐")
    head = f"{sign} {entry.title}: {STATUS_WORDS[status]}, {points(entry.points)} of {points(entry.max_points)}"
    console.print(Text(head, style="bold green" if status is Status.PASSED else "bold"))
    if status is Status.NOT_ATTEMPTED:
        return
    for check_result in entry.checks:
        if check_result.message:
            mark = "note: " if check_result.passed else f"{check_result.key}: "
            message = Text(f"{mark}{check_result.message}")
            console.print(Padding(message, (0, 0, 0, 4), expand=False))
    if parts := to_reread(entry.key, entry.checks):
        console.print(Padding(Text(f"To reread: {'; '.join(parts)}"), (0, 0, 0, 4), expand=False))
    if (level := offered_hint(entry.key, entry.checks)) is not None:
        offer = f'Stuck? hint("{entry.key}", {level}) in the notebook may help; hints are free.'
        console.print(Padding(Text(offer), (0, 0, 0, 4), expand=False))
