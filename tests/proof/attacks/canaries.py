"""What attacks are after, laid out so that it shows when one gets there: secrets, listeners, a process, a semaphore."""

import ctypes
import re
import secrets
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

SECRET = re.compile(r"canary-[0-9a-f]{12}")
_IPC_PRIVATE, _IPC_RMID, _GETVAL = 0, 0, 12


def secret() -> str:
    """A text that nobody can guess; ``SECRET`` finds it."""
    return f"canary-{secrets.token_hex(6)}"


class Canaries:
    """Things outside the sandbox that nothing inside may reach; a context manager.

    Attributes:
        places: how an attack is told of them.
    """

    def __init__(self, folder: Path, token: str) -> None:
        """Lay them out.

        Args:
            folder: where the socket's file goes; its path must be short.
            token: part of every name that all processes of the machine share.
        """
        self._open = ExitStack()
        self._victim = subprocess.Popen(
            # It ends with this process, whatever becomes of that.
            [sys.executable, "-S", "-c", "import sys; sys.stdin.read()"],
            stdin=subprocess.PIPE,
        )
        self._semaphore = _semaphore()
        path, abstract = folder / "s", f"\0autograder-{token}"
        self._datagrams = [
            self._bound(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            *(self._bound(socket.AF_UNIX, socket.SOCK_DGRAM, name) for name in (str(path), abstract) if _HAS_UNIX),
        ]
        streams = [self._bound(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))]
        if _HAS_UNIX:
            streams.append(self._bound(socket.AF_UNIX, socket.SOCK_STREAM, f"{path}t"))
        for stream in streams:
            stream.listen()
        self._streams = streams
        self.places = {
            "victim": str(self._victim.pid),
            "semaphore": str(self._semaphore),
            "udp": str(self._datagrams[0].getsockname()[1]),
            "tcp": str(streams[0].getsockname()[1]),
            "socket": str(path),
            "abstract": abstract[1:],
        }

    def _bound(self, family: int, kind: int, address: object) -> socket.socket:
        listener = self._open.enter_context(socket.socket(family, kind))
        listener.bind(address)  # type: ignore[arg-type]
        listener.setblocking(False)
        return listener

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._victim.kill()
        self._victim.communicate()
        if self._semaphore >= 0:
            ctypes.CDLL(None).semctl(self._semaphore, 0, _IPC_RMID)
        self._open.close()

    def disturbed(self) -> tuple[str, ...]:
        """What has been reached since the last look."""
        reached = []
        if self._victim.poll() is not None:
            reached.append("another process was killed")
        if self._semaphore >= 0 and ctypes.CDLL(None).semctl(self._semaphore, 0, _GETVAL) < 0:
            reached.append("a semaphore was removed")
        for listener in self._datagrams:
            with suppress(BlockingIOError):
                while True:
                    listener.recv(64)
                    reached.append(f"a message arrived at {_name(listener)}")
        for listener in self._streams:
            with suppress(BlockingIOError):
                while True:
                    listener.accept()[0].close()
                    reached.append(f"a connection arrived at {_name(listener)}")
        return tuple(dict.fromkeys(reached))


_HAS_UNIX = hasattr(socket, "AF_UNIX")


def _name(listener: socket.socket) -> str:
    address = listener.getsockname()
    if isinstance(address, tuple):
        return f"port {address[1]}"
    return "an abstract socket" if isinstance(address, bytes) else "a socket's file"


def _semaphore() -> int:
    """The number of a System V semaphore; negative where there are none."""
    with suppress(OSError, AttributeError):
        return int(ctypes.CDLL(None).semget(_IPC_PRIVATE, 1, 0o600))
    return -1
