"""What a worker may hold of the disk, wherever it puts it."""

import sys
from collections.abc import Iterator

import pytest

from autograder.course.installed import find_course
from autograder.engine.channel import WorkerDied
from autograder.engine.fleet import Fleet
from autograder.engine.fresh import FreshProcesses
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.messages import Begin, Begun, CellRun, RunCells
from autograder.engine.options import Options
from autograder.engine.scratch import Scratch
from autograder.submissions.submission import Cell

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are closed in on Linux alone")

COURSE = find_course("toy")
OPTIONS = Options(course=COURSE, level=Level.BEST, salt=Salt("salt", secret=True), memory_mib=2048)
FLOODS = {
    "closed": "os.mkdir('closed', 0o300)\nfill('closed/')",
    "too deep": "for _ in range(60):\n    os.mkdir('d' * 200); os.chdir('d' * 200)\nfill('')",
}
FILL = """
import os, time
def fill(folder):
    for number in range(17):
        with open(f"{folder}{number}", "wb") as file:
            file.write(bytes(16 << 20))
"""


@pytest.fixture
def fleet() -> Iterator[Fleet]:
    """Workers whose folder is looked after by this process."""
    with Fleet(lambda _options: FreshProcesses(COURSE)) as fleet:
        yield fleet


def flood(fleet: Fleet, *where: str) -> str:
    """What stops a cell that writes more than it may, in one place after the other."""
    with fleet.worker(OPTIONS) as worker:
        worker.ask(Begin(given=(), device="cpu", seed=1, broken={}), Begun, 20.0)
        floods = "\n".join(FLOODS[one] for one in where)
        cell = Cell(f"{FILL}{floods}\ntime.sleep(2)")
        failure = worker.ask(RunCells(((0, cell),), 60.0), CellRun, 60.0).failure
    return "" if failure is None else failure.message


@pytest.mark.parametrize("where", FLOODS)
def test_worker_is_ended_wherever_it_writes(fleet: Fleet, where: str) -> None:
    with pytest.raises(WorkerDied, match=r"nested more than 50|more than 256 MiB"):
        flood(fleet, where)


def test_worker_holds_what_it_likes_where_nobody_looks(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scratch, "overfull", lambda _self: "")
    assert flood(fleet, *FLOODS) == ""
