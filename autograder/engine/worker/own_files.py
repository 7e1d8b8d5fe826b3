"""A copy of the student's own files in the folder that the worker works in, to read and not to change."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from autograder.engine.messages import SentFile

_READ_ONLY = 0o444


def put_down(files: Iterable[SentFile]) -> None:
    """Write files below the working folder, and have Python find modules there, as it does in a notebook."""
    here = Path.cwd()
    for file in files:
        path = here / file.name
        if here not in path.resolve().parents:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with open(os.open(path, flags, _READ_ONLY), "wb") as opened:  # noqa: PTH123 - a descriptor
            opened.write(file.content.tobytes()[: file.size])
    if str(here) not in sys.path:
        sys.path.insert(0, str(here))
