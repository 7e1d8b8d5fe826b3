"""One submission's conversation with its workers, until every exercise has a result."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from autograder.engine import wire
from autograder.engine.channel import Died, Entered, Late, Malformed, Worker, WorkerFailed, WorkerTaken
from autograder.engine.fleet import Fleet
from autograder.engine.options import Options
from autograder.errors import GraderFault
from autograder.exercises import grading
from autograder.exercises.catalogue import EXERCISES, exercise, observation_of
from autograder.exercises.definition import Exercise
from autograder.exercises.failures import printable
from autograder.exercises.judgement import ExerciseResult, Status
from autograder.exercises.observation import Failure
from autograder.reading.released import released
from autograder.reading.submission import Cell, Submission

_GRACE = 3.0
_LONGEST_CELL = 10.0
_MOST_WORKERS = 20
_MOST_TAKEN = 3
_MOST_WARNINGS = 20
_SHARES = len(EXERCISES) + 1
_FAILURE: TypeAdapter[Failure | None] = TypeAdapter(Failure | None)


class _WorkerLost(Exception):
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
        self.entered: Entered | None = None
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
        exercises = tuple(exercise(key) for key in self.options.exercises)
        workers = taken = 0
        while len(self.results) < len(exercises):
            if (spent := self._spent(workers)) is not None:
                self._give_up(exercises[len(self.results) :], spent)
                return
            workers += 1
            try:
                with self.fleet.worker(self.options) as worker:
                    self.entered = worker.entered
                    self._talk(worker, exercises)
                self.cpu_seconds += worker.cpu_seconds
            except WorkerTaken as loss:
                taken += 1
                if taken == _MOST_TAKEN:
                    raise GraderFault(f"its worker was lost {taken} times; {loss}") from None

    def _talk(self, worker: Worker, exercises: tuple[Exercise, ...]) -> None:
        """Run the cells and grade what has no result yet, as far as the worker lasts."""
        with suppress(_WorkerLost):
            self._run_cells(worker)
            for known in exercises[len(self.results) :]:
                self._grade_exercise(worker, known)

    def _spent(self, workers: int) -> WorkerFailed | None:
        """Why no further worker is started, if so."""
        if self._time_left <= 0:
            return self._used_up()
        return Died(f"that was for the {workers}th time") if workers >= _MOST_WORKERS else None

    def _used_up(self) -> Late:
        return Late(f"the {self.options.timeout:.0f} seconds for the whole notebook were used up")

    def _give_up(self, exercises: tuple[Exercise, ...], why: WorkerFailed) -> None:
        self.results += [grading.grade(known, self.seed, lambda _seed: _named(why)).result for known in exercises]

    def _run_cells(self, worker: Worker) -> None:
        given = sorted(released().given_lines)
        broken = {name: asdict(failure) for name, failure in self._broken.items()}
        device = self.options.device
        try:
            self._ask(worker, "begin", _LONGEST_CELL, given=given, device=device, seed=self.seed, broken=broken)
        except WorkerFailed as failure:
            raise GraderFault(f"a worker process gave up before it ran anything ({failure})") from None
        for number, cell in enumerate(self.submission.cells):
            if number in self._skipped:
                continue
            seconds = min(_LONGEST_CELL, self.options.timeout / 4)
            try:
                stopped = _failure_in(self._ask(worker, "cell", seconds, number=number, cell=asdict(cell)))
            except WorkerFailed as failure:
                self._skipped.add(number)
                self._note_broken(cell, _named(failure))
                raise _WorkerLost from None
            self._note_broken(cell, stopped)

    def _note_broken(self, cell: Cell, failure: Failure | None) -> None:
        if failure is None:
            return
        if cell.name:
            self._broken[cell.name] = failure
            return
        self._missing_module |= failure.error in ("ModuleNotFoundError", "ImportError")
        warning = f"a cell of the student's own stopped: {failure.error or failure.kind}: {printable(failure.message)}"
        if warning not in self.warnings and len(self.warnings) <= _MOST_WARNINGS:
            more = "further cells of the student's own stopped as well"
            self.warnings.append(warning if len(self.warnings) < _MOST_WARNINGS else more)

    def _grade_exercise(self, worker: Worker, known: Exercise) -> None:
        lost: list[WorkerFailed] = []
        graded = grading.grade(known, self.seed, self._observer(worker, known, lost))
        result = graded.result
        if self._missing_module and result.status in (Status.ERROR, Status.FAILED, Status.PARTIAL):
            result = replace(result, status=Status.REVIEW)
        self.results.append(result)
        self.seeds += [seed for seed in graded.seeds if seed not in self.seeds]
        if lost:
            raise _WorkerLost

    def _observer(self, worker: Worker, known: Exercise, lost: list[WorkerFailed]) -> Callable[[int], Any]:
        share = self.options.timeout / _SHARES

        def observe(seed: int) -> Any:
            if lost:
                return _named(lost[0])
            try:
                reply = self._ask(worker, "observe", share, exercise=known.key, seed=seed)
                return _observation_in(reply, known, share)
            except WorkerFailed as failure:
                lost.append(failure)
                return _named(failure)

        return observe

    def _ask(self, worker: Worker, operation: str, seconds: float, **parameters: Any) -> wire.Message:
        """Ask within the request's share and what is left for the submission as a whole."""
        if self._time_left <= 0:
            raise self._used_up()
        allowed = min(seconds, self._time_left)
        started = time.monotonic()
        try:
            return worker.ask(operation, allowed + _GRACE, seconds=allowed, **parameters)
        except Late:
            raise Late(f"{allowed:.0f} seconds") from None
        finally:
            self._time_left -= time.monotonic() - started


def _named(failure: WorkerFailed) -> Failure:
    kind = "late" if isinstance(failure, Late) else "malformed" if isinstance(failure, Malformed) else "died"
    return Failure(kind, type(failure).__name__, str(failure))  # type: ignore[arg-type]


def _failure_in(reply: wire.Message) -> Failure | None:
    try:
        failure = _FAILURE.validate_python(reply.head.get("failure"))
    except ValidationError:
        raise Malformed("the answer to a cell says nothing that can be understood") from None
    if failure is None:
        return None
    # It is sent to the next worker, and said to people.
    return replace(
        failure,
        error=printable(failure.error, 80),
        message=printable(failure.message, 300),
        line=printable(failure.line, 300),
        line_number=max(0, min(failure.line_number, 1_000_000)),
    )


def _observation_in(reply: wire.Message, known: Exercise, share: float) -> Any:
    if reply.head.get("late") is True:
        return Failure("late", "TimeoutError", f"{share:.0f} seconds")
    if isinstance(failed := reply.head.get("failed"), str):
        error, _, message = failed.partition(": ")
        return Failure("raised", error[:80], message[:300])
    try:
        return wire.unpack(reply, observation_of(known.key))
    except wire.WireError as error:
        raise Malformed(str(error)) from None
