"""Grading on a Dask cluster, whose workers have this package installed."""

import logging
import platform
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from autograder.course.course import Course
from autograder.course.installed import find_course
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import grader_digest, installed
from autograder.engine.job.keeping import kept, used_again
from autograder.engine.job.run import GradedSubmission, Run, ToGrade
from autograder.engine.options import Options
from autograder.errors import AutograderError, GraderFault, UsageError
from autograder.reports.result import Result
from autograder.submissions.submission import Submission

# A task costs Dask some milliseconds and carries the release once; a small one keeps the end of a class even.
_LARGEST_TASK = 8
_TASKS_AHEAD = 2
_BACK_OFF_SECONDS = 1.0
_CONNECT = "15s"

Versions = Mapping[str, str]
Outcome = Result | Exception
Graded = tuple[Submission, "Future[Result]"]
Notice = Callable[[str], None]


class OtherVersions(UsageError):
    """Machines of a cluster would not give the same marks as this one."""

    def __init__(self, workers: Mapping[str, str]) -> None:
        named = "; ".join(f"Dask worker {worker}: {what}" for worker, what in sorted(workers.items()))
        super().__init__(f"{named}. Install there what is installed here, and start the same command again")


def versions(course: str) -> Versions:
    """What has to be the same on every machine that grades a course; runs there."""
    return {
        "autograder": grader_digest(find_course(course))[:12],
        "python": platform.python_version(),
        **{package: installed(package) for package in ("torch", "numpy", "distributed")},
    }


def _differences(there: object, here: Versions) -> str:
    """How another machine differs, in words; empty where it does not. An exception in place of its versions does."""
    if not isinstance(there, Mapping):
        return f"autograder cannot be used ({type(there).__name__}: {there})"
    wrong = [f"{name} {there.get(name)} in place of {version}" for name, version in here.items()
             if there.get(name) != version]  # fmt: skip
    return ", ".join(wrong)


@dataclass(frozen=True)
class _Task:
    """Submissions that travel together.

    Attributes:
        submissions: what to grade.
        failed_on: the Dask worker on which the grader itself has failed with it; it waits for another one.
    """

    submissions: tuple[Submission, ...]
    failed_on: str = ""


def _graded(task: _Task, options: Options, fleet: str, expected: Versions) -> tuple[str, list[Outcome]]:
    """Grade on the machine of the Dask worker that this runs on, with the fleet that it keeps.

    Returns:
        The worker's address, and for each submission its result or what went wrong.
    """
    from distributed import Reschedule, get_worker

    worker = get_worker()
    if worker.address == task.failed_on:  # an idle worker takes tasks from others
        time.sleep(_BACK_OFF_SECONDS)
        raise Reschedule
    if wrong := _differences(versions(options.course.key), expected):
        raise OtherVersions({worker.address: wrong})
    keeper: Any = worker.plugins[fleet]
    return worker.address, [_outcome(one, options, keeper.fleet, worker.address) for one in task.submissions]


def _outcome(submission: Submission, options: Options, fleet: Fleet, worker: str) -> Outcome:
    try:
        return grade_submission(submission, options, fleet)
    except AutograderError as error:
        error.args = (f"on the Dask worker {worker}, {error}",)
        return error
    except Exception as error:
        return GraderFault(f"on the Dask worker {worker}, the grader failed with {type(error).__name__}: {error}")


class Cluster:
    """Grades on the workers of a Dask cluster; submissions travel whole, so no file system is shared.

    Dask gives a task whose worker has ended to another. A task whose workers end again and again is taken apart, and
    its submissions are graded alone once all others are done: the one at fault has no result then.
    """

    def __init__(self, client: Any, notice: Notice) -> None:
        self._client, self._notice = client, notice
        # Of this run alone: several may use one cluster, and each takes away what is its own.
        self._fleet = f"autograder-fleet-{client.id}"
        self._entered = False

    def grade(self, waiting: Sequence[ToGrade], run: Run) -> Iterator[GradedSubmission]:
        """Grade them all; each once, in the order in which they end. They are read and kept here."""
        read: dict[int, tuple[ToGrade, Submission]] = {}
        for one in waiting:
            submission = one.read(run)
            if earlier := used_again(one, submission, run):
                yield earlier
            else:
                read[id(submission)] = one, submission
        for submission, future in self.graded([submission for _, submission in read.values()], run.options):
            one, _ = read.pop(id(submission))
            yield kept(one, submission, run, future.result)

    def graded(self, submissions: Sequence[Submission], options: Options) -> Iterator[Graded]:
        """Have them all graded; each once, in the order in which they end."""
        try:
            yield from self._all_graded(submissions, options)
        except (CancelledError, OSError) as error:
            kept = "what is graded is kept, and the same command goes on from there"
            raise GraderFault(f"the Dask scheduler is gone ({type(error).__name__}); {kept}") from None

    def _all_graded(self, submissions: Sequence[Submission], options: Options) -> Iterator[Graded]:
        here = versions(options.course.key)
        self._compare(options.course, here)
        self._entered = True
        self._client.register_plugin(_keeper_of_a_fleet(), name=self._fleet)
        suspects: list[Submission] = []
        yield from self._grade(deque(submissions), options, here, suspects.append)
        for suspect in suspects:
            last: list[Submission] = []
            yield from self._grade(deque([suspect]), options, here, last.append)
            for one in last:
                said = "every Dask worker that graded it ended; a worker's log may tell why, such as too little memory"
                yield one, _done(GraderFault(said))

    def _compare(self, course: Course, here: Versions) -> None:
        """Compare the versions on all Dask workers of now with those here.

        Raises:
            OtherVersions: some differ.
        """
        found = self._client.run(versions, course.key, on_error="return")
        if wrong := {worker: what for worker, there in found.items() if (what := _differences(there, here))}:
            raise OtherVersions(wrong)
        if not found:
            self._notice("the Dask cluster has no workers yet; grading begins when the first one joins")

    def _grade(
        self, waiting: deque[Submission], options: Options, here: Versions, suspect: Callable[[Submission], None]
    ) -> Iterator[Graded]:
        from distributed import KilledWorker, as_completed

        running: dict[Any, _Task] = {}
        ended = as_completed()

        def start(task: _Task, **place: Any) -> None:
            future = self._client.submit(_graded, task, options, self._fleet, here, pure=False, **place)
            running[future] = task
            ended.add(future)

        def start_more() -> None:
            threads = sum(self._threads().values())
            while waiting and len(running) < max(1, _TASKS_AHEAD * threads):
                size = max(1, min(_LARGEST_TASK, len(waiting) // max(1, 2 * _TASKS_AHEAD * threads)))
                start(_Task(tuple(waiting.popleft() for _ in range(size))))

        start_more()
        for future in ended:
            task = running.pop(future)
            start_more()
            try:
                worker, outcomes = future.result()
            except KilledWorker:
                for one in task.submissions:
                    suspect(one)
                continue
            except (AutograderError, CancelledError, OSError):
                raise
            except Exception as error:
                # A worker that joined later may not even have the code that was to run.
                self._compare(options.course, here)
                outcomes, worker = [error] * len(task.submissions), ""
            for one, outcome in zip(task.submissions, outcomes, strict=True):
                others = [other for other in self._threads() if other != worker]
                if isinstance(outcome, GraderFault) and others and not task.failed_on:
                    start(_Task((one,), failed_on=worker), workers=others, allow_other_workers=True)
                else:
                    yield one, _done(outcome)

    def close(self) -> None:
        """Leave the cluster, and no process of ours there."""
        if self._entered:
            with suppress(OSError, CancelledError):  # the scheduler is gone, and its workers with it
                self._client.unregister_worker_plugin(self._fleet)
        self._client.close()

    def _threads(self) -> Mapping[str, int]:
        """How many submissions each Dask worker grades side by side."""
        threads: Mapping[str, int] = self._client.nthreads()
        return threads


def _done(outcome: Outcome) -> "Future[Result]":
    future: Future[Result] = Future()
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
    return future


def _keeper_of_a_fleet() -> Any:
    from distributed import WorkerPlugin

    class KeepFleet(WorkerPlugin):
        """Gives each Dask worker a fleet, so that its zygotes are started once."""

        def setup(self, worker: Any) -> None:  # noqa: ARG002 - Dask passes it by name
            self.fleet = Fleet()

        def teardown(self, worker: Any) -> None:  # noqa: ARG002
            self.fleet.stop()
            self.fleet.close()

    return KeepFleet()


@contextmanager
def cluster(address: str, notice: Notice) -> Iterator[Cluster]:
    """The cluster with that scheduler address as a backend.

    Args:
        address: the scheduler's.
        notice: says a line to whoever waits.

    Raises:
        UsageError: Dask is not installed, or nobody answers there.
    """
    try:
        from distributed import Client
        from distributed.versions import VersionMismatchWarning
    except ImportError:
        raise UsageError("`--dask` needs Dask: pip install 'autoencoder-autograder[dask]'") from None
    # Dask remarks on versions in a table of its own; here they are compared, and what counts is named in a line.
    warnings.filterwarnings("ignore", category=VersionMismatchWarning)
    # What Dask still waited for when its loop ended is no news, and would stand below the line that says what happened.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    try:
        client = Client(address, timeout=_CONNECT)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}: {error}") from None
    found = Cluster(client, notice)
    try:
        yield found
    finally:
        found.close()
