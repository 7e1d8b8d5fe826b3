"""One submission's conversation with its workers, until every exercise has a result."""

import re
from collections.abc import Callable
from dataclasses import replace

from autograder.course.exercise import Exercise
from autograder.course.observation import Failure
from autograder.engine.channel import BadReply, UnreadReply, Worker, WorkerFailed, WorkerNotStarted
from autograder.engine.fleet import Fleet
from autograder.engine.judge.questions import (
    CellRead,
    Judged,
    JudgeObservation,
    LookedThrough,
    LookThrough,
    Question,
    ReadCellRun,
)
from autograder.engine.judge_process import JudgeEnded
from autograder.engine.messages import Begun, CellRun, LeftOut, Observe, RunCells, Standing
from autograder.engine.options import Options
from autograder.engine.own_questions import ask_own_questions
from autograder.engine.patience import Patience
from autograder.engine.stopped_cells import StoppedCells
from autograder.engine.time_left import GRACE, LONGEST_CELL, TimeLeft, cell_seconds
from autograder.engine.workers import WorkerEnded, Workers, as_failure, begin_of
from autograder.judging.grading import Look, judge_observation, look_twice, undecided
from autograder.judging.own_tests import OwnQuestion
from autograder.judging.verdicts import ExerciseResult, Status, conclude, fail_all_checks, finding
from autograder.submissions.flags import Flag
from autograder.submissions.merge import written_anew
from autograder.submissions.submission import Cell, Submission

_COMPILES = re.compile(r"\btorch\.compile\b|\bimport compile\b|(?<!\bre)\.compile\(")
_NOT_COMPILED = (
    "`torch.compile` was passed over: the grader runs your code as it is written, which gives the same numbers"
)


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
        self.questions: tuple[OwnQuestion, ...] = ()
        self.seeds: list[int] = [self.seed]
        self.remarks: list[str] = []
        self.flags: tuple[Flag, ...] = ()
        self.workers = Workers(options, fleet)
        self._stopped = StoppedCells(submission)
        self._skipped: dict[int, Failure] = {}
        self._time_left = TimeLeft(options.timeout)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the student should know of how it was graded."""
        return (*self.remarks, *self._stopped.warnings)

    def grade(self) -> None:
        """Fill in ``results``, one for each exercise, ``questions``, one for each test of the instructor's own, and
        ``flags``.

        Raises:
            GraderFault: no worker or no judge can be had.
        """
        self.remarks += self.submission.remarks
        if any("compile" in cell.source and _COMPILES.search(cell.source) for cell in self.submission.cells):
            self.remarks.append(_NOT_COMPILED)
        with self.fleet.judge(self.options) as self._judge:
            self._grade_exercises(tuple(self.options.course.exercise(key) for key in self.options.keys))
            self.flags = self._flags()
            self.questions = ask_own_questions(
                *(self.submission, self.options, self.workers, self._judge),
                skipped=self._skipped,
                broken=self._stopped.broken,
            )

    def _grade_exercises(self, exercises: tuple[Exercise, ...]) -> None:
        given_up = self.workers.talk(
            lambda worker: self._talk(worker, exercises), lambda: len(self.results) == len(exercises), self._time_left
        )
        if given_up is not None:
            self.results += [self._failed(one, given_up).result for one in exercises[len(self.results) :]]

    def _flags(self) -> tuple[Flag, ...]:
        try:
            return self._judge.ask(
                Question(LookThrough((*self.submission.cells, *self._modules()))), LookedThrough
            ).flags
        except JudgeEnded:
            self.fleet.check()
            return (Flag("", "its text could not be looked through in time"),)

    def _modules(self) -> tuple[Cell, ...]:
        files = (file for file in self.submission.files if file.is_module)
        return tuple(Cell(file.text, file=file.name) for file in files)

    def _talk(self, worker: Worker, exercises: tuple[Exercise, ...]) -> None:
        """Run the cells and grade what has no result yet, as far as the worker lasts."""
        self._run_cells(worker)
        for exercise in exercises[len(self.results) :]:
            self._grade_exercise(worker, exercise)

    def _run_cells(self, worker: Worker) -> None:
        numbered = enumerate(self.submission.cells)
        cells = tuple((number, cell) for number, cell in numbered if number not in self._skipped)
        seconds = cell_seconds(self.options.timeout)
        course, tests = self.options.course, self.submission.tests
        places = {key: tests[test] for key in self.options.keys if (test := course.exercise(key).test_cell) in tests}
        begin = begin_of(self.submission, self.options, self._stopped.broken)
        try:
            begun = self._time_left.within(LONGEST_CELL, lambda _seconds, patience: worker.exchange(begin, patience))
            running = worker.send(
                RunCells(cells, seconds, self.options.timeout / 3, places, self._left_out()), Patience(GRACE)
            )
        except WorkerFailed as failure:
            raise WorkerNotStarted(f"it gave up before it ran anything: {failure}") from None
        if not begun.says(Begun()):
            raise WorkerNotStarted("it did not say that it had begun")
        for number, cell in cells:
            try:
                reply = self._time_left.within(seconds, lambda _seconds, patience: worker.reply_to(running, patience))
                stopped = None if reply.says(CellRun(None)) else self._what_stopped(reply)
            except WorkerFailed as failure:
                self._skipped[number] = as_failure(failure)
                self._stopped.note(cell, self._skipped[number])
                raise WorkerEnded from None
            if stopped is not None:
                self._stopped.note(cell, stopped)

    def _left_out(self) -> tuple[LeftOut, ...]:
        return tuple(LeftOut(number, self.submission.cells[number], why) for number, why in self._skipped.items())

    def _what_stopped(self, reply: UnreadReply) -> Failure | None:
        try:
            read = self._judge.ask(Question(ReadCellRun(reply.request)), CellRead, reply.frame)
        except JudgeEnded:
            self.fleet.check()
            raise BadReply("what it said of a cell could not be read") from None
        if read.bad_reply:
            raise BadReply(read.bad_reply)
        return read.failure

    def _grade_exercise(self, worker: Worker, exercise: Exercise) -> None:
        ended: list[WorkerFailed] = []
        graded = look_twice(exercise, self.seed, self._looker(worker, exercise, ended))
        result = self._also_at_the_end(worker, exercise, graded.result, ended)
        result = self._said_to_be_split(exercise, result)
        if self._stopped.lacks_module and result.status in (Status.ERROR, Status.FAILED, Status.PARTIAL):
            result = replace(result, status=Status.REVIEW)
        self.results.append(result)
        self.seeds += [seed for seed in graded.seeds if seed not in self.seeds]
        if ended:
            raise WorkerEnded

    def _also_at_the_end(
        self, worker: Worker, exercise: Exercise, result: ExerciseResult, ended: list[WorkerFailed]
    ) -> ExerciseResult:
        """The result, or the better one of what stands after the last cell, where a later cell has written it anew."""
        place = self.submission.tests.get(exercise.test_cell, len(self.submission.cells))
        if ended or result.status is Status.PASSED or not self._is_written_anew(place):
            return result
        later = look_twice(exercise, self.seed, self._looker(worker, exercise, ended, "at the end"))
        if later.result.points > result.points or result.status is Status.NOT_ATTEMPTED:
            self.seeds += [seed for seed in later.seeds if seed not in self.seeds]
            return later.result
        return result

    def _is_written_anew(self, place: int) -> bool:
        return written_anew([cell.source for cell in self.submission.cells], place)

    def _said_to_be_split(self, exercise: Exercise, result: ExerciseResult) -> ExerciseResult:
        """The result; where the answer's cell was split in the middle, and nothing works, that is what is said."""
        if result.points > 0 or exercise.cell not in self.submission.split:
            return result
        return conclude(exercise, fail_all_checks(exercise, finding(exercise, "cell-split"), Status.ERROR))

    def _looker(
        self,
        worker: Worker,
        exercise: Exercise,
        ended: list[WorkerFailed],
        standing: Standing = "at its test",
    ) -> Callable[[int], Look]:
        """What looks at the exercise on a seed; what ends the worker is added to ``ended``."""
        share = self.options.timeout / (len(self.options.course.exercises) + 1)

        def look(seed: int) -> Look:
            if ended:
                return self._failed(exercise, ended[0])
            try:
                reply = self._time_left.within(
                    share,
                    lambda seconds, patience: worker.exchange(Observe(exercise.key, seed, seconds, standing), patience),
                )
            except WorkerFailed as failure:
                ended.append(failure)
                return self._failed(exercise, failure)
            try:
                question = Question(JudgeObservation(reply.request, exercise.key, seed, share))
                judged = self._judge.ask(question, Judged, reply.frame)
            except JudgeEnded:
                self.fleet.check()
                return undecided(exercise)
            if judged.bad_reply:
                ended.append(BadReply(judged.bad_reply))
            return judged.look

        return look

    def _failed(self, exercise: Exercise, why: WorkerFailed) -> Look:
        return judge_observation(self.options.course, exercise, self.seed, as_failure(why))
