"""The judge: a process that answers one question after the other, until the grader closes its input."""

import sys
from collections.abc import Callable
from typing import BinaryIO

from autograder.course.course import Course
from autograder.course.installed import find_course
from autograder.course.observation import Failure
from autograder.engine import wire
from autograder.engine.channel import BadReply
from autograder.engine.judge.limits import budget, close_in
from autograder.engine.judge.questions import (
    CellRead,
    Fault,
    Judged,
    JudgeObservation,
    JudgeReady,
    LookedThrough,
    LookThrough,
    Question,
    ReadCellRun,
    ReadShown,
    ShownRead,
    Verdict,
)
from autograder.engine.judge.replies import cell_failure_in, observation_in, shown_in
from autograder.engine.levels import Level
from autograder.engine.messages import CellShown
from autograder.engine.wire import Frame
from autograder.judging.grading import blas, judge_observation, undecided
from autograder.judging.own_tests import OwnQuestion, Ran, judge_own_test
from autograder.judging.pictures import with_picture
from autograder.submissions.flags import find_flags


class Judge:
    """Answers the grader's questions about what workers have sent."""

    def __init__(self, course: Course) -> None:
        self._course = course

    def answer(self, question: Question, read: Callable[[int], bytes]) -> Verdict:
        """Answer a question, reading the frame that it is about; what goes wrong on this side is an answer as well."""
        try:
            match question.ask:
                case JudgeObservation() as ask:
                    frame = wire.receive(read)
                    with budget():
                        return Verdict(self._judge(ask, frame))
                case ReadCellRun() as ask:
                    frame = wire.receive(read)
                    with budget():
                        return Verdict(self._read(ask, frame))
                case ReadShown() as ask:
                    frame = wire.receive(read)
                    with budget():
                        return Verdict(self._read_shown(ask, frame))
                case LookThrough() as ask:
                    with budget():
                        return Verdict(LookedThrough(find_flags(ask.cells, self._course.release)))
        except wire.Closed:
            raise
        except Exception as error:
            return Verdict(Fault(f"{type(error).__name__}: {error}"[:500]))

    def _judge(self, ask: JudgeObservation, frame: Frame) -> Judged:
        exercise = self._course.exercise(ask.exercise)
        try:
            seen = observation_in(frame, ask.request, self._course.observation(ask.exercise), ask.seconds)
            look = judge_observation(self._course, exercise, ask.seed, seen)
            return Judged(with_picture(self._course, ask.exercise, ask.seed, seen, look))
        except BadReply as bad:
            malformed = Failure("malformed", "BadReply", str(bad))
            return Judged(judge_observation(self._course, exercise, ask.seed, malformed), str(bad))
        except MemoryError:
            return Judged(undecided(exercise))

    def _read(self, ask: ReadCellRun, frame: Frame) -> CellRead:
        try:
            return CellRead(cell_failure_in(frame, ask.request))
        except BadReply as bad:
            return CellRead(None, str(bad))
        except MemoryError:
            return CellRead(None, "what it said of a cell takes too much memory to read")

    def _read_shown(self, ask: ReadShown, frame: Frame) -> ShownRead:
        try:
            shown = shown_in(frame, ask.request)
            return ShownRead(shown, _earned(ask, shown), "")
        except (BadReply, MemoryError) as bad:
            why = str(bad) or "what it showed takes too much memory to read"
            return ShownRead(lost := CellShown(Failure("malformed", "BadReply", why)), _earned(ask, lost), why)


def _earned(ask: ReadShown, shown: CellShown) -> OwnQuestion | None:
    if (test := ask.test) is None:
        return None
    ran = Ran(shown.failure, shown.value, shown.complained)
    return judge_own_test(test.name, test.points, ran, ask.missing, test.may_be_told)


def serve(course: Course, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer until the requests end."""
    judge = Judge(course)
    read, write = requests.read, _flushed(answers)
    while True:
        try:
            answer = judge.answer(wire.decode(wire.receive(read), Question), read)
        except wire.Closed:
            return
        wire.send(write, wire.encode(answer))


def _flushed(stream: BinaryIO) -> Callable[[bytes], None]:
    def write(data: bytes) -> None:
        stream.write(data)
        stream.flush()

    return write


def main() -> None:
    """Import every judge, close the process in, say so, and serve; the arguments are the course's key and the level."""
    course = find_course(sys.argv[1])
    for key in course.keys:
        course.judge(key)
        course.observation(key)
        course.pictures(key)
    find_flags((), course.release)  # what is looked up once is looked up while files can be read
    blas()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    wire.send(_flushed(answers), wire.encode(JudgeReady(close_in(Level(sys.argv[2])))))
    serve(course, requests, answers)


if __name__ == "__main__":
    main()
