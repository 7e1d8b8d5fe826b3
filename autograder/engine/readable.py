"""The files that a worker may read."""

import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

_SYSTEM = ("/usr/lib64", "/lib64", "/usr/share/fonts", "/usr/share/zoneinfo", "/etc/localtime", "/etc/ld.so.cache",
           "/dev/urandom", "/dev/random", "/proc/cpuinfo", "/proc/meminfo")  # fmt: skip
_PACKAGES = ("site-packages", "dist-packages")


def readable() -> Iterator[Path]:
    """What lazy imports and plots may need; this package, with its judges and bundled files, is left out."""
    yield from map(Path, _SYSTEM)
    ours = Path(__file__).resolve().parents[1]
    libraries = {Path("/usr/lib"), Path("/lib"), Path(sysconfig.get_path("stdlib")).resolve()}
    for root in libraries | {Path(entry).resolve() for entry in sys.path if entry}:
        # A folder above this package that is on the path, such as a checkout, holds solutions and submissions.
        if root.is_dir() and (root not in ours.parents or root in libraries or root.name in _PACKAGES):
            yield from _without(root, ours)


def _without(root: Path, hidden: Path) -> Iterator[Path]:
    """The folder itself where the hidden one is not inside it, else its entries on the way around it."""
    if root == hidden:
        return
    if root not in hidden.parents:
        yield root
        return
    for entry in root.iterdir():
        yield from _without(entry, hidden)
