"""A conversation with one worker, the grader's end: requests, replies, deadlines, and what may go wrong."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from autograder.engine import wire
from autograder.engine.levels import Level, Limits, missing
from autograder.engine.options import Options
from autograder.engine.wire import Message
from autograder.errors import GraderFault, UsageError

START_SECONDS = 120.0


class WorkerFailed(Exception):
    """The worker gave no usable answer."""


class Late(WorkerFailed):
    """The worker did not answer in time."""


class Died(WorkerFailed):
    """The worker's process ended."""


class Malformed(WorkerFailed):
    """The worker's answer was no answer of the protocol."""


class WorkerTaken(Exception):
    """The worker was lost through no doing of its own: what it was forked from is gone."""


class SandboxMissing(UsageError):
    """A layer that the run requires is not in force."""

    def __init__(self, layers: Mapping[str, str]) -> None:
        said = "; ".join(f"{name}: {report}" for name, report in layers.items())
        super().__init__(
            f"this machine lacks what `--sandbox strict` requires ({said}). Grade on Linux or in a Linux container, or "
            "use `--sandbox best`; `--sandbox none` is for your own code only"
        )


class DeviceMissing(UsageError):
    """The device that was asked for cannot be used."""

    def __init__(self, device: str, why: str) -> None:
        super().__init__(
            f"this machine cannot grade with `--device {device}` ({why}); leave it out to grade on the CPU"
        )


@dataclass(frozen=True)
class Entered:
    """What a worker says of itself before any student code runs."""

    layers: Mapping[str, str]
    python: str
    torch: str


@dataclass(frozen=True)
class Ending:
    """How a worker's process ended, in words, and its processor time in seconds."""

    how: str
    cpu_seconds: float


class Link(Protocol):
    """The way to one worker's process, however it was started."""

    @property
    def scratch(self) -> str:
        """The folder that the worker may write to."""

    @property
    def outer_layers(self) -> Mapping[str, str]:
        """The layers that were put around the worker from outside."""

    def send(self, message: Message, deadline: float) -> None:
        """Send a frame.

        Raises:
            OSError: the other side is gone, or reads nothing.
        """

    def receive(self, deadline: float) -> Message:
        """Wait for a frame.

        Raises:
            Late: none came in time.
            Closed: the other side is gone.
            WireError: it is no frame.
        """

    def end(self) -> Ending:
        """Kill the process and whatever it has started, and wait until it is gone; may be called twice.

        Raises:
            WorkerTaken: it was lost with what it was forked from.
        """


class Worker:
    """A worker that is closed in: asks it, and waits no longer than it was told to.

    Attributes:
        entered: what the worker said of itself.
        cpu_seconds: its processor time, once it has ended.
    """

    def __init__(self, link: Link, options: Options) -> None:
        """Close the worker in, before it is sent anything of a student's.

        Raises:
            GraderFault: it could not be started.
            SandboxMissing: a required layer is not in force.
            DeviceMissing: torch cannot use the device asked for.
        """
        self._link = link
        self.cpu_seconds = 0.0
        limits = Limits(link.scratch, options.memory_mib, int(options.timeout) + 60, options.device)
        try:
            reply = self.ask("enter", START_SECONDS, limits=asdict(limits), level=options.level.value)
            if (why := reply.head.get("no_device")) is not None:
                raise DeviceMissing(options.device, str(why))
            own = {str(name): str(report) for name, report in reply.head["layers"].items()}
            python, torch = str(reply.head["python"]), str(reply.head["torch"])
        except (WorkerFailed, KeyError, AttributeError) as failure:
            why = "`autograder doctor` may tell why"
            raise GraderFault(f"a worker process could not be started ({failure}); {why}") from None
        layers = own if options.level is Level.NONE else {**link.outer_layers, **own}
        if lacking := missing(options.level, layers):
            raise SandboxMissing(lacking)
        self.entered = Entered(layers, python, torch)

    def end(self) -> None:
        """Kill the worker and whatever it has started.

        Raises:
            WorkerTaken: it was lost with what it was forked from.
        """
        self.cpu_seconds = self._link.end().cpu_seconds

    def ask(self, operation: str, wait: float, **parameters: Any) -> Message:
        """Send a request and wait for its reply.

        Raises:
            Late: no reply within that many seconds; the worker is dead then.
            Died: the process ended.
            Malformed: the reply is none.
            WorkerTaken: the worker was lost through no doing of its own.
        """
        deadline = time.monotonic() + wait
        # Unpredictable, so that no reply can be sent ahead of its question.
        nonce = secrets.token_hex(8)
        try:
            self._link.send(Message({"op": operation, "id": nonce, **parameters}), deadline)
            reply = self._link.receive(deadline)
        except Late:
            self._link.end()
            raise
        except (OSError, wire.Closed):
            raise Died(self._link.end().how) from None
        except wire.WireError as error:
            self._link.end()
            raise Malformed(str(error)) from None
        if reply.head.get("id") != nonce:
            self._link.end()
            raise Malformed("the answer does not belong to the question")
        return reply
