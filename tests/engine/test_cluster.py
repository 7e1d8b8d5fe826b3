"""Grading on a Dask cluster of one machine: the same results as without one."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from submissions import right, save

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()"]


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler with one worker."""
    where = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--scheduler-file", str(where), "--port", "0"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(where), "--nthreads", "2"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    with subprocess.Popen([*dask, "--no-dashboard"], **quiet) as first:  # type: ignore[call-overload]
        while not where.exists():
            assert first.poll() is None
            time.sleep(0.1)
        with subprocess.Popen([*worker, "--no-dashboard"], **quiet) as second:  # type: ignore[call-overload]
            yield json.loads(where.read_text())["address"]
            second.terminate()
        first.terminate()


def test_a_class_graded_on_a_cluster_has_the_results_that_it_has_without(scheduler: str, tmp_path: Path) -> None:
    for student in ("ada", "bea", "carl"):
        save(right(), tmp_path / "class" / student / "autoencoders" / "autoencoders.ipynb")
    (tmp_path / "autograder.salt").write_text("a line of random text\n")
    grade = [*COMMAND, "grade", "class", "--sandbox", "best", "--quiet", "--results"]
    subprocess.run([*grade, "here"], cwd=tmp_path, check=True)
    subprocess.run([*grade, "there", "--dask", scheduler], cwd=tmp_path, check=True, timeout=120)
    results = []
    for folder in ("here", "there"):
        found = {path.name: json.loads(path.read_text()) for path in (tmp_path / folder).glob("*.json")}
        for result in found.values():
            del result["cpu_seconds"]
        results.append(found)
    assert results[0] == results[1]
    assert set(results[0]) == {"ada.json", "bea.json", "carl.json"}


def test_an_address_where_nobody_answers_is_said(tmp_path: Path) -> None:
    save(right(), tmp_path / "class" / "ada" / "autoencoders" / "autoencoders.ipynb")
    arguments = ["grade", "class", "--results", "results", "--dask", "tcp://127.0.0.1:9"]
    run = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in run.stderr
    assert "Traceback" not in run.stderr
