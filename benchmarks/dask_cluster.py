"""A class on a Dask cluster of this machine, beside the same class without one.

    .venv/bin/python benchmarks/dask_cluster.py [--count 200] [--workers 2]

Prints seconds, and what client, scheduler and workers took; ``docs/clusters.md`` computes larger classes from that.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cloudpickle
import psutil
import typer
from rich.console import Console
from rich.table import Table

from autograder.course.installed import own_course
from autograder.submissions.submission import read_submission

SAMPLES = sorted((Path(__file__).parents[1] / "examples" / "submitted").glob("student-*/autoencoders/*.ipynb"))[:-1]
GRADE = [sys.executable, "-c", "from autograder.cli import main; main()", "grade", "class", "--quiet", "--results"]
MIB = 1 << 20


def main(
    count: int = typer.Option(200, min=20, help="How many submissions."),
    workers: int = typer.Option(2, min=1, help="How many Dask workers, of one thread each; and local jobs."),
) -> None:
    """Grade the class both ways, and print a table."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        submissions = _class_of(folder, count)
        local, local_cpu = _timed(folder, "local", "--jobs", str(workers))
        with _cluster(folder, workers) as (address, scheduler, dask_workers):
            there, client_cpu = _timed(folder, "there", "--dask", address)
            again, _ = _timed(folder, "again", "--dask", address)
            held = [one.memory_info().rss / MIB for one in (scheduler, *dask_workers)]
            scheduler_cpu = sum(scheduler.cpu_times()[:2]) / (2 * count)
    shipped = len(cloudpickle.dumps(submissions[:8])) / 8
    table = Table("", "", box=None, show_header=False)
    for name, value in (
        (f"{count} submissions, --jobs {workers}", f"{local:.1f} s, {local_cpu / count:.3f} CPU s each"),
        (f"{workers} Dask workers", f"{there:.1f} s, and {again:.1f} s with a second class"),
        ("client", f"{client_cpu / count * 1000:.1f} CPU ms a submission"),
        ("scheduler", f"{scheduler_cpu * 1000:.1f} CPU ms a submission, {held[0]:.0f} MiB"),
        ("each Dask worker, without its children", " ".join(f"{one:.0f} MiB" for one in held[1:])),
        ("sent to a worker", f"{shipped / 1000:.1f} kB a submission"),
    ):
        table.add_row(name, value)
    Console(width=100).print(table)


def _class_of(folder: Path, count: int) -> list[object]:
    (folder / "autograder.salt").write_text("a line of random text\n", encoding="utf-8")
    course, read = own_course(), []
    for number in range(count):
        notebook = json.loads(SAMPLES[number % len(SAMPLES)].read_text(encoding="utf-8"))
        notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": f"mine = {number}", "outputs": []})
        path = folder / "class" / f"student-{number:05}" / course.key / "autoencoders.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        read.append(read_submission(path, path.parts[-3], course.key, course.release))
    return read


def _timed(folder: Path, results: str, *options: str) -> tuple[float, float]:
    """Seconds of a run, and the processor time of its process and that process's children."""
    before, began = os.times(), time.monotonic()
    subprocess.run([*GRADE, results, *options], cwd=folder, check=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.monotonic() - began, cpu


@contextmanager
def _cluster(folder: Path, workers: int) -> Iterator[tuple[str, psutil.Process, list[psutil.Process]]]:
    where = folder / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_{}", "--scheduler-file", str(where), "--no-dashboard"]
    started: list[subprocess.Popen[bytes]] = []

    def start(what: str, *options: str) -> psutil.Process:
        command = [part.format(what) for part in dask]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        started.append(subprocess.Popen([*command, *options], **quiet))  # type: ignore[call-overload]
        return psutil.Process(started[-1].pid)

    try:
        scheduler = start("scheduler", "--port", "0")
        while not where.exists():
            time.sleep(0.1)
        address = json.loads(where.read_text(encoding="utf-8"))["address"]
        yield address, scheduler, [start("worker", "--nthreads", "1", "--no-nanny") for _ in range(workers)]
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


if __name__ == "__main__":
    typer.run(main)
