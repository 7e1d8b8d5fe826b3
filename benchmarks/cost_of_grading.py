"""What one more submission costs: this grader beside stock nbgrader running the same checks in its kernel.

    .venv/bin/python benchmarks/cost_of_grading.py [--without-nbgrader]

Processor time (user and system, of all processes) is taken for a small and a larger class and divided by the difference
in size, so that starting up is not counted. Stock nbgrader is spared the cells that train and plot, which it would run
as well. All figures come from one run; compare them with each other, not with those of another machine.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

COURSE = Path(__file__).resolve().parents[1]
SAMPLES = sorted((COURSE / "examples" / "submitted").glob("student-*/autoencoders/autoencoders.ipynb"))
SIZES, STOCK_SIZES = (10, 40), (2, 6)
STOCK_CONFIG = """
# As nbgrader does it by itself: the notebook is run in a kernel.
del c["Autograde"]
"""


@dataclass(frozen=True)
class Cost:
    """Processor seconds for two classes, and so for one submission more."""

    name: str
    sizes: tuple[int, int]
    seconds: tuple[float, float]

    @property
    def marginal(self) -> float:
        """Processor seconds for one submission more."""
        return (self.seconds[1] - self.seconds[0]) / (self.sizes[1] - self.sizes[0])


def main(without_nbgrader: bool = typer.Option(False, "--without-nbgrader", help="Measure this grader alone.")) -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        costs = [_cost("autograder grade --sandbox strict", SIZES, lambda size: _autograder(place, size))]
        if not without_nbgrader:
            costs.append(_cost("nbgrader autograde, stock", STOCK_SIZES, lambda size: _nbgrader(place, size)))
    table = Table("command", "submissions", "CPU s", "CPU s for one more", box=None)
    for cost in costs:
        seconds = " / ".join(f"{value:.1f}" for value in cost.seconds)
        table.add_row(cost.name, "{} / {}".format(*cost.sizes), seconds, f"{cost.marginal:.3f}")
    console = Console(width=100)
    console.print(table)
    if len(costs) > 1:
        console.print(f"stock nbgrader costs {costs[1].marginal / costs[0].marginal:.1f} times as much")


def _cost(name: str, sizes: tuple[int, int], run: Callable[[int], float]) -> Cost:
    return Cost(name, sizes, (run(sizes[0]), run(sizes[1])))


def _autograder(place: Path, size: int) -> float:
    folder = place / f"class-{size}"
    _submissions(folder, size, lambda notebook: notebook)
    grade = "from autograder.cli import main; main()"
    arguments = ["grade", str(folder), "--results", str(place / f"results-{size}"), "--jobs", "1", "--quiet"]
    return _cpu_seconds([sys.executable, "-c", grade, *arguments], place)


def _nbgrader(place: Path, size: int) -> float:
    course = place / f"course-{size}"
    shutil.copytree(COURSE / "solutions", course / "solutions")
    source = course / "solutions" / "autoencoders" / "autoencoders.ipynb"
    source.write_text(json.dumps(_without_drivers(json.loads(source.read_text(encoding="utf-8")))), encoding="utf-8")
    config = (COURSE / "nbgrader_config.py").read_text(encoding="utf-8")
    (course / "nbgrader_config.py").write_text(config + STOCK_CONFIG, encoding="utf-8")
    command = [sys.executable, "-m", "nbgrader"]
    subprocess.run([*command, "generate_assignment", "autoencoders", "--force"], cwd=course, check=True, **_QUIET)
    _submissions(course / "submitted", size, _without_drivers)
    return _cpu_seconds([*command, "autograde", "autoencoders"], course)


def _submissions(folder: Path, size: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Readable samples over and over, each with a comment of its own, so that no two have the same probes."""
    readable = SAMPLES[:-1]
    for number in range(size):
        notebook = change(json.loads(readable[number % len(readable)].read_text(encoding="utf-8")))
        place = next(cell for cell in notebook["cells"] if _grade_id(cell) == "encoder")
        place["source"] = ["".join(place["source"]), f"\n# {number}\n"]
        path = folder / f"student-{number:03}" / "autoencoders" / "autoencoders.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")


def _without_drivers(notebook: dict[str, Any]) -> dict[str, Any]:
    for cell in notebook["cells"]:
        if "driver" in cell["metadata"].get("tags", ()):
            cell["source"] = ["pass"]
    return notebook


def _grade_id(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


_QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def _cpu_seconds(command: list[str], folder: Path) -> float:
    """User and system time of a command and of all that it has waited for.

    bubblewrap is left out: it does not wait for what it starts, whose time would then be missing here.
    """
    environment = {**os.environ, "PYTHONPATH": str(COURSE), "PATH": str(Path(sys.executable).parent)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, env=environment, **_QUIET)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


if __name__ == "__main__":
    typer.run(main)
