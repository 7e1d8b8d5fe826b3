"""The workers that one submission takes, one after another."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from autograder.course.observation import Failure
from autograder.engine.channel import (
    BadReply,
    Worker,
    WorkerDied,
    WorkerFailed,
    WorkerNotStarted,
    WorkerTimeout,
    ZygoteLost,
)
from autograder.engine.fleet import Fleet
from autograder.engine.messages import Begin, SentFile, WorkerReport
from autograder.engine.options import Options
from autograder.engine.time_left import TimeLeft
from autograder.errors import GraderFault
from autograder.submissions.submission import Submission

_MOST_WORKERS = 20
_MOST_LOST = 3


class WorkerEnded(Exception):
    """The worker is gone; another one goes on without what has ended this one."""


class Workers:
    """Gives a conversation one worker after another, until it has come to its end.

    Attributes:
        report: what the last of them said of itself.
        cpu_seconds: the processor time of all of them.
    """

    def __init__(self, options: Options, fleet: Fleet) -> None:
        self._options = options
        self._fleet = fleet
        self.report: WorkerReport | None = None
        self.cpu_seconds = 0.0

    def talk(
        self, conversation: Callable[[Worker], None], is_done: Callable[[], bool], time_left: TimeLeft
    ) -> WorkerFailed | None:
        """Have a conversation with a fresh worker, again and again until it is done.

        Args:
            conversation: goes as far as the worker lasts, and raises ``WorkerEnded`` there.
            is_done: whether nothing is left to be said.
            time_left: for all of it.

        Returns:
            Why it was given up, if so.

        Raises:
            GraderFault: no worker can be had.
        """
        workers = lost = 0
        while not is_done():
            if time_left.left <= 0:
                return time_left.used_up()
            if workers >= _MOST_WORKERS:
                return WorkerDied(f"that was for the {workers}th time")
            workers += 1
            try:
                with self._fleet.worker(self._options) as worker:
                    self.report = worker.report
                    with suppress(WorkerEnded):
                        conversation(worker)
                self.cpu_seconds += worker.cpu_seconds
            except (ZygoteLost, WorkerNotStarted) as loss:
                lost += 1
                if lost == _MOST_LOST:
                    raise GraderFault(f"given up after {lost} tries; {loss}") from None
        return None

    def check(self) -> None:
        """Say whether the run goes on.

        Raises:
            Interrupted: it was stopped, so that an ended process means nothing.
        """
        self._fleet.check()


def begin_of(submission: Submission, options: Options, broken: Mapping[str, Failure]) -> Begin:
    """What a worker is told of a submission before it runs any of it.

    Args:
        submission: the submission.
        options: how it is graded.
        broken: what stopped cells that an earlier worker has run, by their names.
    """
    return Begin(
        tuple(sorted(submission.release.given_lines)),
        options.device,
        options.seed_for(submission),
        broken,
        tuple(SentFile.of(file.name, file.content) for file in submission.files),
    )


def as_failure(failure: WorkerFailed) -> Failure:
    """A worker's failure as that of the student's code which it has run."""
    if isinstance(failure, WorkerTimeout):
        return Failure("timeout", "TimeoutError", str(failure))
    return Failure("malformed" if isinstance(failure, BadReply) else "died", type(failure).__name__, str(failure))
