"""The folder that a worker may write to, and how much is in it."""

import os
import secrets
import stat
import tempfile
from collections.abc import Generator
from contextlib import closing, suppress
from pathlib import Path
from typing import Self

if os.name == "posix":
    import fcntl

MOST_BYTES = 256 << 20
MOST_FILES = 2000
MOST_DEPTH = 50
_PREFIX = "autograder-scratch-"
_CAN_LOCK = os.name == "posix"


class Scratch:
    """A folder of a worker's; what is in it is a student's, so nothing about it is taken for granted."""

    def __init__(self, path: str) -> None:
        self.path = path

    @classmethod
    def fresh(cls, inside: str) -> Self:
        """A new folder inside another."""
        return cls(tempfile.mkdtemp(dir=inside))

    def overfull(self) -> str:
        """Why the folder holds more than it may; empty where it does not. Looks at no more files than are allowed.

        What cannot be looked at counts as too much. Windows cannot look at a folder that is held open, but nobody's
        code runs there but one's own.
        """
        if os.scandir not in os.supports_fd:
            return ""
        size = 0
        try:
            with closing(_entries(self.path, None)) as entries:
                for number, entry in enumerate(entries, start=1):
                    with suppress(FileNotFoundError):
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if number > MOST_FILES:
                        return f"it had written more than {MOST_FILES:,} files"
                    if size > MOST_BYTES:
                        return f"it had written more than {MOST_BYTES >> 20} MiB"
        except _TooDeep:
            return f"it had nested more than {MOST_DEPTH} folders"
        except OSError as error:
            return f"it had made a folder that cannot be looked into: {error.strerror}"
        return ""

    def remove(self) -> None:
        """Remove the folder, however deep its contents are nested and whatever modes they have been given.

        What lies deeper is first moved up, so that neither recursion nor the length of a path sets a limit.
        """
        top = Path(self.path)
        with suppress(OSError):
            top.chmod(0o700)
            waiting = list(top.iterdir())
            while waiting:
                path = waiting.pop()
                if not _is_folder(path):
                    path.unlink()
                    continue
                path.chmod(0o700)
                for inner in path.iterdir():
                    if _is_folder(inner):
                        inner.chmod(0o700)
                    waiting.append(inner.rename(top / secrets.token_hex(12)))
                path.rmdir()
            top.rmdir()


class ClaimedScratch(Scratch):
    """A folder among the system's temporary ones that belongs to this process as long as that lives.

    It is locked, not named for the process: what another container calls by the same number is another process.
    """

    def __init__(self, path: str, lock: int | None) -> None:
        """Take over a folder and the descriptor that keeps it locked; ``None`` where the platform has no such locks."""
        super().__init__(path)
        self._lock = lock

    @classmethod
    def claim(cls) -> Self:
        """A new folder; those of graders that were killed are removed first."""
        _remove_orphans()
        while True:
            path = tempfile.mkdtemp(prefix=_PREFIX)
            if not _CAN_LOCK:
                return cls(path, None)
            lock = _locked(path)
            # Another grader may have taken it for an orphan, the moment before it was locked.
            if lock is not None and os.path.exists(path):  # noqa: PTH110
                return cls(path, lock)
            if lock is not None:
                os.close(lock)

    def remove(self) -> None:
        """Remove it, whatever it holds, and give it up."""
        super().remove()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


class _TooDeep(Exception):
    """Folders are nested deeper than they may be."""


def _entries(name: str, parent: int | None, depth: int = 0) -> Generator[os.DirEntry[str], None, None]:
    """All that is in a folder, each while the folder that holds it is open: no path needs to lead there."""
    if depth > MOST_DEPTH:
        raise _TooDeep
    with suppress(FileNotFoundError):  # the worker has taken it away again
        folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    yield entry
                    if entry.is_dir(follow_symlinks=False):
                        yield from _entries(entry.name, folder, depth + 1)
        finally:
            os.close(folder)


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)


def _remove_orphans() -> None:
    """Remove the folders of this user's that no living process has claimed."""
    if not _CAN_LOCK:
        return
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if (lock := _locked(str(path))) is not None:
            Scratch(str(path)).remove()
            os.close(lock)


def _locked(path: str) -> int | None:
    """A descriptor that keeps a folder of this user's locked while it is open; ``None`` where somebody else has it."""
    try:
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if os.fstat(folder).st_uid == os.geteuid():
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return folder
    except OSError:
        pass
    os.close(folder)
    return None
