"""A conversation with one worker, the grader's end: requests, replies, deadlines, and what may go wrong.

WorkerFailed       the worker gave no usable answer
├── WorkerTimeout  it did not answer in time
├── WorkerDied     its process ended
└── BadReply       its answer was no answer of the protocol
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from autograder.engine import wire
from autograder.engine.levels import Level, Limits, missing
from autograder.engine.messages import Ask, CloseIn, Reply, Request, WorkerReport
from autograder.engine.options import Options
from autograder.engine.patience import Patience
from autograder.engine.wire import Frame
from autograder.errors import GraderFault, UsageError

START_SECONDS = 120.0

T = TypeVar("T")


class WorkerFailed(Exception):
    """The worker gave no usable answer."""


class WorkerTimeout(WorkerFailed):
    """The worker did not answer in time."""


class WorkerDied(WorkerFailed):
    """The worker's process ended."""


class BadReply(WorkerFailed):
    """The worker's answer was no answer of the protocol."""


class ZygoteLost(GraderFault):
    """The process that the worker was forked from is gone, and the worker with it, through no doing of its own."""


class WorkerNotStarted(GraderFault):
    """A process for student code did not come up. Nothing of any student's ran in it, so that another can be tried."""

    def __init__(self, why: str) -> None:
        super().__init__(f"a worker process could not be started ({why}); `autograder doctor` may tell why")


class SandboxMissing(UsageError):
    """A layer that the run requires is not in force."""

    def __init__(self, layers: Mapping[str, str]) -> None:
        reports = "; ".join(f"{name}: {report}" for name, report in layers.items())
        super().__init__(
            f"this machine lacks what `--sandbox strict` requires ({reports}). Grade on Linux or in a Linux container, "
            "or use `--sandbox best`; `--sandbox none` is for your own code only"
        )


class DeviceMissing(UsageError):
    """The device that was asked for cannot be used."""

    def __init__(self, device: str, why: str) -> None:
        super().__init__(
            f"this machine cannot grade with `--device {device}` ({why}); leave it out to grade on the CPU"
        )


@dataclass(frozen=True)
class ExitReport:
    """How a worker's process ended, in words, and its processor time in seconds."""

    how: str
    cpu_seconds: float


@dataclass(frozen=True)
class UnreadReply:
    """What a worker has sent, and the ``id`` of the request that it should be the reply to."""

    request: str
    frame: Frame

    def says(self, answer: object) -> bool:
        """Whether it is this answer, to the byte; nothing in it has to be read for that."""
        return self.frame == wire.encode(Reply(self.request, answer))


class Link(Protocol):
    """The way to one worker's process, however it was started."""

    @property
    def scratch(self) -> str:
        """The folder that the worker may write to."""

    @property
    def outer_layers(self) -> Mapping[str, str]:
        """The layers that were put around the worker from outside."""

    def send(self, frame: Frame, patience: Patience) -> None:
        """Send a frame.

        Raises:
            OSError: the other side is gone, or reads nothing.
        """

    def receive(self, patience: Patience) -> Frame:
        """Wait for a frame.

        Raises:
            WorkerTimeout: none came in time.
            WorkerDied: the worker wrote more than it may.
            Closed: the other side is gone.
            WireError: it is no frame.
        """

    def end(self) -> ExitReport:
        """Kill the process and whatever it has started, and wait until it is gone; may be called twice.

        Raises:
            ZygoteLost: it was lost with what it was forked from.
        """


class Worker:
    """A worker in its sandbox: asks it, and waits no longer than it may.

    Attributes:
        report: what the worker says of itself.
        cpu_seconds: its processor time, once it has ended.
    """

    def __init__(self, link: Link, options: Options) -> None:
        """Put the worker into its sandbox, before it is sent any student code.

        Raises:
            WorkerNotStarted: it ended before it was ready.
            SandboxMissing: a required layer is not in force.
            DeviceMissing: torch cannot use the device asked for.
        """
        self._link = link
        self.cpu_seconds = 0.0
        course = str(options.course.folder)
        limits = Limits(link.scratch, course, options.memory_mib, int(options.timeout) + 60, options.device)
        try:
            report = self.ask(CloseIn(limits, options.level), WorkerReport, START_SECONDS)
        except WorkerFailed as failure:
            raise WorkerNotStarted(str(failure)) from None
        if report.no_device:
            raise DeviceMissing(options.device, report.no_device)
        layers = report.layers if options.level is Level.NONE else {**link.outer_layers, **report.layers}
        if lacking := missing(options.level, layers):
            raise SandboxMissing(lacking)
        self.report = replace(report, layers=layers)

    def end(self) -> None:
        """Kill the worker and whatever it has started.

        Raises:
            ZygoteLost: it was lost with what it was forked from.
        """
        self.cpu_seconds = self._link.end().cpu_seconds

    def ask(self, question: Ask, answer: type[T], seconds: float) -> T:
        """Send a request and read its reply; only before the worker has any student code, which might speak for it.

        Args:
            question: what to ask.
            answer: the type of what is answered.
            seconds: to wait.

        Raises:
            WorkerFailed: as ``exchange``.
            BadReply: the reply is none.
            ZygoteLost: as ``exchange``.
        """
        reply = self.exchange(question, Patience(seconds))
        try:
            read = wire.decode(reply.frame, Reply[answer])  # type: ignore[valid-type]
        except wire.WireError as error:
            self._link.end()
            raise BadReply(str(error)) from None
        if read.id != reply.request:
            self._link.end()
            raise BadReply("the answer does not belong to the question")
        return read.answer

    def exchange(self, question: Ask, patience: Patience) -> UnreadReply:
        """Send a request and wait for its reply; see ``send`` and ``reply_to``."""
        return self.reply_to(self.send(question, patience), patience)

    def send(self, question: Ask, patience: Patience) -> str:
        """Send a request.

        Args:
            question: what to ask.
            patience: how long the worker may take to accept it.

        Returns:
            The request's ``id``.

        Raises:
            WorkerDied: the process ended.
            ZygoteLost: the worker was lost through no doing of its own.
        """
        request = Request(secrets.token_hex(8), question)
        with self._failures():
            self._link.send(wire.encode(request), patience)
        return request.id

    def reply_to(self, request: str, patience: Patience) -> UnreadReply:
        """Wait for a reply, unread.

        Args:
            request: the ``id`` of the request.
            patience: how long to wait.

        Raises:
            WorkerTimeout: no reply in time; the worker is dead then.
            WorkerDied: the process ended.
            BadReply: what came back is no frame.
            ZygoteLost: the worker was lost through no doing of its own.
        """
        with self._failures():
            return UnreadReply(request, self._link.receive(patience))

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Ends the worker where it does not answer as it should, and says how that was."""
        try:
            yield
        except WorkerTimeout:
            self._link.end()
            raise
        except (OSError, wire.Closed):
            raise WorkerDied(self._link.end().how) from None
        except wire.WireError as error:
            self._link.end()
            raise BadReply(str(error)) from None
