"""Files that were handed in beside a notebook and that it names: own modules, weights, tables."""

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

LARGEST_FILE = 8 << 20
LARGEST_TOGETHER = 16 << 20
MOST_FILES = 20
_MOST_LOOKED_AT = 2000
_MOST_DEPTH = 3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class HelperFile:
    """A file beside a notebook.

    Attributes:
        name: its path from the notebook's folder, with ``/``.
        content: its bytes.
    """

    name: str
    content: bytes

    @property
    def is_module(self) -> bool:
        """Whether it is code of the student's."""
        return self.name.endswith(".py")

    @property
    def text(self) -> str:
        """It as text, whatever its bytes are."""
        return self.content.decode(errors="replace")

    @cached_property
    def digest(self) -> str:
        """SHA-256 of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class HelperFiles:
    """The files that go with a notebook, and what is to be said of those that do not."""

    files: tuple[HelperFile, ...] = ()
    remarks: tuple[str, ...] = ()


def helper_files(folder: Path, sources: Sequence[str]) -> HelperFiles:
    """The files of a student's own folder that the code names, and those that the modules among them name in turn.

    Only plain files, no links; a bounded number of bounded size. Files that nobody names stay behind: whatever else
    lies in a folder has no part in what is graded.

    Args:
        folder: the notebook's folder; it has to be the student's alone.
        sources: the notebook's code.
    """
    waiting = dict(sorted(_plain_files(folder)))
    files: list[HelperFile] = []
    remarks: list[str] = []
    texts = list(sources)
    while texts:
        text = "\n".join(texts)
        words = frozenset(_WORD.findall(text))
        texts = []
        for name in [name for name in waiting if _is_named(name, text, words)]:
            path = waiting.pop(name)
            content = _read(path)
            taken = sum(len(one.content) for one in files)
            if content is None or len(files) == MOST_FILES or taken + len(content) > LARGEST_TOGETHER:
                remarks.append(
                    f"{name} stayed behind: files beside a notebook are read up to {LARGEST_FILE >> 20} MB each, "
                    f"{MOST_FILES} files and {LARGEST_TOGETHER >> 20} MB in all"
                )
                continue
            files.append(one := HelperFile(name, content))
            texts += [one.text] if one.is_module else []
    return HelperFiles(tuple(files), tuple(remarks))


def _is_named(name: str, text: str, words: frozenset[str]) -> bool:
    path = PurePosixPath(name)
    if path.suffix != ".py":
        return path.name in text
    return (path.parent.name if path.stem == "__init__" else path.stem) in words


def _plain_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The plain files of a folder and of those inside it, by their paths from there."""
    looked_at = 0
    for here, folders, files in os.walk(folder):
        relative = Path(here).relative_to(folder)
        if relative.parts and any(name.endswith(".ipynb") for name in files):  # of another hand-in, for all one knows
            folders.clear()
            continue
        deep = len(relative.parts) >= _MOST_DEPTH
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith((".", "__pycache__")))
        for name in sorted(files):
            looked_at += 1
            if looked_at > _MOST_LOOKED_AT:
                return
            if not name.startswith(".") and not name.endswith((".ipynb", ".pyc")):
                with suppress(OSError, UnicodeEncodeError):
                    path = Path(here, name)
                    (relative / name).as_posix().encode()
                    if stat.S_ISREG(path.lstat().st_mode):
                        yield (relative / name).as_posix(), path


def _read(path: Path) -> bytes | None:
    """A plain file's bytes; ``None`` where it is too large or cannot be read."""
    try:
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(opened, "rb") as file:  # noqa: PTH123 - a descriptor
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                return None
            content = file.read(LARGEST_FILE + 1)
    except OSError:
        return None
    return content if len(content) <= LARGEST_FILE else None
