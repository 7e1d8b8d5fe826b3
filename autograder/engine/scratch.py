"""The folder that a worker may write to, and how much is in it."""

import os
import secrets
import stat
import tempfile
from contextlib import suppress

MOST_BYTES = 256 << 20
MOST_FILES = 2000


class Scratch:
    """A fresh folder of a worker's; what is in it is a student's, so nothing about it is taken for granted."""

    def __init__(self, inside: str | None = None) -> None:
        self.path = tempfile.mkdtemp(prefix="autograder-", dir=inside)

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
        with suppress(OSError):
            waiting = [os.path.join(self.path, name) for name in os.listdir(self.path)]
            while waiting:
                path = waiting.pop()
                if not stat.S_ISDIR(os.lstat(path).st_mode):
                    os.unlink(path)
                    continue
                os.chmod(path, 0o700)
                for name in os.listdir(path):
                    inner, moved = os.path.join(path, name), os.path.join(self.path, secrets.token_hex(12))
                    if stat.S_ISDIR(os.lstat(inner).st_mode):
                        os.chmod(inner, 0o700)
                    os.rename(inner, moved)
                    waiting.append(moved)
                os.rmdir(path)
            os.rmdir(self.path)
