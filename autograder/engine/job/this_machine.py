"""Grading a class on this machine: as many submissions at a time as there are jobs."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Protocol

from autograder.engine.job.job import Job
from autograder.engine.job.process import JobProcess
from autograder.engine.job.run import GradedSubmission, Run, ToGrade
from autograder.engine.options import Options
from autograder.engine.pool import Kept, Pool
from autograder.errors import GraderFault

_MOST_JOBS_FOR_ONE = 2


class _Grades(Kept, Protocol):
    def grade(self, one: ToGrade, run: Run) -> GradedSubmission: ...


class ThisMachine:
    """Grades on this machine. A single job is this process itself; several are processes of their own.

    Each waits in a thread of its own, and that is all that this process does for it.
    """

    def __init__(self, jobs: int) -> None:
        self._jobs: Pool[_Grades] = Pool(_here if jobs == 1 else _beside)
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="job")

    def grade(self, waiting: Sequence[ToGrade], run: Run) -> Iterator[GradedSubmission]:
        """Grade them all; each once, in the order in which they end.

        Raises:
            UsageError: grading cannot work at all here, such as for want of a sandbox.
            Interrupted: the machine was closed.
        """
        futures = [self._threads.submit(self._graded, one, run) for one in waiting]
        for future in as_completed(futures):
            yield future.result()

    def close(self) -> None:
        """End every job and wait for the threads."""
        self._jobs.stop()
        self._threads.shutdown()  # what still waits is told at once that the run was stopped
        self._jobs.close()

    def _graded(self, one: ToGrade, run: Run) -> GradedSubmission:
        """One that a job has graded; where that has ended or did not start, another one tries, and then it is said."""
        ended = ""
        for _ in range(_MOST_JOBS_FOR_ONE):
            try:
                with self._jobs.lent(run.options) as job:
                    return job.grade(one, run)
            except GraderFault as fault:
                self._jobs.check()
                ended = str(fault)
        return GradedSubmission(one.found, None, fault=ended)


def _here(_options: Options) -> Job:
    return Job()


def _beside(_options: Options) -> JobProcess:
    return JobProcess()


@contextmanager
def this_machine(jobs: int) -> Iterator[ThisMachine]:
    """This machine; whatever ends the block, no process of ours stays behind."""
    machine = ThisMachine(jobs)
    try:
        yield machine
    finally:
        machine.close()
