"""``autograder check``: a student's own run in the terminal."""

from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from autograder.cli.arguments import notebook_at
from autograder.cli.terminal import out
from autograder.course.course import Course
from autograder.course.installed import own_course
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.errors import AutograderError, GraderFault
from autograder.judging.verdicts import Status
from autograder.reports.card import Card
from autograder.reports.result import Result
from autograder.reports.terminal_card import terminal
from autograder.reports.wording import points
from autograder.submissions.finding.find import student_of
from autograder.submissions.submission import read_submission

_SEED = 0
_MEMORY_MIB = 8192
_LONGEST_WAIT_MS = 1000


class UnreadableHere(AutograderError):
    """The notebook cannot be read."""


def check(notebook: Path, watch: bool, exercise_key: str | None) -> None:
    """Check a notebook, or one exercise of it, once or at every save."""
    keys = () if exercise_key is None else (own_course().exercise(exercise_key).key,)
    notebook_at(notebook)
    with Fleet() as fleet:
        if watch:
            _watch(notebook, keys, fleet)
        elif not _check_once(notebook, keys, fleet):
            raise typer.Exit(1)


def _check_once(notebook: Path, keys: tuple[str, ...], fleet: Fleet) -> bool:
    course = own_course()
    submission = read_submission(
        notebook, student_of(notebook, course.key), course.key, course.release, notebook.parent
    )
    if submission.problem:
        raise UnreadableHere(submission.problem)
    salt = Salt("", secret=True)
    options = Options(course=course, level=Level.NONE, salt=salt, memory_mib=_MEMORY_MIB, seed=_SEED, only=keys)
    result = grade_submission(submission, options, fleet)
    _show(course, result, out())
    return all(exercise.status is Status.PASSED for exercise in result.exercises)


def _watch(notebook: Path, keys: tuple[str, ...], fleet: Fleet) -> None:
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
        _check_quietly(notebook, keys, fleet, console)
        # Saves are distinguished by the file itself, so that one made while a check was running is not missed.
        for _ in changes:
            if (saved := _saved(notebook)) not in (None, checked):
                checked = saved
                console.rule()
                _check_quietly(notebook, keys, fleet, console)
    except KeyboardInterrupt:
        console.print("stopped watching")


def _saved(notebook: Path) -> tuple[int, int, int] | None:
    """What distinguishes one save of a file from another; ``None`` while it is away, as when an editor replaces it."""
    try:
        found = notebook.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _check_quietly(notebook: Path, keys: tuple[str, ...], fleet: Fleet, console: Console) -> None:
    try:
        _check_once(notebook, keys, fleet)
    except (UnreadableHere, GraderFault) as error:
        console.print(Text(str(error)), soft_wrap=True)
    watching = Text(f"Watching {notebook}; save it to check again, Ctrl-C to stop.", style="dim")
    console.print(watching, soft_wrap=True)


def _show(course: Course, result: Result, console: Console) -> None:
    for warning in result.warnings:
        console.print(Text(warning, style="yellow"))
    for judged in result.exercises:
        console.print(terminal(Card(course.exercise(judged.key), judged)))
    console.print(Text(f"{points(result.points)} of {points(result.max_points)} points", style="bold"))
