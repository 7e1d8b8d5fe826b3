"""Workers forked from a zygote: each begins anew, none leaves anything, and a loss is no failure of a student's."""

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course.installed import find_course
from autograder.engine import forked, scratch
from autograder.engine.channel import Worker, WorkerDied, WorkerTimeout, ZygoteLost
from autograder.engine.fleet import Fleet
from autograder.engine.forked import ZygoteProcess
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.messages import Begin, Begun, CellRun, RunCells
from autograder.engine.options import Options
from autograder.errors import GraderFault, Interrupted
from autograder.reports.result import Result, to_json
from autograder.submissions.submission import Cell, Submission

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="zygotes are for Linux")

COURSE = find_course("toy")
OPTIONS = Options(
    course=COURSE,
    level=Level.BEST,
    salt=Salt("salt", secret=True),
    timeout=30.0,
    memory_mib=2048,
    only=("doubling",),
)
RIGHT = "def double(x):\n    return 2 * x"


class Watched:
    """A fleet, and the zygotes that it has started."""

    def __init__(self) -> None:
        self.zygotes: list[ZygoteProcess] = []
        self.fleet = Fleet(self._start)

    def _start(self, options: Options) -> ZygoteProcess:
        self.zygotes.append(ZygoteProcess(options.course, options.level))
        return self.zygotes[-1]


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    found = Watched()
    with found.fleet:
        yield found


def ask_cell(worker: Worker, source: str, wait: float = 20.0) -> str:
    """Run a cell; what stopped it, in its own words."""
    failure = worker.ask(RunCells(((0, Cell(source)),), wait), CellRun, wait).failure
    return "" if failure is None else failure.message


def begin(worker: Worker) -> None:
    worker.ask(Begin(given=(), device="cpu", seed=1, broken={}), Begun, 20.0)


def handed_in(*sources: str) -> Submission:
    cells = tuple(Cell(source) for source in sources)
    return Submission("ada", COURSE.key, Path("a.ipynb"), COURSE.release, cells, {}, "0" * 64)


def graded(watched: Watched, *sources: str, options: Options = OPTIONS) -> Result:
    return grade_submission(handed_in(*sources), options, watched.fleet)


def without_cost(result: Result) -> dict[str, object]:
    data: dict[str, object] = json.loads(to_json(result))
    del data["cpu_seconds"]
    return data


def test_workers_come_from_one_zygote_and_each_begins_anew(watched: Watched) -> None:
    before = graded(watched, RIGHT)
    started = len(watched.zygotes)
    spoilt = "import torch, builtins\ntorch.relu = None\nbuiltins.leak = 1\ntorch.set_default_dtype(torch.float64)"
    graded(watched, spoilt, RIGHT)
    after = graded(watched, RIGHT)
    assert before.points == 2.0
    assert without_cost(after) == without_cost(before)
    assert len(watched.zygotes) == started


def test_what_a_worker_has_cost_is_known(watched: Watched) -> None:
    idle = graded(watched, RIGHT).cpu_seconds
    busy = graded(watched, "import time\nwhile time.process_time() < 1.5: pass", RIGHT).cpu_seconds
    assert 0 < idle < 1.0 < busy < 10


def test_a_worker_that_ends_costs_what_ended_it_only(watched: Watched) -> None:
    result = graded(watched, "import os\nos._exit(3)", RIGHT)
    assert result.points == 2.0
    with watched.fleet.worker(OPTIONS) as worker:
        begin(worker)
        with pytest.raises(WorkerDied, match="status 3"):
            ask_cell(worker, "import os\nos._exit(3)")


def test_a_worker_that_answers_nothing_is_killed(watched: Watched) -> None:
    with watched.fleet.worker(OPTIONS) as worker:
        begin(worker)
        deaf = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\nwhile True: pass"
        with pytest.raises(WorkerTimeout):
            ask_cell(worker, deaf, wait=0.5)
    assert graded(watched, RIGHT).points == 2.0


def test_a_zygote_that_is_killed_costs_nobody_anything(watched: Watched) -> None:
    """The worker that dies with its zygote is no fault of the student's: it is asked again, from another zygote."""
    expected = without_cost(graded(watched, RIGHT))
    started = len(watched.zygotes)
    killer = threading.Timer(0.7, lambda: watched.zygotes[-1].kill())
    killer.start()
    # Asked again, it is late enough to go on at once.
    result = graded(watched, f"import time\ntime.sleep(max(0, {time.time() + 2.0} - time.time()))", RIGHT)
    killer.join()
    assert result.points == 2.0
    assert result.exercises == graded(watched, RIGHT).exercises
    assert without_cost(graded(watched, RIGHT)) == expected
    assert len(watched.zygotes) == started + 1


class Ended(ZygoteProcess):
    """One that dies or is stopped as soon as it has started; nobody waits long for it."""

    def __init__(self, options: Options, number: int) -> None:
        super().__init__(options.course, options.level)
        os.killpg(self.pid, number)

    def worker(self) -> forked.ForkedLink:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(forked, "START_SECONDS", 1.0)
            return super().worker()


def test_a_zygote_that_ends_while_it_starts_costs_nobody_anything() -> None:
    """One dies, one is stopped: who waited for them is tried with others, and so is whoever comes next."""
    ending, started = [signal.SIGSTOP, signal.SIGKILL], []

    def start(options: Options) -> ZygoteProcess:
        ended = Ended(options, ending.pop()) if ending else None
        started.append(ended or ZygoteProcess(options.course, options.level))
        return started[-1]

    with Fleet(start) as some:
        results = [grade_submission(one, OPTIONS, some) for one in [handed_in(RIGHT)] * 2]
    assert [result.points for result in results] == [2.0, 2.0]
    assert [type(one) for one in started] == [Ended, Ended, ZygoteProcess]


@pytest.mark.parametrize("times", [2, 3])
def test_a_machine_without_room_for_a_process_is_tried_again(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    claim, full = scratch.ClaimedScratch.claim, [OSError(errno.ENOSPC, "No space left on device")] * times

    def claim_if_room() -> scratch.ClaimedScratch:
        if full:
            raise full.pop()
        return claim()

    monkeypatch.setattr(scratch.ClaimedScratch, "claim", claim_if_room)
    with Fleet() as some:
        if times < 3:
            assert grade_submission(handed_in(RIGHT), OPTIONS, some).points == 2.0
        else:
            with pytest.raises(GraderFault, match="No space left on device"):
                grade_submission(handed_in(RIGHT), OPTIONS, some)


def test_zygotes_that_are_lost_again_and_again_are_a_fault_of_the_grader() -> None:
    class Lost:
        def suits(self, _options: Options) -> bool:
            return False

        def worker(self) -> object:
            raise ZygoteLost("gone")

        def kill(self) -> None: ...

        def close(self) -> None: ...

    with Fleet(lambda _options: Lost()) as fleet, pytest.raises(GraderFault, match="given up after 3 tries; gone"):  # type: ignore[arg-type, return-value]
        grade_submission(handed_in(RIGHT), OPTIONS, fleet)


def test_a_zygote_that_does_not_start_is_a_fault_of_the_grader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(forked.ENVIRONMENT, "PYTHONHOME", "/nowhere")
    with Fleet() as fleet, pytest.raises(GraderFault, match="doctor"), fleet.worker(OPTIONS):
        pass


@pytest.mark.parametrize("when", ["it starts", "a cell runs"])
def test_a_stopped_fleet_interrupts_whoever_waits_and_leaves_no_process(when: str) -> None:
    watched = Watched()
    with watched.fleet as fleet:
        if when == "a cell runs":
            graded(watched, RIGHT)
        threading.Timer(0.5, fleet.stop).start()
        with pytest.raises(Interrupted):
            graded(watched, "import time\ntime.sleep(30)", RIGHT)
        with pytest.raises(Interrupted):
            graded(watched, RIGHT)
    assert [zygote.suits(OPTIONS) for zygote in watched.zygotes] == [False]


def descendants() -> set[int]:
    """Processes below this one."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    below, found = {os.getpid()}, set()
    while below:
        below = {pid for pid, parent in parents.items() if parent in below}
        found |= below
    return found


def test_nothing_survives_a_worker_even_without_a_sandbox(tmp_path: Path) -> None:
    """A process that a student's code starts, in a session of its own and orphaned, ends with its worker."""
    alive = tmp_path / "alive"
    daemon = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        f"        open({str(alive)!r}, 'w').write(str(os.getpid()))\n"
        "        time.sleep(60)\n"
        "    os._exit(0)\n"
        f"while not (os.path.exists({str(alive)!r}) and open({str(alive)!r}).read()): time.sleep(0.05)\n"
    )
    options = replace(OPTIONS, level=Level.NONE)
    before = descendants()
    watched = Watched()
    with watched.fleet:
        assert graded(watched, daemon, RIGHT, options=options).points == 2.0
        with pytest.raises(ProcessLookupError):
            os.kill(int(alive.read_text()), 0)
        # The zygote has no child left, and waits for the next one, as the judge does.
        assert len(descendants() - before) == 2
    assert descendants() - before == set()


FLOODS = {
    "files": ("[open(str(number), 'w').close() for number in range(3000)]", "files"),
    "folders": ("import os\nfor _ in range(1000): os.mkdir('d'); os.chdir('d')", "nested more than 50 folders"),
    "bytes": ("block = bytes(4 << 20)\n[open(str(n), 'wb').write(block) for n in range(66)]", "MiB"),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_a_worker_that_fills_its_folder_is_ended(watched: Watched, flood: str) -> None:
    source, said = FLOODS[flood]
    with watched.fleet.worker(OPTIONS) as worker:
        begin(worker)
        with pytest.raises(WorkerDied, match=said):
            ask_cell(worker, f"{source}\nimport time\ntime.sleep(20)")


def test_a_zygote_outlives_many_workers_unchanged(watched: Watched) -> None:
    graded(watched, RIGHT)
    zygote = watched.zygotes[-1]
    before = _size(zygote)
    for _ in range(30):
        with watched.fleet.worker(OPTIONS) as worker:
            begin(worker)
    after = _size(zygote)
    assert watched.zygotes[-1] is zygote
    assert (after["threads"], after["descriptors"], after["children"]) == (1, before["descriptors"], 0)
    assert after["memory"] - before["memory"] < 4 << 20


def _size(zygote: ZygoteProcess) -> dict[str, int]:
    """What the zygote holds: inside of bubblewrap it is the innermost process."""
    pid = zygote.pid
    while children := Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        pid = int(children[0])
    place = Path(f"/proc/{pid}")
    time.sleep(0.1)
    return {
        "threads": len(list((place / "task").iterdir())),
        "descriptors": len(list((place / "fd").iterdir())),
        "children": len((place / "task" / str(pid) / "children").read_text().split()),
        "memory": int((place / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"),
    }


def test_a_killed_grader_takes_zygote_and_worker_with_it(tmp_path: Path) -> None:
    script = (
        "import sys, time\nsys.path.insert(0, sys.argv[1])\n"
        "from test_zygote import *\n"
        "watched = Watched()\n"
        "graded(watched, 'print(1)', RIGHT)\n"
        "with watched.fleet.worker(OPTIONS) as worker:\n"
        "    begin(worker)\n    print('ready', flush=True)\n    ask_cell(worker, 'while True: pass', 60.0)\n"
    )
    before = descendants()
    run = subprocess.Popen(
        [sys.executable, "-c", script, str(Path(__file__).parent)],
        stdout=subprocess.PIPE,
        text=True,
        # Without bubblewrap, which would be killed before the zygote could clear its folder away.
        env={**os.environ, "TMPDIR": str(tmp_path), "PATH": ""},
    )
    assert run.stdout is not None
    with run.stdout:
        assert run.stdout.readline() == "ready\n"
    started = descendants() - before
    assert len(started) > 2
    run.send_signal(signal.SIGKILL)
    run.wait()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in started) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []
    assert list(tmp_path.iterdir()) == []
