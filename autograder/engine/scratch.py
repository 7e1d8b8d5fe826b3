"""The folder that a worker may write to, and how much is in it."""

import os
import secrets
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Self

MOST_BYTES = 256 << 20
MOST_FILES = 2000


class Scratch:
    """A folder of a worker's; what is in it is a student's, so nothing about it is taken for granted."""

    def __init__(self, path: str) -> None:
        self.path = path

    @classmethod
    def fresh(cls, inside: str | None = None) -> Self:
        """A new folder, inside a given one or among the system's temporary ones."""
        return cls(tempfile.mkdtemp(prefix="autograder-", dir=inside))

    def overfull(self) -> str:
        """Why the folder holds more than it may; empty where it does not. Looks at no more files than are allowed."""
        files = size = 0
        folders = [self.path]
        while folders:
            try:
                with os.scandir(folders.pop()) as entries:
                    for entry in entries:
                        files += 1
                        if files > MOST_FILES:
                            return f"it had written more than {MOST_FILES:,} files"
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.path)
                        else:
                            size += entry.stat(follow_symlinks=False).st_blocks * 512
            except OSError:  # what the worker has just taken away again, closed to all, or nested too deep to name
                continue
        return f"it had written more than {MOST_BYTES >> 20} MiB" if size > MOST_BYTES else ""

    def remove(self) -> None:
        """Remove the folder, however deep its contents are nested and whatever modes they have been given.

        What lies deeper is first moved up, so that neither recursion nor the length of a path sets a limit.
        """
        top = Path(self.path)
        with suppress(OSError):
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


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)
