"""The files that a worker may read."""

import sys
import sysconfig
from collections.abc import Collection, Iterator
from pathlib import Path

_SYSTEM = ("/usr/lib64", "/lib64", "/usr/share/fonts", "/usr/share/zoneinfo", "/etc/localtime", "/etc/ld.so.cache",
           "/dev/urandom", "/dev/random", "/proc/cpuinfo", "/proc/meminfo")  # fmt: skip
_PACKAGES = ("site-packages", "dist-packages")


def allowed_files(hidden: Collection[Path]) -> Iterator[Path]:
    """What lazy imports and plots may need, around what must not be read.

    Args:
        hidden: folders with judges and bundled files: this package's own, and that of the course.
    """
    yield from map(Path, _SYSTEM)
    libraries = {Path("/usr/lib"), Path("/lib"), Path(sysconfig.get_path("stdlib")).resolve()}
    above = {parent for folder in hidden for parent in folder.parents}
    for root in libraries | {Path(entry).resolve() for entry in sys.path if entry}:
        # A folder above a hidden one that is on the path, such as a checkout, holds solutions and submissions.
        if root.is_dir() and (root not in above or root in libraries or root.name in _PACKAGES):
            yield from _around(root, frozenset(hidden))


def _around(root: Path, hidden: frozenset[Path]) -> Iterator[Path]:
    """The folder itself where nothing hidden is inside it, else its entries on the way around what is."""
    if root in hidden:
        return
    if not any(root in folder.parents for folder in hidden):
        yield root
        return
    for entry in root.iterdir():
        yield from _around(entry, hidden)
