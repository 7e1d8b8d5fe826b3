"""The processes of a run: workers that run student code, and judges."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Protocol, Self

from autograder.engine.channel import Link, Worker, WorkerNotStarted
from autograder.engine.forked import ZygoteProcess
from autograder.engine.fresh import FreshProcesses
from autograder.engine.judge_process import JudgeProcess
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.engine.pool import Kept, Pool
from autograder.engine.readable import refuse_private
from autograder.errors import GraderFault


class WorkerSource(Kept, Protocol):
    """Where workers come from, one at a time."""

    def worker(self) -> Link:
        """The way to a new worker; the one before has been ended.

        Raises:
            ZygoteLost: the source is gone.
            WorkerNotStarted: it did not come up.
            OSError: the system has no room for it.
        """


def source_for(options: Options) -> WorkerSource:
    """Zygotes where forking is safe: on Linux, and without CUDA, which does not survive it.

    Raises:
        UsageError: workers could read what is private.
    """
    if options.level is not Level.NONE:
        refuse_private(options.private)
    if sys.platform == "linux" and options.device == "cpu":
        return ZygoteProcess(options.course, options.level)
    return FreshProcesses(options.course)


def judge_for(options: Options) -> JudgeProcess:
    """A judge for a run with these options."""
    return JudgeProcess(options.course, options.level)


@contextmanager
def _room_needed() -> Iterator[None]:
    """A full disk, or too many processes or open files, as a fault of the grader's with a name."""
    try:
        yield
    except OSError as error:
        raise WorkerNotStarted(str(error)) from None


class Fleet:
    """All processes of a run; a context manager that leaves none behind."""

    def __init__(
        self,
        source: Callable[[Options], WorkerSource] = source_for,
        judge: Callable[[Options], JudgeProcess] = judge_for,
    ) -> None:
        self._sources = Pool(_room_needed()(source))
        self._judges = Pool(judge)

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
            WorkerNotStarted: it did not come up; the next one may.
            GraderFault: there can be none.
            SandboxMissing: a required layer is not in force.
            Interrupted: the fleet was stopped.
        """
        with self._sources.lent(options) as source:
            try:
                with _room_needed():
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

    @contextmanager
    def judge(self, options: Options) -> Iterator[JudgeProcess]:
        """A judge, which may still be starting.

        Raises:
            GraderFault: there can be none.
            Interrupted: the fleet was stopped.
        """
        with self._judges.lent(options) as judge:
            try:
                yield judge
            except GraderFault:
                self.check()
                raise

    def stop(self) -> None:
        """Kill every process; whoever waits for one gets ``Interrupted``."""
        self._sources.stop()
        self._judges.stop()

    def check(self) -> None:
        """Say whether the run goes on.

        Raises:
            Interrupted: it was stopped, so that an ended process means nothing.
        """
        self._sources.check()

    def close(self) -> None:
        """Kill what is kept for the next submission; call it once nobody has one any more."""
        self._sources.close()
        self._judges.close()
