"""A job: it grades one submission after another, with workers and a judge of its own.

``python -m autograder.engine.job.job`` is one in a process of its own: a ``Run`` on its standard input holds for every
``ToGrade`` that follows, and each of these is answered on its standard output, all pickled. Both ends are the grader's;
no student code and nothing unread of a worker's ever comes this way. The end of its input ends it at once.
"""

import os
import pickle
import signal
import sys
import threading
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import BinaryIO, Self

from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.job.keeping import kept, used_again
from autograder.engine.job.run import GradedSubmission, Run, ToGrade
from autograder.engine.options import Options
from autograder.errors import AutograderError


class Job:
    """Grades submissions one at a time; a context manager that leaves no process behind."""

    def __init__(self) -> None:
        self._fleet = Fleet()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.kill()
        self.close()

    def suits(self, _options: Options) -> bool:
        """Whether it serves a run with these options, which it does with any."""
        return True

    def grade(self, one: ToGrade, run: Run) -> GradedSubmission:
        """Read a submission; use its earlier result again, or grade it and write its result.

        Raises:
            AutograderError: what concerns the whole run, such as want of a sandbox, or that somebody has stopped it.
        """
        try:
            submission = one.read(run)
            earlier = used_again(one, submission, run)
        except Exception as error:
            return GradedSubmission(one.found, None, fault=f"the grader failed with {type(error).__name__}: {error}")
        return earlier or kept(one, submission, run, lambda: grade_submission(submission, run.options, self._fleet))

    def kill(self) -> None:
        """Kill its processes; safe from any thread."""
        self._fleet.stop()

    def close(self) -> None:
        """Put away what is kept for the next submission."""
        self._fleet.close()


def main() -> None:
    """Be a job until the input ends."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints, prints no answer
    signal.signal(signal.SIGTERM, _end)
    waiting: SimpleQueue[Run | ToGrade] = SimpleQueue()
    threading.Thread(target=_listen, args=(questions, waiting), daemon=True).start()
    try:
        with suppress(BrokenPipeError), Job() as job:
            _answer(job, waiting, answers)
    finally:
        os._exit(0)  # at once: the thread that listens holds its stream, on which Python would wait in vain


def _answer(job: Job, waiting: "SimpleQueue[Run | ToGrade]", answers: BinaryIO) -> None:
    run: Run | None = None
    while True:
        question = waiting.get()
        if isinstance(question, Run):
            run = question
            continue
        assert run is not None
        answer: GradedSubmission | AutograderError
        try:
            answer = job.grade(question, run)
        except AutograderError as error:
            answer = error
        pickle.dump(answer, answers)
        answers.flush()


def _listen(questions: BinaryIO, waiting: "SimpleQueue[Run | ToGrade]") -> None:
    with suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            waiting.put(pickle.load(questions))
    os.kill(os.getpid(), signal.SIGTERM)


def _end(_number: int, _frame: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: what follows puts the processes away
    sys.exit()


if __name__ == "__main__":
    main()
