"""What one more submission costs: this grader beside stock nbgrader, otter-grader, and the least that there is to do.

    .venv/bin/python benchmarks/cost_of_grading.py [--only NAME]

Processor time (user and system, of all processes) is taken for a class and for one twice its size, and the difference
divided by the difference in size, so that starting up is not counted. Stock nbgrader and otter-grader run the same
checks in their kernels, and are spared the cells that train and plot, which they would run as well. The floor is what
`floor.py` does. All figures come from one run; compare them with each other, not with those of another machine.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import otter
import typer
from classes import COURSE, Notebook, as_it_is, submissions
from rich.console import Console
from rich.table import Table

from autograder.engine.sandbox.process import adopt_orphans

STOCK_CONFIG = """
# As nbgrader does it by itself: the notebook is run in a kernel.
del c["Autograde"]
"""
_ORPHANS_SECONDS = 20.0


@dataclass(frozen=True)
class Way:
    """A way to grade a class, and the size of the smaller one that it is tried with.

    Attributes:
        name: its command.
        size: how many submissions at first, twice as many then.
        prepare: lays a class of that size into a folder; gives the commands that grade it, and where they are run.
    """

    name: str
    size: int
    prepare: Callable[[Path, int], tuple[Sequence[Sequence[str]], Path]]


@dataclass(frozen=True)
class Cost:
    """Processor seconds for two classes, and so for one submission more."""

    way: Way
    seconds: tuple[float, float]

    @property
    def marginal(self) -> float:
        """Processor seconds for one submission more."""
        return (self.seconds[1] - self.seconds[0]) / self.way.size


def main(
    only: Annotated[list[str] | None, typer.Option(help="A part of a way's name: measure such ways alone.")] = None,
) -> None:
    """Measure, and print a table."""
    adopt_orphans()
    chosen = [way for way in WAYS if not only or any(part in way.name for part in only)]
    with tempfile.TemporaryDirectory() as folder:
        costs = [_cost(way, Path(folder) / str(number)) for number, way in enumerate(chosen)]
    against = [f"times {cost.way.name}" for cost in costs[:2]]
    table = Table("command", "submissions", "CPU s", "CPU s for one more", *against, box=None)
    for cost in costs:
        seconds = " / ".join(f"{value:.1f}" for value in cost.seconds)
        ratios = [f"{cost.marginal / other.marginal:.1f}" for other in costs[:2]]
        sizes = f"{cost.way.size} / {2 * cost.way.size}"
        table.add_row(cost.way.name, sizes, seconds, f"{cost.marginal:.3f}", *ratios)
    Console(width=120).print(table)


def _cost(way: Way, place: Path) -> Cost:
    first, second = (_cpu_seconds(*way.prepare(place / str(size), size)) for size in (way.size, 2 * way.size))
    return Cost(way, (first, second))


def _floor(place: Path, size: int) -> tuple[Sequence[Sequence[str]], Path]:
    _class(place / "submitted", size)
    return [[sys.executable, str(COURSE / "benchmarks" / "floor.py"), str(place / "submitted")]], place


def _autograder(place: Path, size: int) -> tuple[Sequence[Sequence[str]], Path]:
    _class(place / "submitted", size)
    grade = "from autograder.cli import main; main()"
    arguments = ["grade", "submitted", "--results", "results", "--jobs", "1", "--quiet"]
    return [[sys.executable, "-c", grade, *arguments]], place


def _nbgrader(place: Path, size: int) -> tuple[Sequence[Sequence[str]], Path]:
    shutil.copytree(COURSE / "solutions", place / "solutions")
    source = place / "solutions" / "autoencoders" / "autoencoders.ipynb"
    source.write_text(json.dumps(_without_drivers(json.loads(source.read_text(encoding="utf-8")))), encoding="utf-8")
    config = (COURSE / "nbgrader_config.py").read_text(encoding="utf-8")
    (place / "nbgrader_config.py").write_text(config + STOCK_CONFIG, encoding="utf-8")
    command = [sys.executable, "-m", "nbgrader"]
    subprocess.run([*command, "generate_assignment", "autoencoders", "--force"], cwd=place, check=True, **_QUIET)
    _class(place / "submitted", size, _without_drivers)
    return [[*command, "autograde", "autoencoders"]], place


def _otter(place: Path, size: int) -> tuple[Sequence[Sequence[str]], Path]:
    _class(place / "submitted", size, lambda notebook: otter.without_test_cells(_without_drivers(notebook)))
    graded_by = otter.autograder_zip(place)
    return [otter.run(path, graded_by, path.parent) for path in sorted(place.rglob("*.ipynb"))], place


WAYS = (
    Way("the floor", 40, _floor),
    Way("autograder grade", 40, _autograder),
    Way("nbgrader autograde, stock", 4, _nbgrader),
    Way(f"otter run {otter.VERSION}", 3, _otter),
)


def _class(folder: Path, size: int, change: Callable[[Notebook], Notebook] = as_it_is) -> None:
    for _path in submissions(folder, range(size), change):
        pass


def _without_drivers(notebook: Notebook) -> Notebook:
    for cell in notebook["cells"]:
        if "driver" in cell["metadata"].get("tags", ()):
            cell["source"] = ["pass"]
    return notebook


_QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def _cpu_seconds(commands: Sequence[Sequence[str]], folder: Path) -> float:
    """User and system time of commands and of all that they have started."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    environment = {**os.environ, "PYTHONPATH": str(COURSE), "PATH": path}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for command in commands:
        subprocess.run(command, cwd=folder, check=True, env=environment, **_QUIET)
    _wait_for_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def _wait_for_orphans() -> None:
    """What nobody has waited for is ours (bubblewrap waits for nothing), and counts once it has been waited for."""
    deadline = time.monotonic() + _ORPHANS_SECONDS
    with suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)


if __name__ == "__main__":
    typer.run(main)
