"""Submission after submission on one zygote: what grows?

    .venv/bin/python benchmarks/many_submissions.py [--count 1000] [--exercise encoder]

Prints what the grader and its zygote hold along the way, and ends with status 1 where either has grown.
"""

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from autograder.course.installed import own_course
from autograder.engine.fleet import Fleet
from autograder.engine.forked import ZygoteProcess
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.submissions.submission import Submission, read_submission

SAMPLES = sorted((Path(__file__).parents[1] / "examples" / "submitted").glob("student-*/autoencoders/*.ipynb"))[:-1]
MOST_GROWTH_MIB = 8.0
COURSE = own_course()


@dataclass(frozen=True)
class Held:
    """What a process holds: memory of its own in MiB, threads, descriptors, children (zombies too)."""

    memory: float
    threads: int
    descriptors: int
    children: int


def held(pid: int) -> Held:
    """What the process holds now."""
    place = Path(f"/proc/{pid}")
    fields = (place / "statm").read_text(encoding="ascii").split()
    return Held(
        memory=(int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE") / (1 << 20),
        threads=len(list((place / "task").iterdir())),
        descriptors=len(list((place / "fd").iterdir())),
        children=len((place / "task" / str(pid) / "children").read_text(encoding="ascii").split()),
    )


def main(
    count: int = typer.Option(1000, min=20, help="How many submissions."),
    exercise: str = typer.Option("", help="Key of the only exercise to grade, which takes less time; all if left out."),
) -> None:
    """Grade, look now and then, and print a table."""
    zygotes: list[ZygoteProcess] = []

    def source(options: Options) -> ZygoteProcess:
        zygotes.append(ZygoteProcess(options.course, options.level))
        return zygotes[-1]

    only = (COURSE.exercise(exercise).key,) if exercise else ()
    options = Options(course=COURSE, level=Level.STRICT, salt=Salt("salt", secret=True), only=only)
    table = Table("graded", "grader MiB", "threads", "files", "zygote MiB", "threads", "files", "children", box=None)
    looks: list[tuple[Held, Held]] = []
    with tempfile.TemporaryDirectory() as folder, Fleet(source) as fleet:
        for number in range(count):
            grade_submission(_submission(Path(folder), number), options, fleet)
            if number + 1 in (count // 10, count // 2, count):
                grader, zygote = held(os.getpid()), held(_innermost(zygotes[-1].pid))
                looks.append((grader, zygote))
                parts = [number + 1, f"{grader.memory:.1f}", grader.threads, grader.descriptors]
                parts += [f"{zygote.memory:.1f}", zygote.threads, zygote.descriptors, zygote.children]
                table.add_row(*map(str, parts))
    Console(width=100).print(table)
    if len(zygotes) > 1 or any(_grown(before, after) for before, after in zip(looks[0], looks[-1], strict=True)):
        raise typer.Exit(1)


def _grown(before: Held, after: Held) -> bool:
    counts = ("threads", "descriptors", "children")
    return after.memory - before.memory > MOST_GROWTH_MIB or any(
        getattr(after, name) > getattr(before, name) for name in counts
    )


def _innermost(pid: int) -> int:
    """The zygote, where bubblewrap stands around it."""
    while children := Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        pid = int(children[0])
    return pid


def _submission(folder: Path, number: int) -> Submission:
    notebook = json.loads(SAMPLES[number % len(SAMPLES)].read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "encoder":
            cell["source"] = ["".join(cell["source"]), f"\n# {number}\n"]
    (path := folder / "autoencoders.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return read_submission(path, f"student-{number}", COURSE.key, COURSE.release)


if __name__ == "__main__":
    typer.run(main)
