"""The grader's end of a judge: a process that is kept, and replaced when it has ended."""

import subprocess
import threading
from contextlib import suppress
from typing import TypeVar

from autograder.course.course import Course
from autograder.engine import wire
from autograder.engine.channel import SandboxMissing
from autograder.engine.interpreter import ENVIRONMENT, PYTHON
from autograder.engine.judge.questions import Fault, JudgeReady, Question, Verdict
from autograder.engine.levels import REQUIRED_OF_A_JUDGE, Level, missing
from autograder.engine.options import Options
from autograder.engine.wire import Frame
from autograder.errors import GraderFault

COMMAND = (*PYTHON, "-m", "autograder.engine.judge.judge")

_MOST_STARTS = 3

T = TypeVar("T")


class JudgeEnded(Exception):
    """The judge's process has ended over a question, as it does where that takes more than it may."""


class JudgeProcess:
    """A running judge. One thread at a time uses it; ``kill`` is safe from any."""

    def __init__(self, course: Course, level: Level) -> None:
        self._course, self._level = course, level
        self._lock = threading.Lock()
        self._killed = False
        self._ready = False
        self._process = self._started()

    def suits(self, options: Options) -> bool:
        """Whether it still works, and for the options' course and level."""
        return not self._killed and (self._course, self._level) == (options.course, options.level)

    def ask(self, question: Question, answer: type[T], *frames: Frame) -> T:
        """Ask a question.

        Args:
            question: what to ask.
            answer: the type of what is answered.
            frames: the frame of a worker's that it is about, if there is one.

        Raises:
            JudgeEnded: the process has ended over it; the next question goes to another one.
            GraderFault: no judge starts, or the judge has a fault of its own.
            SandboxMissing: a required layer is not in force around it.
        """
        if self._killed:
            raise JudgeEnded
        self._wait_until_ready()
        try:
            for frame in (wire.encode(question), *frames):
                self._send(frame)
            given = wire.decode(self._receive(), Verdict).answer
        except (OSError, wire.WireError):
            self._replace()
            raise JudgeEnded from None
        if isinstance(given, Fault):
            raise GraderFault(f"the judge failed: {given.text}")
        assert isinstance(given, answer)
        return given

    def kill(self) -> None:
        """Kill it, and every later one."""
        with self._lock:
            self._killed = True
            self._process.kill()

    def close(self) -> None:
        """Have it end; one that does not is killed."""
        _end(self._process)

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*COMMAND, self._course.key, self._level.value],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            start_new_session=True,
        )

    def _replace(self) -> None:
        _end(self._process)
        with self._lock:
            if not self._killed:
                self._process, self._ready = self._started(), False

    def _wait_until_ready(self) -> None:
        for attempt in range(_MOST_STARTS):
            if self._ready:
                return
            try:
                ready = wire.decode(self._receive(), JudgeReady)
            except (OSError, wire.WireError) as failure:
                if attempt == _MOST_STARTS - 1 or self._killed:
                    why = f"{failure}; `autograder doctor` may tell why"
                    raise GraderFault(f"a judge process could not be started ({why})") from None
                self._replace()
                continue
            if lacking := missing(self._level, ready.layers, REQUIRED_OF_A_JUDGE):
                raise SandboxMissing(lacking)
            self._ready = True

    def _send(self, frame: Frame) -> None:
        assert self._process.stdin is not None
        wire.send(self._process.stdin.write, frame)
        self._process.stdin.flush()

    def _receive(self) -> Frame:
        assert self._process.stdout is not None
        return wire.receive(self._process.stdout.read)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):
                stream.close()
