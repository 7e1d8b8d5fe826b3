"""A notebook run from top to bottom, with an instructor's own tests at their places."""

from collections.abc import Mapping
from dataclasses import dataclass

from autograder.course.observation import Failure
from autograder.engine.channel import BadReply, Worker, WorkerFailed, WorkerNotStarted
from autograder.engine.judge.questions import Question, ReadShown, ShownRead
from autograder.engine.judge_process import JudgeEnded, JudgeProcess
from autograder.engine.messages import Begin, Begun, CellShown, LeftOut, RunCells, ShowCell, StandIns
from autograder.engine.patience import Patience
from autograder.engine.time_left import GRACE, TimeLeft
from autograder.engine.workers import WorkerEnded, Workers, as_failure
from autograder.judging.own_tests import OwnQuestion, Ran, judge_own_test
from autograder.submissions.own_tests import OwnTest
from autograder.submissions.submission import Cell

Step = Cell | OwnTest


@dataclass(frozen=True)
class Shares:
    """How long a notebook may run.

    Attributes:
        each: seconds for a cell, and for a test.
        cells: seconds for all cells; where they are used up, little is left for each of the others.
    """

    each: float
    cells: float

    def of_cell(self, spent: float) -> float:
        """The seconds for the next cell, where all those before have taken so long."""
        return max(min(self.each, self.cells - spent), self.each / 10)


@dataclass(frozen=True, kw_only=True)
class Script:
    """What is to be run.

    Attributes:
        steps: cells and tests, in order.
        begin: what a worker is told of the notebook.
        shares: how long they may run.
        stand_ins: whether the course's are there for cells; for tests they never are.
        missing: names that are missing in grading, though the notebook gives them.
        pictures: how many plots are kept of each cell.
    """

    steps: tuple[Step, ...]
    begin: Begin
    shares: Shares
    stand_ins: StandIns = "away"
    missing: tuple[str, ...] = ()
    pictures: int = 0


class NotebookRun:
    """Runs a notebook in one worker after another.

    As in a kernel, each step finds what those before have left. What ends a worker, be it a cell or a test, is left out
    when a fresh one runs the others again: so it costs no more than itself.

    Attributes:
        shown: what each step has shown, by its number.
        questions: the result of each test, by its name.
    """

    def __init__(self, script: Script, workers: Workers, judge: JudgeProcess) -> None:
        self.shown: dict[int, CellShown] = {}
        self.questions: dict[str, OwnQuestion] = {}
        self._script = script
        self._workers = workers
        self._judge = judge
        self._ended: dict[int, Failure] = {}

    def run(self, time_left: TimeLeft, ended: Mapping[int, Failure]) -> None:
        """Run it as far as the time lasts; what is not reached has its result, too.

        Args:
            time_left: for all of it.
            ended: the steps, by number, that have ended a worker before.

        Raises:
            GraderFault: no worker or no judge can be had.
        """
        for number, failure in ended.items():
            self._end(number, failure)
        steps = self._script.steps
        given_up = self._workers.talk(
            lambda worker: self._talk(worker, time_left), lambda: len(self.shown) == len(steps), time_left
        )
        if given_up is not None:
            for number, _ in enumerate(steps):
                self._note(number, CellShown(as_failure(given_up)))

    def _talk(self, worker: Worker, time_left: TimeLeft) -> None:
        self._begin(worker, time_left)
        spent = 0.0
        for number, step in enumerate(self._script.steps):
            if number in self._ended:
                continue
            before = time_left.left
            try:
                self._run(worker, number, self._script.shares.of_cell(spent), time_left)
            except WorkerFailed as failure:
                self._end(number, as_failure(failure))
                raise WorkerEnded from None
            spent += before - time_left.left if isinstance(step, Cell) else 0.0

    def _begin(self, worker: Worker, time_left: TimeLeft) -> None:
        begin, share = self._script.begin, self._script.shares.each
        steps = self._script.steps
        left_out = [LeftOut(at, step, why) for at, why in self._ended.items() if isinstance(step := steps[at], Cell)]
        try:
            begun = time_left.within(share, lambda _seconds, patience: worker.exchange(begin, patience))
            if left_out:  # so that it is told what is missing because of them
                worker.send(RunCells((), share, share, {}, tuple(left_out)), Patience(GRACE))
        except WorkerFailed as failure:
            raise WorkerNotStarted(f"it gave up before it ran anything: {failure}") from None
        if not begun.says(Begun()):
            raise WorkerNotStarted("it did not say that it had begun")

    def _run(self, worker: Worker, number: int, seconds: float, time_left: TimeLeft) -> None:
        script, step = self._script, self._script.steps[number]
        test = step if isinstance(step, OwnTest) else None
        stand_ins: StandIns = "away" if test else script.stand_ins
        cell = Cell(step.source, step.name)
        reply = time_left.within(
            script.shares.each if test else seconds,
            lambda allowed, patience: worker.exchange(
                ShowCell(number, cell, allowed, stand_ins, script.pictures), patience
            ),
        )
        if reply.says(CellShown()):
            self._note(number, CellShown())
            return
        try:
            question = Question(ReadShown(reply.request, test, script.missing))
            read = self._judge.ask(question, ShownRead, reply.frame)
        except JudgeEnded:
            self._workers.check()
            raise BadReply("what it showed could not be read") from None
        if read.bad_reply:
            raise BadReply(read.bad_reply)
        self._note(number, read.shown, read.question)

    def _end(self, number: int, failure: Failure) -> None:
        self._ended[number] = failure
        self._note(number, CellShown(failure))

    def _note(self, number: int, shown: CellShown, question: OwnQuestion | None = None) -> None:
        """Keep what a step has shown; where it is run again for what comes after it, the first time counts."""
        if number in self.shown:
            return
        self.shown[number] = shown
        step = self._script.steps[number]
        if isinstance(step, OwnTest):
            ran = Ran(shown.failure, shown.value, shown.complained)
            self.questions[step.name] = question or judge_own_test(step.name, step.points, ran, self._script.missing)
