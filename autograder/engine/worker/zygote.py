"""The zygote: a process with everything imported, from which a worker is forked in milliseconds.

It runs nothing of any student's, has one worker at a time, and ends when the grader closes its control socket. Requests
and replies on that socket are one JSON object a packet: ``fork`` (with the worker's end of its channel) and ``end``.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from autograder.course.course import Course
from autograder.course.installed import find_course
from autograder.engine.scratch import Scratch
from autograder.engine.worker import sandbox
from autograder.engine.worker.worker import Worker, preload

MOST_THREADS = 64
_POLL_SECONDS = 0.1
_LARGEST_PACKET = 1 << 16
_LARGEST_DESCRIPTOR = 1 << 16


class Zygote:
    """Forks workers and reaps them, as the grader asks."""

    def __init__(self, course: Course, control: socket.socket) -> None:
        self._course = course
        self._control = control
        self._worker = 0

    def serve(self) -> None:
        """Answer until the grader closes the control socket."""
        answers = {"fork": self._fork, "end": self._end}
        while True:
            while not select.select([self._control], [], [], _POLL_SECONDS)[0]:
                self._end_a_flood_of_threads()
            packet, descriptors, _, _ = socket.recv_fds(self._control, _LARGEST_PACKET, 1)
            if not packet:
                self._reap()
                return
            reply = answers[json.loads(packet)["op"]](descriptors)
            self._control.send(json.dumps(reply).encode())

    def _fork(self, descriptors: list[int]) -> dict[str, Any]:
        (channel,) = descriptors
        if (threads := len(list(Path("/proc/self/task").iterdir()))) != 1:
            return {"fault": f"it runs {threads} threads, so that what is forked from it would hang"}
        zygote = os.getpid()
        self._worker = os.fork()
        if self._worker == 0:
            _become_worker(self._course, channel, zygote)
        os.close(channel)
        return {"pid": self._worker}

    def _end_a_flood_of_threads(self) -> None:
        """Kill a worker that takes the processors away from everybody else's."""
        with suppress(OSError, ValueError):
            stat = Path(f"/proc/{self._worker}/stat").read_text(errors="replace")
            if self._worker and int(stat.rpartition(")")[2].split()[17]) > MOST_THREADS:
                os.kill(self._worker, signal.SIGKILL)

    def _end(self, _descriptors: list[int]) -> dict[str, Any]:
        status, cpu_seconds = self._reap()
        return {"status": status, "cpu_seconds": cpu_seconds}

    def _reap(self) -> tuple[int, float]:
        """Kill the worker, and whatever has been left to this process to look after; its status and seconds."""
        if not self._worker:
            return 0, 0.0
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._worker, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(self._worker, signal.SIGKILL)
        _, status, used = os.wait4(self._worker, 0)
        self._worker = 0
        while orphans := _children():
            for orphan in orphans:
                with suppress(ProcessLookupError):
                    os.kill(orphan, signal.SIGKILL)
                with suppress(ChildProcessError):
                    os.waitpid(orphan, 0)
        return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime


def _children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()]


def _become_worker(course: Course, channel: int, zygote: int) -> NoReturn:
    """In the forked process: keep the channel alone, and serve on it until the grader closes it."""
    status = 70
    try:
        sandbox.die_with_parent(zygote)
        os.setsid()
        os.closerange(3, channel)
        os.closerange(channel + 1, _LARGEST_DESCRIPTOR)
        gc.enable()
        grader = socket.socket(fileno=channel)
        Worker(course, grader.recv, grader.sendall).serve()
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    """Import everything, say so, and serve on a socket; then clear a folder away, unless the grader has done so.

    The arguments are the socket's number, the folder and the course's key.
    """
    with socket.socket(fileno=int(sys.argv[1])) as control:
        course = find_course(sys.argv[3])
        preload(course)
        sandbox.adopt_orphans()
        # A collection in a worker would touch, and so copy, every page that it shares with its siblings.
        gc.collect()
        gc.freeze()
        gc.disable()
        control.send(json.dumps({"ready": True}).encode())
        Zygote(course, control).serve()
    Scratch(sys.argv[2]).remove()
    os._exit(0)  # taking down all that was imported would take longer than what it did


if __name__ == "__main__":
    main()
