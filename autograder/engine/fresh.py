"""A worker in a fresh Python process: slow to start, but it works on every platform and with CUDA."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from autograder.course.course import Course
from autograder.engine import wire
from autograder.engine.channel import START_SECONDS, ExitReport, WorkerDied, WorkerNotStarted, WorkerTimeout
from autograder.engine.interpreter import ENVIRONMENT, PYTHON
from autograder.engine.options import Options
from autograder.engine.patience import Patience
from autograder.engine.scratch import ClaimedScratch
from autograder.engine.wire import Frame

WORKER = (*PYTHON, "-m", "autograder.engine.worker.worker")

_POLL_SECONDS = 0.25


class FreshProcesses:
    """Starts a process for each worker."""

    def __init__(self, course: Course, command: Sequence[str] = WORKER) -> None:
        self._course, self._command = course, (*command, course.key)
        self._lock = threading.Lock()
        self._killed = False
        self._running: FreshLink | None = None

    def suits(self, options: Options) -> bool:
        """Whether it still works, and for the options' course."""
        return not self._killed and self._course == options.course

    def worker(self) -> "FreshLink":
        """A new worker; the one before has been ended.

        Raises:
            WorkerNotStarted: it does not start.
        """
        with self._lock:
            link = self._running = FreshLink(self._command)
            if self._killed:
                link.kill()
        link.wait_until_ready()
        return link

    def kill(self) -> None:
        """Kill the worker, and every later one."""
        with self._lock:
            self._killed = True
            if self._running is not None:
                self._running.kill()

    def close(self) -> None:
        """Kill the worker and wait until it is gone."""
        if self._running is not None:
            self._running.end()


class FreshLink:
    """A process of its own on two pipes."""

    outer_layers: Mapping[str, str] = {}

    def __init__(self, command: Sequence[str]) -> None:
        self._folder = ClaimedScratch.claim()
        self._closed = False
        self._overfull = ""
        self._exit: ExitReport | None = None
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # What its imports leave behind when they are cut off goes with the scratch folder.
            env={**ENVIRONMENT, "TMPDIR": self.scratch},
            start_new_session=True,
        )

    @property
    def scratch(self) -> str:
        """The folder that the worker may write to."""
        return self._folder.path

    def wait_until_ready(self) -> None:
        """Wait until everything is imported.

        Raises:
            WorkerNotStarted: that took too long, or failed.
        """
        try:
            self.receive(Patience(START_SECONDS))
        except (WorkerTimeout, wire.WireError) as failure:
            how = self.end().how
            raise WorkerNotStarted(f"{failure}; {how}") from None

    def send(self, frame: Frame, patience: Patience) -> None:
        """Send a frame.

        Raises:
            OSError: the other side is gone.
        """
        assert self._process.stdin is not None
        with self._killed_after(patience):
            wire.send(self._process.stdin.write, frame)
            self._process.stdin.flush()

    def receive(self, patience: Patience) -> Frame:
        """Wait for a frame.

        Raises:
            WorkerTimeout: none came in time.
            WorkerDied: it wrote more files than it may.
            Closed: the other side is gone.
            WireError: it is no frame.
        """
        assert self._process.stdout is not None
        with self._killed_after(patience) as expired:
            try:
                frame = wire.receive(self._process.stdout.read)
            except wire.Closed:
                self._closed = True
                if self._overfull:
                    raise WorkerDied(self._overfull) from None
                if expired.is_set():
                    raise WorkerTimeout("no answer in time") from None
                raise
        if overfull := self._folder.overfull():
            raise WorkerDied(overfull)
        return frame

    def end(self) -> ExitReport:
        """Kill the process and its group, and wait until it is gone."""
        if self._exit is None:
            cpu_seconds = self._cpu_seconds()
            how = self._how()
            self.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()
            self._folder.remove()
            self._exit = ExitReport(how, cpu_seconds)
        return self._exit

    def kill(self) -> None:
        """Kill the process and its group; safe from any thread."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    @contextmanager
    def _killed_after(self, patience: Patience) -> Iterator[threading.Event]:
        """Kills the process when the time is over, which frees whoever waits for its pipes; gives whether that was so.

        It kills it as well as soon as its folder holds more than it may.
        """
        expired, over = threading.Event(), threading.Event()

        def watch() -> None:
            while not over.is_set():
                with patience.waiting(_POLL_SECONDS) as seconds:
                    over.wait(seconds)
                if patience.left <= 0:
                    expired.set()
                else:
                    self._overfull = self._folder.overfull()
                if expired.is_set() or self._overfull:
                    self.kill()
                    return

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield expired
        finally:
            over.set()
            watcher.join()

    def _how(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1.0 if self._closed else 0.0)
        status = self._process.poll()
        if status is None:
            return "it closed its channel"
        return f"ended by signal {-status}" if status < 0 else f"ended with status {status}"

    def _cpu_seconds(self) -> float:
        """Processor time of the process so far; 0 where the platform does not say, or it has been waited for."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
