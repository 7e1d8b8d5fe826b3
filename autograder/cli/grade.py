"""``autograder grade``: results for a whole class."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.atomic import write_atomically
from autograder.cli.terminal import complain, err, out, terminated_like_interrupted
from autograder.engine import batch
from autograder.engine.batch import Outcome, Place, this_machine
from autograder.engine.cluster import cluster
from autograder.engine.identity import SALT_FILE, read_salt
from autograder.engine.levels import Level
from autograder.engine.options import DEFAULT_MEMORY_MIB, DEFAULT_TIMEOUT, Options
from autograder.errors import GraderFault, Interrupted, UsageError
from autograder.reading.discovery import find
from autograder.reading.released import ASSIGNMENT, released
from autograder.reading.submission import Submission, read_submission
from autograder.reports.spreadsheet import class_csv
from autograder.reports.table import LEGEND, class_table, problems
from autograder.reports.wording import points
from autograder.results import Result

Show = Callable[[Outcome], None]


class Device(StrEnum):
    """Where student code runs."""

    cpu = "cpu"
    cuda = "cuda"


def grade(
    paths: Annotated[list[Path], typer.Argument(help="Notebooks, or trees <student>/<assignment>/*.ipynb.")],
    results_folder: Annotated[Path, typer.Option("--results", help="Folder for the results.")],
    jobs: Annotated[int, typer.Option(min=1, help="Submissions graded side by side.")] = os.cpu_count() or 1,
    dask: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Grade on the Dask cluster there.")] = None,
    sandbox: Annotated[Level, typer.Option(help="What must be in force; `none` is for your own code.")] = Level.STRICT,
    device: Annotated[Device, typer.Option(help="Where student code runs.")] = Device.cpu,
    timeout: Annotated[float, typer.Option(min=1.0, max=86400.0, help="Seconds for one submission.")] = DEFAULT_TIMEOUT,
    memory: Annotated[
        int, typer.Option(min=256, metavar="MIB", help="Memory for one submission.")
    ] = DEFAULT_MEMORY_MIB,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Seed of every submission's probes.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what has a valid result.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print errors only.")] = False,
) -> None:
    """Grade notebooks; every submission gets a result file."""
    found = find(paths)
    salt = read_salt(Path.cwd())
    options = Options(sandbox, device.value, timeout, memory, salt, seed)
    submissions = [read_submission(one.path, one.student, ASSIGNMENT, released()) for one in found]
    batch.prepare_folder(results_folder)
    if not salt.secret and not quiet:
        complain(
            f"no {SALT_FILE} here, so the probes are drawn with the public salt; put a line of random text into that "
            f"file"
        )
    reuse = batch.no_earlier_result if force else batch.earlier_result
    with _place(dask, jobs) as place, _shown(len(submissions), quiet) as show, terminated_like_interrupted():
        graded = list(_graded(submissions, options, results_folder, place, reuse, show))
    _conclude(graded, results_folder, quiet)


def _graded(
    submissions: list[Submission], options: Options, folder: Path, place: Place, reuse: batch.Reuse, show: Show
) -> Iterator[Outcome]:
    done = 0
    try:
        for outcome in batch.grade_class(submissions, options, folder, place, reuse):
            done += 1
            show(outcome)
            yield outcome
    except KeyboardInterrupt:
        kept = f"{done} of {len(submissions)} graded and kept in {folder}"
        raise Interrupted(f"stopped; {kept}. The same command goes on from there") from None


@contextmanager
def _place(dask: str | None, jobs: int) -> Iterator[Place]:
    with cluster(dask) if dask else this_machine(jobs) as place:
        yield place


@contextmanager
def _shown(total: int, quiet: bool) -> Iterator[Show]:
    """Gives what shows an outcome: a bar on a terminal, lines elsewhere, nothing where quiet."""
    console = err()
    if quiet:
        yield lambda _outcome: None
    elif not console.is_terminal:
        yield lambda outcome: console.print(_line(outcome), markup=False, soft_wrap=True)
    else:
        columns = (TextColumn("grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("grading", total=total)
            yield lambda _outcome: progress.advance(task)


def _line(outcome: Outcome) -> str:
    if outcome.result is None:
        return f"{outcome.submission.student}: no result"
    kept = ", kept from before" if outcome.reused else ""
    return f"{outcome.submission.student}: {points(outcome.result.points)} of {points(outcome.result.max_points)}{kept}"


def _conclude(graded: list[Outcome], folder: Path, quiet: bool) -> None:
    done = [outcome.result for outcome in graded if outcome.result is not None]
    class_file = folder / "class.csv"
    try:
        write_atomically(class_file, class_csv(_all_results(folder)))
    except OSError as error:
        raise UsageError(f"{class_file} could not be written: {error.strerror}") from None
    if not quiet:
        _show_class(done, folder)
    faults = [outcome for outcome in graded if outcome.result is None]
    for outcome in faults:
        complain(f"{outcome.submission.student} has no result: {outcome.fault}")
    if faults:
        missing = f"{len(faults)} of {len(graded)} submissions have no result"
        raise GraderFault(f"{missing}; the same command tries them again")


def _all_results(folder: Path) -> list[Result]:
    every = (batch.earlier_result(path) for path in sorted(folder.glob("*.json")))
    return [result for result in every if result is not None]


def _show_class(done: list[Result], folder: Path) -> None:
    console = out()
    console.print(class_table(done))
    console.print(LEGEND, style="dim")
    for line in problems(done):
        console.print(line, markup=False, soft_wrap=True)
    console.print(f"Results: {folder}{os.sep} (one JSON file a student, and class.csv)", markup=False, soft_wrap=True)
