"""A file that was handed in, and the place that it has for whoever reads about it."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

# What operating systems, archivers and interpreters leave in folders that nobody has handed in.
_LEFT_BEHIND = {"__macosx", "__pycache__", "thumbs.db", "desktop.ini"}
_NOTEBOOK_ENDS = (".ipynb", ".ipynb.json", ".ipynb.txt")  # browsers add the last part where they do not know the first


@dataclass(frozen=True)
class Place:
    """A file or folder.

    Attributes:
        path: where it lies on this machine.
        source: where it lies in the folder of submissions; an archive on the way is a part of it like a folder.
    """

    path: Path
    source: PurePosixPath

    def inside(self, name: str) -> "Place":
        """What lies in the folder under that name."""
        return Place(self.path / name, self.source / name)


def absolute(path: Path) -> Path:
    """The path from the root. A link is not followed: its target may be somebody else's."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def is_folder(path: Path) -> bool:
    """Whether it is a folder of its own; a link to one leads to what may be somebody else's."""
    return os.path.isdir(path) and not os.path.islink(path)  # noqa: PTH112, PTH114 - Path's may raise


def is_visible(name: str) -> bool:
    """Whether somebody has handed it in, as far as its name says."""
    return not name.startswith(".") and name.casefold().strip() not in _LEFT_BEHIND


def is_notebook(name: str) -> bool:
    """Whether a file's name is that of a notebook, also as a browser may have saved it."""
    return name.casefold().endswith(_NOTEBOOK_ENDS)


def is_archive(name: str) -> bool:
    """Whether a file's name is that of an archive that is unpacked."""
    return name.casefold().endswith(".zip")


def notebook_stem(name: str) -> str:
    """A notebook's name without what makes it a notebook's."""
    for end in sorted(_NOTEBOOK_ENDS, key=len, reverse=True):
        if name.casefold().endswith(end):
            return name[: -len(end)]
    return name.rsplit(".", 1)[0] or name


def as_text(name: str) -> str:
    """A file's name as text. Names that are not UTF-8 come from systems that wrote Western Europe's alphabet."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogateescape" if _is_escaped(name) else "replace").decode("latin-1")
    return name


def _is_escaped(name: str) -> bool:
    return all(not 0xD800 <= ord(sign) < 0xE000 or 0xDC80 <= ord(sign) < 0xDD00 for sign in name)


def some(names: Iterable[str], most: int = 3) -> str:
    """The first of several names, and how many more there are."""
    every = list(names)
    more = len(every) - most
    return ", ".join(every[:most]) + (f" and {more} more" if more > 0 else "")
