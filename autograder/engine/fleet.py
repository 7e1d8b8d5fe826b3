"""The processes of a run: where workers come from, what is kept for the next one, and how all are stopped at once."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Protocol, Self

from autograder.engine.channel import Link, Worker
from autograder.engine.forked import ZygoteProcess
from autograder.engine.fresh import FreshProcesses
from autograder.engine.options import Options
from autograder.errors import GraderFault, Interrupted


class WorkerSource(Protocol):
    """Where workers come from, one at a time."""

    def suits(self, options: Options) -> bool:
        """Whether it still works, and gives workers for a run with these options."""

    def worker(self) -> Link:
        """The way to a new worker; the one before has been ended.

        Raises:
            ZygoteLost: the source is gone.
            GraderFault: there can be none.
        """

    def kill(self) -> None:
        """Kill its processes; safe from any thread."""

    def close(self) -> None:
        """Kill its processes and clear away what they leave."""


def source_for(options: Options) -> WorkerSource:
    """Zygotes where forking is safe: on Linux, and without CUDA, which does not survive it."""
    if sys.platform == "linux" and options.device == "cpu":
        return ZygoteProcess(options.course, options.level)
    return FreshProcesses(options.course)


class Fleet:
    """All sources of workers of a run; a context manager that leaves no process behind."""

    def __init__(self, source: Callable[[Options], WorkerSource] = source_for) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._idle: list[WorkerSource] = []
        self._busy: list[WorkerSource] = []
        self._stopped = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def worker(self, options: Options) -> Iterator[Worker]:
        """A worker in its sandbox; it has ended when the block has.

        Raises:
            ZygoteLost: what it was forked from is gone; the next one will come from another.
            GraderFault: there can be none.
            SandboxMissing: a required layer is not in force.
            Interrupted: the fleet was stopped.
        """
        source = self._borrow(options)
        try:
            link = source.worker()
            try:
                worker = Worker(link, options)
                yield worker
            finally:
                link.end()
            worker.end()
        except GraderFault:
            self.check()
            raise
        finally:
            self._give_back(source, options)

    def stop(self) -> None:
        """Kill every process; whoever waits for a worker gets ``Interrupted``."""
        with self._lock:
            self._stopped = True
            for source in (*self._busy, *self._idle):
                source.kill()

    def check(self) -> None:
        """Say whether the run goes on.

        Raises:
            Interrupted: it was stopped, so that an ended worker means nothing.
        """
        if self._stopped:
            raise Interrupted("stopped")

    def close(self) -> None:
        """Kill what is kept for the next worker; call it once nobody has one any more."""
        with self._lock:
            kept, self._idle = self._idle, []
        for source in kept:
            source.close()

    def _borrow(self, options: Options) -> WorkerSource:
        with self._lock:
            self.check()
            source = next((kept for kept in self._idle if kept.suits(options)), None)
            if source is None:
                source = self._source(options)
            else:
                self._idle.remove(source)
            self._busy.append(source)
        return source

    def _give_back(self, source: WorkerSource, options: Options) -> None:
        with self._lock:
            self._busy.remove(source)
            if source.suits(options) and not self._stopped:
                self._idle.append(source)
                return
        source.close()
