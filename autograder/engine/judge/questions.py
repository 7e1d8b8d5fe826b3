"""What the grader asks a judge, and what that answers. A worker's frame that is asked about follows unread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from autograder.course.observation import Failure
from autograder.engine.messages import CellShown
from autograder.judging.grading import Look
from autograder.judging.own_tests import OwnQuestion
from autograder.submissions.flags import Flag
from autograder.submissions.own_tests import OwnTest
from autograder.submissions.submission import Cell


@dataclass(frozen=True)
class JudgeObservation:
    """Judge the observation in a worker's reply.

    Attributes:
        request: the ``id`` of the request that it has to be the reply to.
        exercise: key of the exercise.
        seed: the probe's.
        seconds: that the worker had.
    """

    request: str
    exercise: str
    seed: int
    seconds: float
    kind: Literal["judge observation"] = "judge observation"


@dataclass(frozen=True)
class ReadCellRun:
    """Say how a cell has ended.

    Attributes:
        request: the ``id`` of the request that the frame has to be the reply to.
    """

    request: str
    kind: Literal["read cell run"] = "read cell run"


@dataclass(frozen=True)
class ReadShown:
    """Say what a cell has shown, and where it is a test of the instructor's own, what that earns.

    Attributes:
        request: the ``id`` of the request that the frame has to be the reply to.
        test: the test; ``None`` for any other cell.
        missing: names that are missing in grading, though the notebook gives them.
    """

    request: str
    test: OwnTest | None = None
    missing: tuple[str, ...] = ()
    kind: Literal["read shown"] = "read shown"


@dataclass(frozen=True)
class LookThrough:
    """Find what in a submission's text a person should look at; no frame follows.

    Attributes:
        cells: the submission's.
    """

    cells: tuple[Cell, ...]
    kind: Literal["look through"] = "look through"


@dataclass(frozen=True)
class Question:
    """What is asked of a judge."""

    ask: JudgeObservation | ReadCellRun | ReadShown | LookThrough


@dataclass(frozen=True)
class JudgeReady:
    """Everything is imported; each layer of the sandbox with ``on``, or why it is not."""

    layers: Mapping[str, str]


@dataclass(frozen=True)
class Judged:
    """What came of an observation.

    Attributes:
        look: the exercise's result.
        bad_reply: why the frame was no reply, if so; its worker cannot be talked to any more.
    """

    look: Look
    bad_reply: str = ""


@dataclass(frozen=True)
class CellRead:
    """How a cell has ended: what stopped it, if anything did, and ``bad_reply`` as above."""

    failure: Failure | None
    bad_reply: str = ""


@dataclass(frozen=True)
class ShownRead:
    """What a cell has shown, in texts that may be told; what it earns, if it is a test; and ``bad_reply`` as above."""

    shown: CellShown
    question: OwnQuestion | None
    bad_reply: str


@dataclass(frozen=True)
class LookedThrough:
    """What a person should look at."""

    flags: tuple[Flag, ...]


@dataclass(frozen=True)
class Fault:
    """The judge, or the course, has a fault of its own."""

    text: str


@dataclass(frozen=True)
class Verdict:
    """What a judge answers."""

    answer: Judged | CellRead | ShownRead | LookedThrough | Fault
