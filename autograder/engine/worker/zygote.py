"""The zygote: a process with everything imported, from which a worker is forked in milliseconds.

It runs nothing of any student's, has one worker at a time, and ends when the grader closes its control socket. Requests
and replies on that socket are one JSON object a packet: ``fork`` (with the worker's end of its channel) and ``end``. It
makes the folder that its worker writes to, and looks after it: inside of bubblewrap nobody else can.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from autograder.course.course import Course
from autograder.course.installed import find_course
from autograder.engine.sandbox import process
from autograder.engine.scratch import Scratch
from autograder.engine.worker import huge_pages
from autograder.engine.worker.worker import Worker, preload

MOST_THREADS = 64
_POLL_SECONDS = 0.1
_LARGEST_PACKET = 1 << 16
_LARGEST_DESCRIPTOR = 1 << 16


@dataclass
class _Running:
    """A worker that has been forked.

    Attributes:
        pid: its process.
        scratch: its folder.
        overfull: why it was killed for what it wrote there; empty if it was not.
    """

    pid: int
    scratch: Scratch
    overfull: str = ""


class Zygote:
    """Forks workers and reaps them, as the grader asks."""

    def __init__(self, course: Course, control: socket.socket, home: str) -> None:
        self._course = course
        self._control = control
        self._home = home
        self._worker: _Running | None = None

    def serve(self) -> None:
        """Answer until the grader closes the control socket."""
        answers = {"fork": self._fork, "end": self._end}
        while True:
            while not select.select([self._control], [], [], _POLL_SECONDS)[0]:
                self._end_a_flood()
            packet, descriptors, _, _ = socket.recv_fds(self._control, _LARGEST_PACKET, 1)
            if not packet:
                self._end([])
                return
            reply = answers[json.loads(packet)["op"]](descriptors)
            self._control.send(json.dumps(reply).encode())

    def _fork(self, descriptors: list[int]) -> dict[str, Any]:
        (channel,) = descriptors
        if (threads := len(list(Path("/proc/self/task").iterdir()))) != 1:
            return {"fault": f"it runs {threads} threads, so that what is forked from it would hang"}
        scratch = Scratch.fresh(self._home)
        zygote = os.getpid()
        if (pid := os.fork()) == 0:
            _become_worker(self._course, channel, zygote)
        self._worker = _Running(pid, scratch)
        os.close(channel)
        return {"scratch": scratch.path}

    def _end_a_flood(self) -> None:
        """Kill a worker that takes the processors away from everybody else's, or the disk."""
        worker = self._worker
        if worker is None or worker.overfull:
            return
        worker.overfull = worker.scratch.overfull()
        if worker.overfull or _threads(worker.pid) > MOST_THREADS:
            os.kill(worker.pid, signal.SIGKILL)

    def _end(self, _descriptors: list[int]) -> dict[str, Any]:
        worker, self._worker = self._worker, None
        if worker is None:
            return {"status": 0, "cpu_seconds": 0.0, "overfull": ""}
        status, cpu_seconds = _end(worker)
        return {"status": status, "cpu_seconds": cpu_seconds, "overfull": worker.overfull}


def _end(worker: _Running) -> tuple[int, float]:
    """Kill the worker and whatever has been left to this process to look after, and remove its folder.

    Returns:
        Its status and its seconds.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(worker.pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.kill(worker.pid, signal.SIGKILL)
    _, status, used = os.wait4(worker.pid, 0)
    while orphans := _children():
        for orphan in orphans:
            with suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(orphan, 0)
    worker.scratch.remove()
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime


def _threads(pid: int) -> int:
    """How many threads a process runs; none where it is gone."""
    with suppress(OSError, ValueError):
        return int(Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[17])
    return 0


def _children() -> list[int]:
    return [int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()]


def _become_worker(course: Course, channel: int, zygote: int) -> NoReturn:
    """In the forked process: keep the channel alone, and serve on it until the grader closes it."""
    status = 70
    try:
        process.die_with_parent(zygote)
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
        process.adopt_orphans()
        # A collection in a worker would touch, and so copy, every page that it shares with its siblings.
        gc.collect()
        gc.freeze()
        gc.disable()
        huge_pages.gather()
        control.send(json.dumps({"ready": True}).encode())
        Zygote(course, control, sys.argv[2]).serve()
    Scratch(sys.argv[2]).remove()
    os._exit(0)  # taking down all that was imported would take longer than what it did


if __name__ == "__main__":
    main()
