"""Submission after submission: what does each cost, which process pays for it, and what grows?

    .venv/bin/python benchmarks/many_submissions.py [--count 10000] [--jobs 1 --jobs 2] [--exercise encoder]

A class is found and graded as `autograder grade` does it, after a few submissions that start everything up. A row says
what each submission since the row above has cost: processor milliseconds of the coordinator, of each kind of process
below it (a single job is the coordinator itself), and KiB by which the coordinator has grown, which keeps all results.
Ends with status 1 where a process below grows, or threads, files, children pile up.
"""

import os
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer
from classes import submissions
from processes import Held, cpu_seconds, held, parts
from rich.console import Console
from rich.table import Table

from autograder.course.installed import own_course
from autograder.engine.batch import grade_class, prepare_folder
from autograder.engine.identity import Salt
from autograder.engine.job.keeping import no_earlier_result
from autograder.engine.job.run import GradedSubmission, Run
from autograder.engine.job.this_machine import ThisMachine, this_machine
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.submissions.finding.archives import Unpacker
from autograder.submissions.finding.find import find_submissions

MOST_GROWTH_MIB = 8.0
COURSE = own_course()
_CHUNK = 100


@dataclass
class Spent:
    """What grading has taken so far; making the class's files is not counted."""

    wall: float = 0.0
    coordinator: float = 0.0
    kept: list[GradedSubmission] = field(default_factory=list)  # as `autograder grade` does

    @contextmanager
    def measured(self) -> Iterator[None]:
        """Count what happens inside."""
        wall, coordinator = time.monotonic(), time.process_time()
        yield
        self.wall += time.monotonic() - wall
        self.coordinator += time.process_time() - coordinator


@dataclass(frozen=True)
class Look:
    """All figures after so many submissions."""

    graded: int
    wall: float
    coordinator: float
    below: Counter[str]
    own: Held
    others: dict[str, list[Held]]


def main(
    count: int = typer.Option(1000, min=20, help="How many submissions."),
    jobs: Annotated[list[int] | None, typer.Option(min=1, help="Side by side, a table for each: 1 and 2.")] = None,
    exercise: str = typer.Option("", help="Key of the only exercise to grade, which takes less time; all if left out."),
) -> None:
    """Grade, look now and then, and print a table for each number of jobs."""
    only = (COURSE.exercise(exercise).key,) if exercise else ()
    options = Options(course=COURSE, level=Level.STRICT, salt=Salt("salt", secret=True), only=only)
    milestones = sorted({number for number in (100, 1000, 10_000) if number < count} | {max(count // 10, 10), count})
    grown = False
    for side_by_side in jobs or (1, 2):
        with tempfile.TemporaryDirectory() as folder, this_machine(side_by_side) as backend:
            looks = list(_looks(Path(folder), options, backend, side_by_side, milestones))
        _show(side_by_side, looks)
        grown |= _grown(looks[1], looks[-1])
    if grown:
        raise typer.Exit(1)


def _looks(place: Path, options: Options, backend: ThisMachine, jobs: int, milestones: list[int]) -> Iterator[Look]:
    prepare_folder(place / "results")
    run = Run(
        options=options,
        assignment=COURSE.key,
        release=COURSE.release,
        folder=place / "results",
        reuse=no_earlier_result,
    )
    _grade(place, range(4 * jobs), run, backend, Spent())  # starts everything up
    spent, started = Spent(), cpu_seconds()
    yield _look(0, spent, started)
    first = 0
    for milestone in milestones:
        while first < milestone:
            numbers = range(first, min(first + _CHUNK, milestone))
            _grade(place, numbers, run, backend, spent)
            first = numbers.stop
        yield _look(milestone, spent, started)


def _grade(place: Path, numbers: range, run: Run, backend: ThisMachine, spent: Spent) -> None:
    for _ in submissions(place / "submitted", numbers):
        pass
    with spent.measured(), Unpacker() as unpacker:
        found = find_submissions([place / "submitted"], COURSE.key, COURSE.release, unpacker)
        graded = list(grade_class(found, run, backend))
        spent.kept += graded
    if faults := [one.fault for one in graded if one.result is None]:
        raise SystemExit(f"no result: {faults[0]}")
    shutil.rmtree(place / "submitted")


def _look(graded: int, spent: Spent, started: Counter[str]) -> Look:
    below = cpu_seconds()
    below.subtract(started)
    others = {part: [held(pid) for pid in pids] for part, pids in parts().items()}
    return Look(graded, spent.wall, spent.coordinator, below, held(os.getpid()), others)


def _show(jobs: int, looks: list[Look]) -> None:
    kinds = sorted({*looks[-1].below, *looks[-1].others})
    table = Table("graded", "wall s", "ms each: all", "coordinator", *kinds, "KiB each", "MiB: coordinator", box=None)
    for kind in looks[-1].others:
        table.add_column(f"{kind}s")
    for before, after in pairwise(looks):
        count = after.graded - before.graded
        own = 1000 * (after.coordinator - before.coordinator) / count
        below = [1000 * (after.below[kind] - before.below[kind]) / count for kind in kinds]
        growth = 1024 * (after.own.memory - before.own.memory) / count
        memory = [sum(one.memory for one in after.others.get(kind, ())) for kind in looks[-1].others]
        figures = [own + sum(below), own, *below, growth, after.own.memory, *memory]
        table.add_row(str(after.graded), f"{after.wall:.1f}", *(f"{figure:.1f}" for figure in figures))
    console = Console(width=150)
    console.print(f"{jobs} job{'s' if jobs > 1 else ''}, processor time by process:")
    console.print(table)


def _grown(before: Look, after: Look) -> bool:
    pairs = [
        (one, other)
        for part, others in before.others.items()
        for one, other in zip(others, after.others.get(part, []), strict=False)
    ]
    if {part: len(them) for part, them in before.others.items()} != {p: len(them) for p, them in after.others.items()}:
        return True
    counts = ("threads", "descriptors", "children")
    return any(other.memory - one.memory > MOST_GROWTH_MIB for one, other in pairs) or any(
        getattr(other, name) > getattr(one, name) for one, other in (*pairs, (before.own, after.own)) for name in counts
    )


if __name__ == "__main__":
    typer.run(main)
