"""``autograder check``: a student's own run in the terminal."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from autograder.cli.arguments import notebook_at
from autograder.cli.terminal import out
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.errors import AutograderError, GraderFault
from autograder.exercises.catalogue import KEYS, exercise
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
_LONGEST_WAIT_MS = 1000


class UnreadableHere(AutograderError):
    """The notebook cannot be read."""


def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook.")],
    watch: Annotated[bool, typer.Option("--watch", help="Check again every time the notebook is saved.")] = False,
    exercise_key: Annotated[str | None, typer.Option("--exercise", metavar="KEY", help="Check this one only.")] = None,
) -> None:
    """Check your own notebook; ends with status 1 unless everything is right."""
    keys = KEYS if exercise_key is None else (exercise(exercise_key).key,)
    notebook_at(notebook)
    if watch:
        _watch(notebook, keys)
        return
    if not _check_once(notebook, keys):
        raise typer.Exit(1)


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
    changes = watch(
        notebook.parent,
        watch_filter=lambda _change, path: Path(path).name == notebook.name,
        yield_on_timeout=True,
        rust_timeout=_LONGEST_WAIT_MS,
    )
    try:
        checked = _saved(notebook)
        _check_quietly(notebook, keys, console)
        # Saves are told apart by the file itself, so that one made while a check was running is not missed.
        for _ in changes:
            if (saved := _saved(notebook)) not in (None, checked):
                checked = saved
                console.rule()
                _check_quietly(notebook, keys, console)
    except KeyboardInterrupt:
        console.print("stopped watching")


def _saved(notebook: Path) -> tuple[int, int, int] | None:
    """What tells one save of a file from another; ``None`` while it is away, as when an editor replaces it."""
    try:
        found = notebook.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _check_quietly(notebook: Path, keys: tuple[str, ...], console: Console) -> None:
    try:
        _check_once(notebook, keys)
    except (UnreadableHere, GraderFault) as error:
        console.print(Text(str(error)), soft_wrap=True)
    watching = Text(f"Watching {notebook}; save it to check again, Ctrl-C to stop.", style="dim")
    console.print(watching, soft_wrap=True)


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
