"""Jobs in processes of their own: the results are the same, and the end of one costs nobody anything."""

import errno
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course.installed import find_course
from autograder.engine.batch import grade_class
from autograder.engine.channel import DeviceMissing
from autograder.engine.fleet import Fleet
from autograder.engine.identity import Salt
from autograder.engine.job import job
from autograder.engine.job.keeping import earlier_result
from autograder.engine.job.run import GradedSubmission, Run
from autograder.engine.job.this_machine import ThisMachine, this_machine
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.errors import Interrupted
from autograder.reports.result import read_result
from autograder.submissions.finding.find import Found

pytestmark = pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")

COURSE = find_course("toy")
OPTIONS = Options(course=COURSE, level=Level.BEST, salt=Salt("salt", secret=True), timeout=30.0, only=("doubling",))
ANSWERS = {
    "ada": "def double(x):\n    return 2 * x",
    "bea": "def double(x):\n    return x ** 2",
    "carl": "import os\nos._exit(3)",
    "dora": "def double(x):\n    return x + x",
}


@pytest.fixture(scope="module")
def machine() -> Iterator[ThisMachine]:
    with this_machine(2) as found:
        yield found


def handed_in(folder: Path, answers: dict[str, str] = ANSWERS) -> list[Found]:
    """A class, with each student's answer in a notebook."""
    found = []
    for student, source in answers.items():
        notebook = json.loads(COURSE.files["notebook"]().read_text(encoding="utf-8"))
        notebook["cells"][2]["source"] = source
        path = folder / "class" / student / "toy.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        found.append(Found(path, student, f"{student}/toy.ipynb"))
    return found


def run_in(folder: Path, options: Options = OPTIONS) -> Run:
    folder.mkdir(exist_ok=True)
    return Run(options=options, assignment="toy", release=COURSE.release, folder=folder, reuse=earlier_result)


def points(graded: list[GradedSubmission]) -> dict[str, float | None]:
    return {one.found.student: one.result and one.result.points for one in graded}


def jobs() -> list[int]:
    """The jobs' processes below this one."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            if b"autograder.engine.job.job" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    return found


def test_two_jobs_give_the_results_of_one(
    machine: ThisMachine, tmp_path: Path, fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job, "Fleet", lambda: fleet)  # of the one job that is this process itself
    found = handed_in(tmp_path)
    side_by_side = list(grade_class(found, run_in(tmp_path / "two"), machine))
    with this_machine(1) as alone:
        one_by_one = list(grade_class(found, run_in(tmp_path / "one"), alone))
    assert points(side_by_side) == points(one_by_one) == {"ada": 2.0, "bea": 1.0, "carl": 0.0, "dora": 2.0}
    for student in ANSWERS:
        results = [read_result(tmp_path / folder / f"{student}.json") for folder in ("one", "two")]
        assert replace(results[0], cpu_seconds=0.0) == replace(results[1], cpu_seconds=0.0)


def test_results_of_an_earlier_run_are_used_again_by_jobs_too(machine: ThisMachine, tmp_path: Path) -> None:
    found = handed_in(tmp_path)
    first = list(grade_class(found[:2], run_in(tmp_path / "results"), machine))
    second = list(grade_class(found, run_in(tmp_path / "results"), machine))
    assert not any(one.reused for one in first)
    assert {one.found.student for one in second if one.reused} == {"ada", "bea"}


def test_a_job_that_ends_costs_nobody_anything(machine: ThisMachine, tmp_path: Path) -> None:
    slow = {f"student-{place}": f"import time\ntime.sleep(1)\n{ANSWERS['ada']}" for place in range(4)}
    graded = grade_class(handed_in(tmp_path, slow), run_in(tmp_path / "results"), machine)
    first = next(graded)
    killed = jobs()[0]
    os.kill(killed, signal.SIGKILL)
    assert points([first, *graded]) == dict.fromkeys(slow, 2.0)
    assert killed not in jobs()
    assert len(jobs()) == 2


def test_a_submission_over_which_jobs_end_has_no_result_and_the_others_have_theirs(
    machine: ThisMachine, tmp_path: Path
) -> None:
    found = handed_in(tmp_path, {"ada": f"import time\ntime.sleep(60)\n{ANSWERS['ada']}", "bea": ANSWERS["bea"]})
    graded = grade_class(found, run_in(tmp_path / "results"), machine)
    assert points([next(graded)]) == {"bea": 1.0}
    ended = threading.Event()

    def end_all() -> None:
        while not ended.wait(0.5):
            for pid in jobs():
                os.kill(pid, signal.SIGKILL)

    killer = threading.Thread(target=end_all)
    killer.start()
    try:
        [last] = graded
    finally:
        ended.set()
        killer.join()
    assert last.result is None
    assert last.fault.startswith("the job that graded it has ended by signal 9")


def test_a_machine_without_room_for_a_job_stops_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def no_room(*_command: object, **_options: object) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", no_room)
    with this_machine(2) as crowded:
        graded = list(grade_class(handed_in(tmp_path), run_in(tmp_path / "results"), crowded))
    assert points(graded) == dict.fromkeys(ANSWERS)
    assert all("a job could not be started" in one.fault for one in graded)


def test_what_concerns_the_whole_run_ends_it_from_a_job_too(machine: ThisMachine, tmp_path: Path) -> None:
    run = run_in(tmp_path / "results", replace(OPTIONS, device="cuda:77"))
    with pytest.raises(DeviceMissing, match="cannot grade with `--device cuda:77`"):
        list(grade_class(handed_in(tmp_path)[:1], run, machine))


def test_closing_ends_what_is_being_graded(machine: ThisMachine, tmp_path: Path) -> None:
    found = handed_in(tmp_path, dict.fromkeys(("ada", "bea"), "import time\ntime.sleep(60)"))
    graded = grade_class(found, run_in(tmp_path / "results", replace(OPTIONS, timeout=600.0)), machine)
    heard: list[str] = []

    def listen() -> None:
        try:
            heard.extend(one.found.student for one in graded)
        except Interrupted as error:
            heard.append(str(error))

    listener = threading.Thread(target=listen)
    listener.start()
    began = time.monotonic()
    machine.close()
    listener.join()
    assert time.monotonic() - began < 15
    assert jobs() == []
    assert heard == ["stopped"]
