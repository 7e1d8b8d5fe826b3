"""One submission's conversation with its workers, until every exercise has a result."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from autograder.course.exercise import Exercise
from autograder.course.observation import Failure
from autograder.engine.channel import (
    BadReply,
    Worker,
    WorkerDied,
    WorkerFailed,
    WorkerTimeout,
    ZygoteLost,
)
from autograder.engine.fleet import Fleet
from autograder.engine.messages import Begin, Begun, CellRun, Observe, Observed, RunCell, WorkerReport
from autograder.engine.options import Options
from autograder.errors import GraderFault
from autograder.judging import grading
from autograder.judging.failures import printable
from autograder.judging.verdicts import ExerciseResult, Status
from autograder.submissions.submission import Cell, Submission

_GRACE = 3.0
_LONGEST_CELL = 10.0
_MOST_WORKERS = 20
_MOST_LOST = 3
_MOST_WARNINGS = 20

T = TypeVar("T")


class _WorkerEnded(Exception):
    """The worker is gone; another one goes on without what has ended this one."""


class Session:
    """Grades one submission.

    Each exercise has its share of the time. What ends a worker, be it a cell or a probe, counts against that cell or
    exercise alone: a fresh worker runs the other cells again and goes on.
    """

    def __init__(self, submission: Submission, options: Options, fleet: Fleet) -> None:
        self.fleet = fleet
        self.submission = submission
        self.options = options
        self.seed = options.seed_for(submission)
        self.results: list[ExerciseResult] = []
        self.seeds: list[int] = [self.seed]
        self.warnings: list[str] = []
        self.report: WorkerReport | None = None
        self.cpu_seconds = 0.0
        self._broken: dict[str, Failure] = {}
        self._skipped: set[int] = set()
        self._missing_module = False
        self._time_left = options.timeout

    def grade(self) -> None:
        """Fill in ``results``, one for each exercise.

        Raises:
            GraderFault: no worker can be had.
        """
        exercises = tuple(self.options.course.exercise(key) for key in self.options.keys)
        workers = lost = 0
        while len(self.results) < len(exercises):
            if (spent := self._spent(workers)) is not None:
                self._give_up(exercises[len(self.results) :], spent)
                return
            workers += 1
            try:
                with self.fleet.worker(self.options) as worker:
                    self.report = worker.report
                    self._talk(worker, exercises)
                self.cpu_seconds += worker.cpu_seconds
            except ZygoteLost as loss:
                lost += 1
                if lost == _MOST_LOST:
                    raise GraderFault(f"its worker was lost {lost} times; {loss}") from None

    def _talk(self, worker: Worker, exercises: tuple[Exercise, ...]) -> None:
        """Run the cells and grade what has no result yet, as far as the worker lasts."""
        with suppress(_WorkerEnded):
            self._run_cells(worker)
            for exercise in exercises[len(self.results) :]:
                self._grade_exercise(worker, exercise)

    def _spent(self, workers: int) -> WorkerFailed | None:
        """Why no further worker is started, if so."""
        if self._time_left <= 0:
            return self._used_up()
        return WorkerDied(f"that was for the {workers}th time") if workers >= _MOST_WORKERS else None

    def _used_up(self) -> WorkerTimeout:
        return WorkerTimeout(f"the {self.options.timeout:.0f} seconds for the whole notebook were used up")

    def _give_up(self, exercises: tuple[Exercise, ...], why: WorkerFailed) -> None:
        course = self.options.course
        self.results += [grading.grade(course, one, self.seed, lambda _seed: _named(why)).result for one in exercises]

    def _run_cells(self, worker: Worker) -> None:
        given = tuple(sorted(self.submission.release.given_lines))
        begin = Begin(given, self.options.device, self.seed, self._broken)
        try:
            self._ask(worker, lambda _seconds: begin, Begun, _LONGEST_CELL)
        except WorkerFailed as failure:
            raise GraderFault(f"a worker process gave up before it ran anything ({failure})") from None
        for number, cell in enumerate(self.submission.cells):
            if number not in self._skipped:
                self._run_cell(worker, number, cell)

    def _run_cell(self, worker: Worker, number: int, cell: Cell) -> None:
        seconds = min(_LONGEST_CELL, self.options.timeout / 4)
        try:
            run = self._ask(worker, lambda allowed: RunCell(cell, number, allowed), CellRun, seconds)
        except WorkerFailed as failure:
            self._skipped.add(number)
            self._note_broken(cell, _named(failure))
            raise _WorkerEnded from None
        if run.failure is not None:
            self._note_broken(cell, _printable(run.failure))

    def _note_broken(self, cell: Cell, failure: Failure) -> None:
        if cell.name:
            self._broken[cell.name] = failure
            return
        self._missing_module |= failure.error in ("ModuleNotFoundError", "ImportError")
        warning = f"a cell of the student's own stopped: {failure.error or failure.kind}: {printable(failure.message)}"
        if warning not in self.warnings and len(self.warnings) <= _MOST_WARNINGS:
            more = "further cells of the student's own stopped as well"
            self.warnings.append(warning if len(self.warnings) < _MOST_WARNINGS else more)

    def _grade_exercise(self, worker: Worker, exercise: Exercise) -> None:
        ended: list[WorkerFailed] = []
        observe = self._observer(worker, exercise, ended)
        graded = grading.grade(self.options.course, exercise, self.seed, observe)
        result = graded.result
        if self._missing_module and result.status in (Status.ERROR, Status.FAILED, Status.PARTIAL):
            result = replace(result, status=Status.REVIEW)
        self.results.append(result)
        self.seeds += [seed for seed in graded.seeds if seed not in self.seeds]
        if ended:
            raise _WorkerEnded

    def _observer(self, worker: Worker, exercise: Exercise, ended: list[WorkerFailed]) -> Callable[[int], Any]:
        course = self.options.course
        share = self.options.timeout / (len(course.exercises) + 1)

        def observe(seed: int) -> Any:
            if ended:
                return _named(ended[0])
            try:
                kind: type[Observed[Any]] = Observed[course.observation(exercise.key)]  # type: ignore[misc, assignment]
                seen = self._ask(worker, lambda seconds: Observe(exercise.key, seed, seconds), kind, share)
                return _observation_in(seen, share)
            except WorkerFailed as failure:
                ended.append(failure)
                return _named(failure)

        return observe

    def _ask(self, worker: Worker, question: Callable[[float], Any], answer: type[T], seconds: float) -> T:
        """Ask within the request's share and what is left for the submission as a whole.

        Args:
            worker: whom to ask.
            question: gives the question for the seconds that are allowed.
            answer: the type of what is answered.
            seconds: the request's share.
        """
        if self._time_left <= 0:
            raise self._used_up()
        allowed = min(seconds, self._time_left)
        started = time.monotonic()
        try:
            return worker.ask(question(allowed), answer, allowed + _GRACE)
        except WorkerTimeout:
            raise WorkerTimeout(f"{allowed:.0f} seconds") from None
        finally:
            self._time_left -= time.monotonic() - started


def _named(failure: WorkerFailed) -> Failure:
    if isinstance(failure, WorkerTimeout):
        return Failure("timeout", "TimeoutError", str(failure))
    return Failure("malformed" if isinstance(failure, BadReply) else "died", type(failure).__name__, str(failure))


def _printable(failure: Failure) -> Failure:
    """The failure of a cell as it is sent to the next worker, and said to people."""
    return replace(
        failure,
        error=printable(failure.error, 80),
        message=printable(failure.message, 300),
        line=printable(failure.line, 300),
        line_number=max(0, min(failure.line_number, 1_000_000)),
    )


def _observation_in(seen: Observed[Any], share: float) -> Any:
    if seen.timed_out:
        return Failure("timeout", "TimeoutError", f"{share:.0f} seconds")
    if seen.failed:
        error, _, message = seen.failed.partition(": ")
        return Failure("raised", error[:80], message[:300])
    if seen.observation is None:
        raise BadReply("the reply holds no observation")
    return seen.observation
