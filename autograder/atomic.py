"""Files that are never seen half-written."""

import os
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

_PART = ".part"
_ABANDONED_SECONDS = 600.0


def sweep(folder: Path) -> None:
    """Remove what a writer that was killed has left in a folder.

    Raises:
        OSError: the folder cannot be read or written to.
    """
    for path in folder.glob(".*" + _PART):
        # Another writer may be done with it, or sweep as well. Files know the wall clock alone; where that jumps,
        # a file is swept later, or one that is being written right now is missed and its student graded again.
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                path.unlink()


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file in one step: whole, or not at all; text as UTF-8. A file that is replaced keeps its permissions.

    Raises:
        OSError: the folder cannot be written to, or the disk is full.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}{_PART}")
    try:
        with temporary.open("xb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
