"""Submissions in the middle of which a run was killed.

nbgrader passes over whoever has a folder among the autograded ones. A killed run leaves one without marks, so that its
student would keep a zero for good: until it is done, a folder therefore holds a file that says so.
"""

import glob
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

MARK = ".autograding"


def begin(folder: Path) -> Callable[[], None]:
    """Mark an autograded folder as unfinished for as long as this process lives; gives what takes the mark away."""
    folder.mkdir(parents=True, exist_ok=True)
    mark = (folder / MARK).open("w")
    _lock(mark)

    def finish() -> None:
        mark.close()
        (folder / MARK).unlink(missing_ok=True)

    return finish


def remove_unfinished(coursedir: Any) -> list[Path]:
    """Remove the folders that killed runs have left, so that nbgrader goes through their submissions again.

    Args:
        coursedir: nbgrader's; its assignment is looked at.
    """
    pattern = coursedir.format_path(coursedir.autograded_directory, "*", coursedir.assignment_id)
    folders = [Path(name) for name in glob.glob(pattern) if _is_unfinished(Path(name))]  # noqa: PTH207 - may be absolute
    for folder in folders:
        shutil.rmtree(folder)
    return folders


def _is_unfinished(folder: Path) -> bool:
    try:
        with (folder / MARK).open("r+") as mark:
            return _lock(mark)
    except FileNotFoundError:
        return folder.is_dir() and not any(folder.glob("*.ipynb"))  # killed before it came to a notebook


def _lock(mark: IO[str]) -> bool:
    """Hold a file, as long as it is open; whether nobody else does. Where files cannot be held, nobody does."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
