"""The grader's end of a zygote and of the workers forked from it."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from autograder.course.course import Course
from autograder.engine import bubblewrap, wire
from autograder.engine.channel import START_SECONDS, ExitReport, WorkerNotStarted, WorkerTimeout, ZygoteLost
from autograder.engine.interpreter import ENVIRONMENT, PYTHON
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.engine.patience import Patience
from autograder.engine.scratch import ClaimedScratch
from autograder.engine.wire import Frame

LARGEST_PACKET = 1 << 16
_POLL_SECONDS = 0.25
_CONTROL_SECONDS = 30.0
_EXIT_SECONDS = 2.0


class ZygoteProcess:
    """A running zygote. One thread at a time uses it; ``kill`` is safe from any."""

    def __init__(self, course: Course, level: Level) -> None:
        self._course, self._level = course, level
        self._ready = self._killed = False
        self._home = ClaimedScratch.claim()
        around = bubblewrap.around(level, course, self._home.path)
        self.outer_layers: Mapping[str, str] = around.layers
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [
                    *around.command,
                    *PYTHON,
                    "-m",
                    "autograder.engine.worker.zygote",
                    str(theirs.fileno()),
                    self._home.path,
                    course.key,
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**ENVIRONMENT, "TMPDIR": self._home.path},
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process that was started: the zygote, or bubblewrap around it."""
        return self._process.pid

    def suits(self, options: Options) -> bool:
        """Whether it still runs, for the options' course and with what their level wants around it."""
        runs = not self._killed and self._process.poll() is None
        return runs and (self._course, self._level) == (options.course, options.level)

    def worker(self) -> "ForkedLink":
        """A new worker; the one before has been ended.

        Raises:
            ZygoteLost: the zygote is gone.
            WorkerNotStarted: it does not start.
            OSError: the system has no room for another process.
        """
        self._wait_until_ready()
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                reply = self._request({"op": "fork"}, (theirs.fileno(),))
        except BaseException:
            ours.close()
            raise
        return ForkedLink(self, ours, reply["scratch"])

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        try:
            self._reply(START_SECONDS)
        except ZygoteLost as failure:
            raise WorkerNotStarted(str(failure)) from None
        self._ready = True

    def end_worker(self) -> ExitReport:
        """Have the worker killed and reaped.

        Raises:
            ZygoteLost: the zygote is gone, and the worker with it.
        """
        reply = self._request({"op": "end"})
        status = reply["status"]
        how = f"ended by signal {-status}" if status < 0 else f"ended with status {status}"
        return ExitReport(reply["overfull"] or how, float(reply["cpu_seconds"]))

    def kill(self) -> None:
        """Kill it; its worker dies with it."""
        self._killed = True  # and lend it to nobody while the system has not buried it yet
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def close(self) -> None:
        """Have it end, and clear away what it leaves; one that does not end is killed."""
        self._control.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_EXIT_SECONDS)
        self.kill()
        self._process.wait()
        self._home.remove()

    def _request(self, request: Mapping[str, Any], descriptors: tuple[int, ...] = ()) -> Mapping[str, Any]:
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors)
        except OSError as error:
            raise ZygoteLost(f"its zygote is gone: {error.strerror}") from None
        return self._reply(_CONTROL_SECONDS)

    def _reply(self, seconds: float) -> Mapping[str, Any]:
        self._control.settimeout(seconds)
        try:
            packet = self._control.recv(LARGEST_PACKET)
        except OSError as error:
            self.kill()
            raise ZygoteLost(f"its zygote gave no answer: {error}") from None
        if not packet:
            self.kill()
            raise ZygoteLost("its zygote has ended")
        reply: Mapping[str, Any] = json.loads(packet)
        if "fault" in reply:
            self.kill()
            raise ZygoteLost(f"no worker can be forked: {reply['fault']}")
        return reply


class ForkedLink:
    """A worker forked from a zygote, on a socket."""

    def __init__(self, zygote: ZygoteProcess, channel: socket.socket, scratch: str) -> None:
        self._zygote = zygote
        self._channel = channel
        self._scratch = scratch
        self._exit: ExitReport | None = None

    @property
    def scratch(self) -> str:
        """The folder that the worker may write to; its zygote has made it, and looks after it."""
        return self._scratch

    @property
    def outer_layers(self) -> Mapping[str, str]:
        """What stands around the zygote."""
        return self._zygote.outer_layers

    def send(self, frame: Frame, patience: Patience) -> None:
        """Send a frame.

        Raises:
            OSError: the other side is gone, or reads nothing.
        """
        with patience.waiting(patience.left) as seconds:
            self._channel.settimeout(seconds)
            wire.send(self._channel.sendall, frame)

    def receive(self, patience: Patience) -> Frame:
        """Wait for a frame.

        Raises:
            WorkerTimeout: none came in time.
            Closed: the other side is gone.
            WireError: it is no frame.
        """

        def read(size: int) -> bytes:
            while patience.left > 0:
                with patience.waiting(_POLL_SECONDS) as seconds:
                    self._channel.settimeout(seconds)
                    try:
                        return self._channel.recv(size)
                    except TimeoutError:
                        continue
                    except ConnectionResetError:
                        return b""
            raise WorkerTimeout("no answer in time")

        return wire.receive(read)

    def end(self) -> ExitReport:
        """Have the worker killed and reaped; its folder goes, too.

        Raises:
            ZygoteLost: the zygote is gone, and the worker with it.
        """
        if self._exit is None:
            try:
                self._exit = self._zygote.end_worker()
            finally:
                self._channel.close()
        return self._exit
