"""Grading on a Dask cluster of one machine: the same results as without one, whatever becomes of its workers."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from graded import SANDBOX, grade_in_process
from submissions import right, save

from autograder.course.installed import find_course
from autograder.engine.cluster import OtherVersions, cluster
from autograder.engine.fleet import Fleet
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.errors import GraderFault
from autograder.submissions.submission import Cell, Submission

Client = pytest.importorskip("distributed").Client
pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()"]
COURSE = find_course("toy")
OPTIONS = Options(
    course=COURSE, level=Level.NONE, salt=Salt("salt", secret=True), timeout=60.0, memory_mib=2048, only=("doubling",)
)
RIGHT = "def double(x):\n    return 2 * x"


class Dask:
    """A scheduler of the test's own, and workers that come and go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = str(folder / "temporary")
        Path(self.mark).mkdir()
        self._where = folder / "scheduler.json"
        self._processes: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("dask_scheduler", "--port", "0")
        # It is there for a moment before anything is in it.
        while not (self._where.exists() and self._where.read_text().rstrip().endswith("}")):
            assert self.scheduler.poll() is None
            time.sleep(0.1)
        self.address: str = json.loads(self._where.read_text())["address"]

    def worker(self, *options: str, **environment: str) -> "subprocess.Popen[bytes]":
        return self._start("dask_worker", "--nthreads", "1", *options, **environment)

    def wait_for(self, workers: int) -> None:
        """Wait until so many workers have joined."""
        with Client(self.address) as client:
            client.wait_for_workers(workers, timeout=100)

    def _start(self, what: str, *options: str, **environment: str) -> "subprocess.Popen[bytes]":
        started = subprocess.Popen(
            [
                sys.executable,
                "-m",
                f"distributed.cli.{what}",
                "--scheduler-file",
                self._where,
                "--no-dashboard",
                *options,
            ],
            env={
                **os.environ,
                "TMPDIR": self.mark,
                "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
                **environment,
            },
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._processes.append(started)
        return started

    def zygotes(self) -> list[int]:
        """The processes that workers are forked from, and what is forked from them, below this cluster's workers."""
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                ours = self.mark.encode() in (place / "environ").read_bytes()
                if ours and b"autograder.engine.worker" in (place / "cmdline").read_bytes():
                    found.append(int(place.name))
        return found

    def no_zygote_is_left(self) -> bool:
        """Whether none is left, now or soon."""
        deadline = time.monotonic() + 20
        while self.zygotes() and time.monotonic() < deadline:
            time.sleep(0.1)
        return not self.zygotes()

    def close(self) -> None:
        for process in reversed(self._processes):
            process.kill() if process.poll() is None else None
            process.wait()


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    started = Dask(tmp_path)
    try:
        yield started
    finally:
        started.close()


def handed_in(student: str, source: str = RIGHT) -> Submission:
    return Submission(student, COURSE.key, Path("a.ipynb"), COURSE.release, (Cell(source),), {}, student.ljust(64, "0"))


def slow(student: str) -> Submission:
    return handed_in(student, f"import time\ntime.sleep(0.4)\n{RIGHT}")


class Class:
    """A class as it is graded: the points of every submission that has ended, or what went wrong."""

    def __init__(self, dask: Dask, submissions: list[Submission]) -> None:
        self.ended: list[tuple[str, float | str]] = []
        self.notices: list[str] = []
        self._then: Callable[[], Any] | None = None
        self._after = 0
        self._dask, self._submissions = dask, submissions

    def after(self, number: int, then: Callable[[], Any]) -> "Class":
        """Do something once so many have ended."""
        self._after, self._then = number, then
        return self

    def grade(self) -> "Class":
        with cluster(self._dask.address, self.notices.append) as backend:
            for submission, future in backend.graded(self._submissions, OPTIONS):
                error = future.exception()
                self.ended.append((submission.student, str(error) if error else future.result().points))
                if len(self.ended) == self._after and self._then:
                    self._then()
        return self


def everybody(count: int) -> list[str]:
    return [f"student-{number:02}" for number in range(count)]


def test_a_class_graded_on_a_cluster_has_the_results_that_it_has_without(
    dask: Dask, tmp_path: Path, fleet: Fleet
) -> None:
    dask.worker("--nthreads", "2")
    for student in ("ada", "bea", "carl"):
        save(right(), tmp_path / "class" / student / "autoencoders" / "autoencoders.ipynb")
    grade_in_process(tmp_path, fleet, "--results", "here")
    there = ["grade", "class", "--sandbox", SANDBOX, "--quiet", "--results", "there", "--dask", dask.address]
    subprocess.run([*COMMAND, *there], cwd=tmp_path, check=True, timeout=240)
    results = []
    for folder in ("here", "there"):
        found = {path.name: json.loads(path.read_text()) for path in (tmp_path / folder).glob("*.json")}
        for result in found.values():
            del result["cpu_seconds"]
        results.append(found)
    assert results[0] == results[1]
    assert set(results[0]) == {"ada.json", "bea.json", "carl.json"}
    assert dask.no_zygote_is_left()  # the run has taken away what was its own


@pytest.mark.parametrize("end", ["kill", "terminate"])
def test_workers_that_end_and_join_in_mid_class_lose_nothing_and_count_nothing_twice(dask: Dask, end: str) -> None:
    first = dask.worker("--no-nanny")
    students = everybody(16)

    def change() -> None:
        getattr(first, end)()
        dask.worker("--no-nanny")

    graded = Class(dask, [slow(student) for student in students]).after(3, change).grade()
    assert sorted(graded.ended) == [(student, 2.0) for student in students]
    assert dask.no_zygote_is_left()


def test_a_submission_that_ends_its_dask_workers_is_named_and_costs_nobody_else(dask: Dask) -> None:
    killer = (
        "import os\nwith open(f'/proc/{os.getppid()}/stat') as stat:\n"
        "    grader = int(stat.read().rpartition(')')[2].split()[1])\n"
        "os.kill(grader, 9)\nimport time\ntime.sleep(60)"
    )
    dask.worker()  # its nanny starts it again
    submissions = [handed_in(student) for student in ("ada", "bea", "carl")]
    submissions.insert(1, handed_in("mallory", killer))
    graded = dict(Class(dask, submissions).grade().ended)
    assert "every Dask worker that graded it ended" in str(graded.pop("mallory"))
    assert graded == {"ada": 2.0, "bea": 2.0, "carl": 2.0}
    assert dask.no_zygote_is_left()


def another_numpy(folder: Path) -> dict[str, str]:
    """The environment of a Python that believes to have another version of NumPy."""
    (about := folder / "other" / "numpy-9.9.dist-info").mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 9.9\n")
    return {"PYTHONPATH": str(folder / "other")}


def no_autograder(folder: Path) -> dict[str, str]:
    """The environment of a Python that has not got this package."""
    (folder / "other" / "autograder").mkdir(parents=True)
    (folder / "other" / "autograder" / "__init__.py").write_text("")
    return {"PYTHONPATH": str(folder / "other")}


@pytest.mark.parametrize(
    ("lacking", "said"), [(another_numpy, "numpy 9.9 in place of"), (no_autograder, "autograder cannot be used")]
)
def test_a_worker_of_other_versions_is_named_before_anything_is_graded(
    dask: Dask, tmp_path: Path, lacking: Callable[[Path], dict[str, str]], said: str
) -> None:
    dask.worker("--no-nanny")
    dask.worker("--no-nanny", **lacking(tmp_path))
    dask.wait_for(2)
    save(right(), tmp_path / "class" / "ada" / "autoencoders" / "autoencoders.ipynb")
    arguments = ["grade", "class", "--results", "results", "--quiet", "--dask", dask.address]
    run = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr.startswith("autograder: Dask worker tcp://")
    assert said in run.stderr
    assert len(run.stderr.splitlines()) == 1
    assert list((tmp_path / "results").iterdir()) == []
    assert dask.zygotes() == []


LEFT_BEHIND = """
import gc, sys
from autograder.engine.cluster import cluster
from distributed import default_client
with cluster(sys.argv[1], print):
    waited_for = default_client().loop.asyncio_loop.create_future()
waited_for.set_exception(TimeoutError("Timeout"))
del waited_for
gc.collect()
"""


def test_what_dask_leaves_behind_is_not_said(dask: Dask) -> None:
    """On a busy machine Dask's loop may end while one of its own waits has just run out."""
    run = subprocess.run([*COMMAND[:2], LEFT_BEHIND, dask.address], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_a_worker_of_other_versions_that_joins_later_grades_nothing(dask: Dask, tmp_path: Path) -> None:
    dask.worker("--no-nanny")
    graded = Class(dask, [slow(student) for student in everybody(60)])
    graded.after(1, lambda: dask.worker("--no-nanny", **another_numpy(tmp_path)))
    with pytest.raises(OtherVersions, match=r"numpy 9\.9 in place of"):
        graded.grade()
    assert {points for _, points in graded.ended} == {2.0}
    assert dask.no_zygote_is_left()


def test_a_class_waits_for_a_first_worker_and_says_so(dask: Dask) -> None:
    threading.Timer(2.0, dask.worker).start()
    graded = Class(dask, [handed_in("ada")]).grade()
    assert graded.ended == [("ada", 2.0)]
    assert graded.notices == ["the Dask cluster has no workers yet; grading begins when the first one joins"]


def test_what_fails_on_one_machine_is_tried_on_another(dask: Dask, tmp_path: Path) -> None:
    """A machine with a full disk fails so fast that it would draw the whole class to itself."""
    (tmp_path / "full.py").write_text(
        "from autograder.engine.scratch import ClaimedScratch\n"
        "def full():\n    raise OSError(28, 'No space left on device')\n"
        "ClaimedScratch.claim = full\n"
    )
    dask.worker("--no-nanny", "--preload", str(tmp_path / "full.py"))
    dask.wait_for(1)
    graded = Class(dask, [handed_in("ada")]).grade()
    [(_, said)] = graded.ended
    assert "on the Dask worker tcp://" in str(said)
    assert "No space left on device" in str(said)

    dask.worker("--no-nanny")
    dask.wait_for(2)
    graded = Class(dask, [slow(student) for student in everybody(12)]).grade()
    assert sorted(graded.ended) == [(student, 2.0) for student in everybody(12)]


def test_a_scheduler_that_ends_is_said(dask: Dask) -> None:
    dask.worker("--no-nanny")
    graded = Class(dask, [slow(student) for student in everybody(30)]).after(2, dask.scheduler.kill)
    with pytest.raises(GraderFault, match="the Dask scheduler is gone"):
        graded.grade()
    assert dask.no_zygote_is_left()


def test_an_address_where_nobody_answers_is_said(tmp_path: Path) -> None:
    save(right(), tmp_path / "class" / "ada" / "autoencoders" / "autoencoders.ipynb")
    arguments = ["grade", "class", "--results", "results", "--dask", "tcp://127.0.0.1:9"]
    run = subprocess.run([*COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in run.stderr
    assert "Traceback" not in run.stderr
