"""The files that a worker may read: the system's libraries, Python's, and installed packages."""

import sys
import sysconfig
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from autograder.engine.interpreter import workers_path
from autograder.errors import UsageError

_SYSTEM = ("/usr/lib", "/lib", "/usr/lib64", "/lib64", "/usr/share/fonts", "/usr/share/zoneinfo", "/etc/localtime",
           "/etc/ld.so.cache", "/dev/urandom", "/dev/random", "/proc/cpuinfo", "/proc/meminfo")  # fmt: skip
_PACKAGES = ("site-packages", "dist-packages")
_METADATA = (".dist-info", ".egg-info")
_OUR_PACKAGE = Path(__file__).resolve().parents[1]


def readable_files(course: Path) -> Iterator[Path]:
    """What this process may read once it is closed in, around all that holds judges and bundled files.

    Args:
        course: folder of the course's package.
    """
    hidden = frozenset({_OUR_PACKAGE, course.resolve()})
    for root in readable_folders(sys.path):
        yield from _around(root, hidden)


def readable_folders(path: Iterable[str]) -> tuple[Path, ...]:
    """Files and folders of the system, of Python and of installed packages.

    Args:
        path: where a worker's interpreter finds modules.
    """
    base = {"platbase": sys.base_exec_prefix}  # not a virtual environment, which has packages alone
    libraries = (Path(sysconfig.get_path(name, vars=base)).resolve() for name in ("stdlib", "platstdlib"))
    found = dict.fromkeys((*map(Path, _SYSTEM), *libraries))
    for entry in (Path(entry).resolve() for entry in path if entry):
        if not any(root in (entry, *entry.parents) for root in found) and entry.is_dir():
            found |= dict.fromkeys([entry] if entry.name in _PACKAGES else _packages_in(entry))
    return tuple(found)


def _packages_in(folder: Path) -> Iterator[Path]:
    """The packages of a folder that an editable installation has put on the path; beside them there may be anything."""
    for entry in sorted(folder.iterdir()):
        if (entry / "__init__.py").is_file() or entry.suffix in _METADATA:
            yield entry


def _around(root: Path, hidden: Collection[Path]) -> Iterator[Path]:
    """The file or folder itself where nothing hidden is inside it, else its entries on the way around what is."""
    if root in hidden or any(folder in root.parents for folder in hidden):
        return
    if not any(root in folder.parents for folder in hidden):
        yield root
        return
    for entry in root.iterdir():
        yield from _around(entry, hidden)


def refuse_private(private: Iterable[Path]) -> None:
    """Let nobody grade where workers could read what they must not.

    Args:
        private: files and folders that are not for students.

    Raises:
        UsageError: one of them lies among the files that a worker may read.
    """
    readable = [folder.resolve() for folder in readable_folders(workers_path())]
    for path in private:
        for folder in (path.resolve(), *path.resolve().parents):
            if folder in readable:
                raise UsageError(
                    f"student code may read {folder}, where installed packages lie, and so {path} in it: move the "
                    "course, its submissions and results to a folder of their own"
                )
