"""The system calls that a program is refused: it runs under the filter, and another process refuses and writes down.

Nothing is refused by it that is not refused to a worker, nor the other way round.
"""

import errno
import fcntl
import json
import os
import select
import socket
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import NoReturn

from autograder.engine.sandbox import calls, seccomp

_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_NOTICE = struct.Struct("=QIIiIQ6Q")
_ANSWER = struct.Struct("=QqiI")
_LARGEST_LIST = 1 << 16
_SHOWN_ARGUMENTS = 4


def refusals(program: Callable[[], object], device: str = "cpu") -> tuple[str, ...]:
    """What a program is refused, each call once, with its arguments where it is allowed with others.

    To be called from a process of one thread that ends soon: threads that the program leaves stay under the filter.

    Args:
        program: what to run; what it raises is passed over.
        device: where it computes.

    Raises:
        OSError: this machine has no seccomp that could tell.
    """
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        ours.close()
        _refuse_all(theirs, device)
    theirs.close()
    with ours, ThreadPoolExecutor(1) as thread:
        # The thread's own messages would wait for a refusal; this one's are not filtered.
        listener = thread.submit(seccomp.listen, device).result()
        socket.send_fds(ours, [b"refuse"], [listener])
        os.close(listener)
        with suppress(Exception):
            thread.submit(program).result()
        ours.shutdown(socket.SHUT_WR)
        said = ours.recv(_LARGEST_LIST, socket.MSG_WAITALL)
    return tuple(json.loads(said))


def _refuse_all(channel: socket.socket, device: str) -> NoReturn:
    """In a process of its own: refuse what is asked for until the other side has ended, then say what it was."""
    try:
        _, (listener,), _, _ = socket.recv_fds(channel, 16, 1)
        names = {number: name for name, number in seccomp.machine().numbers.items()}
        filtered = {name for name, conditions in calls.rules(device).allowed.items() if conditions}
        refused: dict[str, None] = {}
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        poll.register(channel, select.POLLIN)
        while True:
            ready = [descriptor for descriptor, seen in poll.poll() if seen & select.POLLIN]
            if channel.fileno() in ready:
                break
            if listener not in ready:  # nobody is under the filter any more
                poll.unregister(listener)
                continue
            number, arguments = _refuse_one(listener)
            name = names.get(number, str(number))
            refused[f"{name}({', '.join(map(hex, arguments))})" if name in filtered else name] = None
        channel.sendall(json.dumps(list(refused)).encode())
    finally:
        os._exit(0)


def _refuse_one(listener: int) -> tuple[int, tuple[int, ...]]:
    """Answer a call that waits with EPERM; its number and first arguments."""
    notice = bytearray(_NOTICE.size)
    fcntl.ioctl(listener, _RECEIVE, notice)
    which, _process, _flags, number, _machine, _place, *arguments = _NOTICE.unpack(notice)
    fcntl.ioctl(listener, _SEND, bytearray(_ANSWER.pack(which, 0, -errno.EPERM, 0)))
    return number, tuple(arguments[:_SHOWN_ARGUMENTS])
