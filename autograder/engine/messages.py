"""What the grader asks a worker, and what that answers. An answer's types are checked when it arrives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, Self, TypeVar

import numpy as np

from autograder.course.observation import Array, Failure
from autograder.engine.levels import Level, Limits
from autograder.submissions.submission import Cell

T = TypeVar("T")

LONGEST_SHOWN, MOST_PICTURES = 20_000, 4  # of each kind of text below a cell, and of its plots

Standing = Literal["at its test", "at the end"]
StandIns = Literal["there", "away"]


@dataclass(frozen=True)
class CloseIn:
    """Put the sandbox's layers into force, before any of the student's code arrives."""

    limits: Limits
    level: Level
    kind: Literal["close in"] = "close in"


@dataclass(frozen=True)
class SentFile:
    """A file of the student's own.

    Attributes:
        name: its path from the notebook's folder, with ``/``.
        size: how many bytes it has.
        content: them, filled up to whole numbers.
    """

    name: str
    size: int
    content: Array

    @classmethod
    def of(cls, name: str, content: bytes) -> Self:
        """A file as it is sent: frames hold numbers alone."""
        padded = content + bytes(-len(content) % np.dtype(np.int64).itemsize)
        return cls(name, len(content), np.frombuffer(padded, np.int64))


@dataclass(frozen=True)
class Begin:
    """A submission begins.

    Attributes:
        given: code lines of the released notebook.
        device: where student code runs.
        seed: for what its cells draw at random.
        broken: what stopped cells that an earlier worker has run, by their ``grade_id``.
        files: what was handed in beside the notebook.
    """

    given: tuple[str, ...]
    device: str
    seed: int
    broken: Mapping[str, Failure]
    files: tuple[SentFile, ...] = ()
    kind: Literal["begin"] = "begin"


@dataclass(frozen=True)
class LeftOut:
    """A cell that has ended an earlier worker, by its number in the submission, and how."""

    number: int
    cell: Cell
    why: Failure


@dataclass(frozen=True)
class RunCells:
    """Run cells, each within so many seconds; each is answered as soon as it has ended.

    Attributes:
        cells: in order, by their numbers in the submission.
        seconds: for each.
        seconds_in_all: for all of them; where that is used up, little is left for each of the others.
        tests: before which cell each exercise is tested, by its key.
        left_out: the cells that are not run.
    """

    cells: tuple[tuple[int, Cell], ...]
    seconds: float
    seconds_in_all: float = 60.0
    tests: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    kind: Literal["run cells"] = "run cells"


@dataclass(frozen=True)
class Observe:
    """Try an exercise on the probe of this seed within so many seconds.

    Attributes:
        exercise: its key.
        seed: the probe's.
        seconds: that it may take.
        standing: what is tried: what stood at the place of the exercise's test, or what stands after the last cell.
    """

    exercise: str
    seed: int
    seconds: float
    standing: Standing = "at its test"
    kind: Literal["observe"] = "observe"


@dataclass(frozen=True)
class ShowCell:
    """Run a cell as a notebook does, within so many seconds, and say what it shows.

    Attributes:
        number: the cell's number, for tracebacks.
        cell: what to run.
        seconds: that it may take.
        stand_ins: whether the course's are there for names that nothing else has given; tests of an instructor's own
            would mistake them for the student's.
        pictures: how many it may show.
    """

    number: int
    cell: Cell
    seconds: float
    stand_ins: StandIns = "away"
    pictures: int = 0
    kind: Literal["show cell"] = "show cell"


Ask = CloseIn | Begin | RunCells | Observe | ShowCell


@dataclass(frozen=True)
class Request:
    """A question; ``id`` cannot be foreseen, so that no reply can be sent ahead of it."""

    id: str
    ask: Ask


@dataclass(frozen=True)
class Reply(Generic[T]):
    """The answer to the question with that ``id``."""

    id: str
    answer: T


@dataclass(frozen=True)
class Ready:
    """Everything is imported."""


@dataclass(frozen=True)
class WorkerReport:
    """What a worker says of itself before any student code runs.

    Attributes:
        layers: each layer of the sandbox with ``on``, or why it is not.
        python: its version.
        torch: its version.
        no_device: why the device asked for cannot be used, if so.
    """

    layers: Mapping[str, str]
    python: str = ""
    torch: str = ""
    no_device: str = ""


@dataclass(frozen=True)
class Begun:
    """Ready for the submission's cells."""


@dataclass(frozen=True)
class CellRun:
    """A cell has run; why it stopped, if it did."""

    failure: Failure | None


@dataclass(frozen=True)
class CellShown:
    """A cell has run.

    Attributes:
        failure: what stopped it, if anything did.
        value: what its last expression gave, as a notebook writes it; ``None`` where a notebook writes nothing.
        printed: what it wrote to standard output.
        complained: what it wrote to standard error.
        pictures: its plots, as PNG in base64.
    """

    failure: Failure | None = None
    value: str | None = None
    printed: str = ""
    complained: str = ""
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Observed(Generic[T]):
    """An exercise was tried.

    Attributes:
        observation: what was seen; ``None`` where there is nothing.
        timed_out: whether the time was over.
        failed: the exception that ended it, as ``Type: message``; empty if none did.
    """

    observation: T | None = None
    timed_out: bool = False
    failed: str = ""
