"""A worker in a fresh Python process of its own, and the grader's end of the channel to it."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograder.engine import wire
from autograder.engine.levels import Level, Limits, missing
from autograder.engine.wire import Message
from autograder.errors import GraderFault, Interrupted, UsageError

START_SECONDS = 120.0


class WorkerFailed(Exception):
    """The worker gave no usable answer."""


class Late(WorkerFailed):
    """The worker did not answer in time."""


class Died(WorkerFailed):
    """The worker's process ended."""


class Malformed(WorkerFailed):
    """The worker's answer was no answer of the protocol."""


class SandboxMissing(UsageError):
    """A layer that the run requires is not in force."""

    def __init__(self, layers: Mapping[str, str]) -> None:
        said = "; ".join(f"{name}: {report}" for name, report in layers.items())
        super().__init__(
            f"this machine lacks what `--sandbox strict` requires ({said}). Grade on Linux or in a Linux container, or "
            "use `--sandbox best`; `--sandbox none` is for your own code only"
        )


@dataclass(frozen=True)
class Entered:
    """What a worker says of itself before any student code runs."""

    layers: Mapping[str, str]
    python: str
    torch: str


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker and all that it has started, whatever of both still runs."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()


class Fleet:
    """The workers of a run, so that all of them can be stopped at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def add(self, process: subprocess.Popen[bytes]) -> None:
        """Take a process in; one that comes after the stop is ended at once."""
        with self._lock:
            self._running.add(process)
            if self._stopped:
                _end(process)

    def remove(self, process: subprocess.Popen[bytes]) -> None:
        """Let a process go that has ended."""
        with self._lock:
            self._running.discard(process)

    def stop(self) -> None:
        """End every worker; whoever waits for one is told ``Interrupted``."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                _end(process)

    def check(self) -> None:
        """Say whether the run goes on.

        Raises:
            Interrupted: it was stopped, so that an ended worker means nothing.
        """
        if self._stopped:
            raise Interrupted("stopped")


class FreshWorker:
    """A process that runs one submission's code; a context manager that leaves nothing behind."""

    def __init__(self, fleet: Fleet, level: Level, memory_mib: int, cpu_seconds: float) -> None:
        self._fleet = fleet
        self._level = level
        self._memory_mib = memory_mib
        self._cpu_seconds = cpu_seconds
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        self._scratch = tempfile.mkdtemp(prefix="autograder-")
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "autograder.engine.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # What its imports leave behind when they are cut off goes with the scratch folder.
            env={**os.environ, "TMPDIR": self._scratch},
            start_new_session=True,
        )
        self._fleet.add(self._process)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        _end(self._process)
        self._process.wait()
        self._fleet.remove(self._process)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def start(self) -> Entered:
        """Wait until the worker stands, and close it in.

        Raises:
            GraderFault: it could not be started.
            SandboxMissing: a required layer is not in force.
        """
        limits = Limits(self._scratch, self._memory_mib, int(self._cpu_seconds) + 60)
        try:
            self._receive(time.monotonic() + START_SECONDS)
            reply = self.ask("enter", START_SECONDS, limits=asdict(limits), level=self._level.value)
        except WorkerFailed as failure:
            why = "`autograder doctor` may tell why"
            raise GraderFault(f"a worker process could not be started ({failure}); {why}") from None
        layers = {str(name): str(report) for name, report in reply.head["layers"].items()}
        if lacking := missing(self._level, layers):
            raise SandboxMissing(lacking)
        return Entered(layers, str(reply.head["python"]), str(reply.head["torch"]))

    def ask(self, operation: str, wait: float, **parameters: Any) -> Message:
        """Send a request and wait for its reply.

        Raises:
            Late: no reply within that many seconds; the worker is dead then.
            Died: the process ended.
            Malformed: the reply is none.
        """
        deadline = time.monotonic() + wait
        number = next(self._numbers)
        assert self._process.stdin is not None
        try:
            wire.send(self._process.stdin, Message({"op": operation, "id": number, **parameters}))  # type: ignore[arg-type]
        except OSError:
            self._fleet.check()
            raise Died(self._ending()) from None
        reply = self._receive(deadline)
        if reply.head.get("id") != number:
            _end(self._process)
            raise Malformed("the answer does not belong to the question")
        return reply

    def cpu_seconds(self) -> float:
        """Processor time of the worker so far, in seconds; 0 where the platform does not tell."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _receive(self, deadline: float) -> Message:
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            _end(self._process)

        timer = threading.Timer(max(0.0, deadline - time.monotonic()), expire)
        timer.daemon = True
        timer.start()
        assert self._process.stdout is not None
        try:
            return wire.receive(self._process.stdout)  # type: ignore[arg-type]
        except wire.Closed:
            self._fleet.check()
            raise (Late("no answer in time") if expired.is_set() else Died(self._ending())) from None
        except wire.WireError as error:
            _end(self._process)
            raise Malformed(str(error)) from None
        finally:
            timer.cancel()

    def _ending(self) -> str:
        try:
            status = self._process.wait(timeout=5.0)
        except subprocess.TimeoutExpired:
            return "it closed its channel"
        return f"ended by signal {-status}" if status < 0 else f"ended with status {status}"
