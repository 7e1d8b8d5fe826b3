"""Judging happens in a process with limits of its own; what ends it costs nobody but the exercise that it was about."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.course.course import Course
from autograder.course.exercise import CourseFault
from autograder.course.installed import find_course
from autograder.engine import judge_process, wire
from autograder.engine.channel import SandboxMissing
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.judge.judge import Judge
from autograder.engine.judge.questions import (
    CellRead,
    Fault,
    Judged,
    JudgeObservation,
    LookedThrough,
    LookThrough,
    Question,
    ReadCellRun,
)
from autograder.engine.judge_process import JudgeEnded, JudgeProcess
from autograder.engine.levels import Level
from autograder.engine.messages import Reply
from autograder.engine.options import Options
from autograder.engine.wire import Frame
from autograder.errors import GraderFault, Interrupted
from autograder.judging.verdicts import Status
from autograder.submissions.submission import Cell, Submission

SEED = 3
TOY = find_course("toy")
OPTIONS = Options(course=TOY, level=Level.BEST, salt=Salt("salt", secret=True))
QUESTION = Question(JudgeObservation("id", "doubling", SEED, 10.0))
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits are the kernel's")


def reply(answer: dict[str, Any], request: str = "id", **arrays: np.ndarray) -> Frame:
    message = {"id": request, "answer": answer}
    return Frame(json.dumps(message).encode(), wire.encode(arrays).body if arrays else b"")


def right_answer() -> Frame:
    numbers = TOY.module("exercises.doubling.probe").numbers(SEED)
    encoded = wire.encode(Reply("id", {"observation": {"given": {"value": (2 * numbers).astype(np.float32)}}}))
    return Frame(encoded.head, encoded.body)


@pytest.fixture
def judge() -> Iterator[JudgeProcess]:
    process = JudgeProcess(TOY, Level.BEST)
    yield process
    process.close()


def running(process: JudgeProcess) -> int:
    return process._process.pid


def test_judge_judges_and_goes_on(judge: JudgeProcess) -> None:
    pid = running(judge)
    for _ in range(3):
        judged = judge.ask(QUESTION, Judged, right_answer())
        assert judged.look.final
        assert (judged.look.result.points, judged.look.result.status) == (2.0, Status.PASSED)
    wrong = judge.ask(QUESTION, Judged, reply({"observation": {"given": {"returned": "str"}}}))
    assert (wrong.look.final, wrong.look.result.points, wrong.bad_reply) == (False, 0.0, "")
    assert running(judge) == pid


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (reply({"timed_out": True}, "other"), "does not belong"),
        (reply({"observation": None}), "no observation"),
        (Frame(b"{"), "no such message"),
        (Frame(b"{}", b"\xff" * 20), "arrays"),
    ],
    ids=["another-request", "nothing", "no-json", "no-arrays"],
)
def test_what_is_no_reply_is_said_and_costs_the_exercise(judge: JudgeProcess, frame: Frame, why: str) -> None:
    judged = judge.ask(QUESTION, Judged, frame)
    assert why in judged.bad_reply
    assert (judged.look.result.points, judged.look.result.status) == (0.0, Status.REVIEW)
    assert judge.ask(Question(ReadCellRun("id")), CellRead, frame).bad_reply


def test_what_stopped_a_cell_is_cut_and_printable(judge: JudgeProcess) -> None:
    failure = {"kind": "cell", "error": "E" * 999, "message": "\x1b[31m" + "m" * 99_999, "line_number": 10**9}
    read = judge.ask(Question(ReadCellRun("id")), CellRead, reply({"failure": failure})).failure
    assert read is not None
    assert (len(read.error), len(read.message), read.line_number) == (80, 300, 1_000_000)
    assert "\x1b" not in read.message


def test_text_is_looked_through(judge: JudgeProcess) -> None:
    asked = Question(LookThrough((Cell("import ctypes"),)))
    (flag,) = judge.ask(asked, LookedThrough).flags
    assert "ctypes" in flag.text


@linux
def test_judge_that_ends_over_a_question_is_replaced(judge: JudgeProcess) -> None:
    judge.ask(QUESTION, Judged, right_answer())
    first = running(judge)
    os.kill(first, signal.SIGKILL)
    with pytest.raises(JudgeEnded):
        judge.ask(QUESTION, Judged, right_answer())
    assert judge.ask(QUESTION, Judged, right_answer()).look.result.points == 2.0
    assert running(judge) != first


@linux
def test_judge_that_ends_while_it_starts_is_tried_again(judge: JudgeProcess) -> None:
    os.kill(running(judge), signal.SIGKILL)
    assert judge.ask(QUESTION, Judged, right_answer()).look.result.points == 2.0


def test_judge_that_never_starts_is_a_fault_of_the_grader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(judge_process.ENVIRONMENT, "PYTHONHOME", "/nowhere")
    process = JudgeProcess(TOY, Level.BEST)
    with pytest.raises(GraderFault, match=r"judge process could not be started.*doctor"):
        process.ask(QUESTION, Judged, right_answer())
    process.close()


def test_killed_judge_stays_so(judge: JudgeProcess) -> None:
    judge.ask(QUESTION, Judged, right_answer())
    judge.kill()
    for _ in range(2):
        with pytest.raises((JudgeEnded, GraderFault)):
            judge.ask(QUESTION, Judged, right_answer())
    assert not judge.suits(OPTIONS)


@linux
@pytest.mark.parametrize(
    ("work", "ended_by"),
    [("while True:\n        pass", signal.SIGPROF), ("import time; time.sleep(60)", signal.SIGALRM),
     ("import re; re.match(r'(a+)+b', 'a' * 40)", signal.SIGPROF)],
    ids=["busy", "idle", "in-compiled-code"],
)  # fmt: skip
def test_question_that_takes_too_long_ends_the_process(work: str, ended_by: signal.Signals) -> None:
    seconds = 0.3 if ended_by is signal.SIGPROF else 60.0
    code = (
        "from autograder.engine.judge import limits\n"
        f"limits.CPU_SECONDS, limits.SECONDS = {seconds}, {60.0 if ended_by is signal.SIGPROF else 0.3}\n"
        f"with limits.budget():\n    {work}"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=50).returncode == -ended_by


@linux
def test_time_between_questions_is_free() -> None:
    code = (
        "import time\nfrom autograder.engine.judge import limits\nlimits.CPU_SECONDS = limits.SECONDS = 0.4\n"
        "for _ in range(3):\n    with limits.budget(): time.sleep(0.2)\n    time.sleep(0.3)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=50).returncode == 0


@linux
def test_process_has_no_memory_beyond_its_limit_and_no_files() -> None:
    code = (
        "import sys, resource\nfrom autograder.engine.judge.limits import MEMORY_MIB, close_in\n"
        "from autograder.engine.levels import Level\nassert close_in(Level.NONE) == {'rlimits': 'on'}\n"
        "try: bytearray((MEMORY_MIB + 1) << 20)\nexcept MemoryError: print('no memory')\n"
        "print(resource.getrlimit(resource.RLIMIT_FSIZE), resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50)
    assert done.stdout.split("\n")[:2] == ["no memory", "(0, 0) (0, 0)"], done.stderr


@linux
@pytest.mark.parametrize(
    "attempt",
    ["open('x', 'w')", "open('/etc/passwd')", "open(__import__('autograder').__file__.rpartition('autograder')[0] + "
     "'solutions/autoencoders/autoencoders.ipynb')", "__import__('socket').socket()", "__import__('os').fork()",
     "__import__('os').kill(1, 9)", "__import__('os').unlink('x')"],
    ids=["write", "read", "read-solutions", "network", "process", "signal", "remove"],
)  # fmt: skip
def test_judge_is_closed_in(attempt: str) -> None:
    code = (
        "import os, socket, autograder\nfrom autograder.engine.judge.limits import close_in\n"
        "from autograder.engine.levels import REQUIRED_OF_A_JUDGE, Level, missing\n"
        "assert missing(Level.STRICT, close_in(Level.STRICT), REQUIRED_OF_A_JUDGE) == {}\n"
        f"import email.policy\ntry: {attempt}\nexcept PermissionError: print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=50)
    assert done.stdout == "refused\n", done.stderr


def test_judge_that_is_not_closed_in_judges_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge_process, "REQUIRED_OF_A_JUDGE", ("seccomp", "a wall"))
    strict = JudgeProcess(TOY, Level.STRICT)
    with pytest.raises(SandboxMissing, match="a wall: not reported"):
        strict.ask(QUESTION, Judged, right_answer())
    strict.close()


class Faulty:
    """The toy course with another judge."""

    def __init__(self, judge: Any) -> None:
        self.judge = lambda _key: judge
        self.observation = TOY.observation
        self.exercise = TOY.exercise


def raising(error: Exception) -> Any:
    def judge(_seed: int, _seen: Any) -> Any:
        raise error

    return Faulty(judge)


def answered(course: Any, question: Question = QUESTION) -> object:
    read = SimpleNamespace(left=b"")
    wire.send(lambda data: setattr(read, "left", read.left + data), right_answer())

    def reading(size: int) -> bytes:
        taken, read.left = read.left[:size], read.left[size:]
        return taken

    return Judge(course).answer(question, reading).answer


def test_judging_that_needs_too_much_memory_is_for_a_person() -> None:
    judged = answered(raising(MemoryError()))
    assert isinstance(judged, Judged)
    assert (judged.look.final, judged.look.result.status, judged.look.result.points) == (True, Status.REVIEW, 0.0)
    assert {check.misconception for check in judged.look.result.checks} == {"doubling/undecided", None}


def test_what_is_said_of_a_cell_and_needs_too_much_memory_is_no_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("autograder.engine.judge.judge.cell_failure_in", too_much)
    read = answered(TOY, Question(ReadCellRun("id")))
    assert isinstance(read, CellRead)
    assert "too much memory" in read.bad_reply


@pytest.mark.parametrize("error", [CourseFault("no misconception 'x'"), RuntimeError("oh"), AssertionError("oh")])
def test_fault_of_the_judge_is_no_result(error: Exception) -> None:
    fault = answered(raising(error))
    assert isinstance(fault, Fault)
    assert str(error) in fault.text


RIGHT = Cell("def double(x):\n    return 2 * x", "doubling")


def handed_in(*cells: Cell) -> Submission:
    return Submission("ada", TOY.key, Path("a.ipynb"), TOY.release, cells, {}, "0" * 64)


class Mortal(JudgeProcess):
    """A judge whose process is killed when it is first asked about an observation."""

    deaths = 1

    def ask(self, question: Question, answer: type[Any], *frames: Frame) -> Any:
        if isinstance(question.ask, JudgeObservation) and Mortal.deaths:
            Mortal.deaths -= 1
            self._process.kill()
            self._process.wait()
        return super().ask(question, answer, *frames)


def test_exercise_whose_judge_ends_is_for_a_person_and_the_next_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mortal, "deaths", 1)
    with Fleet(judge=lambda options: Mortal(options.course, options.level)) as fleet:
        ended = grade_submission(handed_in(RIGHT), OPTIONS, fleet).exercises[0]
        assert (ended.status, ended.points) == (Status.REVIEW, 0.0)
        assert "your teacher sees it" in " ".join(check.message for check in ended.checks)
        assert grade_submission(handed_in(RIGHT), OPTIONS, fleet).points == 2.0


def test_whoever_waits_for_a_judge_is_interrupted_when_the_fleet_stops() -> None:
    with Fleet() as fleet, fleet.judge(OPTIONS) as judge, suppress(ValueError):
        judge.ask(QUESTION, Judged, right_answer())
        os.kill(running(judge), signal.SIGSTOP)
        threading.Timer(0.3, fleet.stop).start()
        with pytest.raises(JudgeEnded):
            judge.ask(QUESTION, Judged, right_answer())
        with pytest.raises(Interrupted):
            fleet.check()


def test_judges_of_two_courses_are_two(judge: JudgeProcess) -> None:
    other: Course = find_course("autoencoders")
    assert judge.suits(OPTIONS)
    assert not judge.suits(replace(OPTIONS, course=other))
    assert not judge.suits(replace(OPTIONS, level=Level.STRICT))
