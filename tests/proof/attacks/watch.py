"""Watching files, processes and the machine while an attack runs."""

import hashlib
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_LOOK = 0.1
_SHARED = ("/tmp", "/var/tmp", "/dev/shm")


@dataclass(frozen=True)
class Peaks:
    """The most that was used at one time, beyond what was used before.

    Attributes:
        disk_mib: space on the disk.
        threads: threads of all processes together.
        grader_mib: memory of the grader's own process.
        judge_mib: memory of the judge that took most; all of it, where the judge is a new one.
    """

    disk_mib: int = 0
    threads: int = 0
    grader_mib: int = 0
    judge_mib: int = 0


class Meter:
    """Gives the peaks of the block that it was made for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._free = self._least = shutil.disk_usage(folder).free
        self._threads = self._most = _threads()
        _peak_forgotten(os.getpid())
        self._memory = _peak_mib(os.getpid())
        for judge in judges():
            _peak_forgotten(judge)
        self._judges = judge_peaks()
        self._judge = 0

    def look(self) -> None:
        """Take what is in use now into account."""
        self._least = min(self._least, shutil.disk_usage(self._folder).free)
        self._most = max(self._most, _threads())
        more = (peak - self._judges.get(judge, 0) for judge, peak in judge_peaks().items())
        self._judge = max((self._judge, *more))

    @property
    def peaks(self) -> Peaks:
        """The peaks so far."""
        return Peaks(
            disk_mib=(self._free - self._least) >> 20,
            threads=self._most - self._threads,
            grader_mib=_peak_mib(os.getpid()) - self._memory,
            judge_mib=self._judge,
        )


@contextmanager
def metered(folder: Path, meanwhile: Callable[[], None]) -> Iterator[Meter]:
    """Watch the machine inside the block.

    Args:
        folder: on the disk to be watched.
        meanwhile: done again and again.
    """
    meter, over = Meter(folder), threading.Event()

    def keep_looking() -> None:
        while not over.wait(_LOOK):
            meter.look()
            meanwhile()

    thread = threading.Thread(target=keep_looking, daemon=True)
    thread.start()
    try:
        yield meter
    finally:
        over.set()
        thread.join()


def _threads() -> int:
    """Threads of the processes that come from this one."""
    return sum(_count_threads(pid) for pid in descendants(os.getpid()))


def _count_threads(pid: int) -> int:
    with suppress(OSError, IndexError, ValueError):
        return int((Path("/proc") / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[17])
    return 0


def judges() -> list[int]:
    """The judges among the processes that come from this one."""
    return [pid for pid in descendants(os.getpid()) if "autograder.engine.judge" in command(pid)]


def judge_peaks() -> Mapping[int, int]:
    """The most memory, in MiB, that each of the judges has had at one time."""
    return {judge: _peak_mib(judge) for judge in judges()}


def _peak_forgotten(pid: int) -> None:
    """Have the kernel measure a process's peak of memory anew."""
    with suppress(OSError):
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def _peak_mib(pid: int) -> int:
    """The most memory that a process has had at one time."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) >> 10
    return 0


def snapshot(folder: Path) -> Mapping[str, object]:
    """Everything below a folder: kinds, modes, sizes, times and contents."""
    seen: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        found = path.lstat()
        regular = path.is_file() and not path.is_symlink()
        what = hashlib.sha256(path.read_bytes()).hexdigest() if regular else ""
        when = found.st_mtime_ns if regular else 0
        seen[path.relative_to(folder).as_posix()] = (oct(found.st_mode), found.st_size if regular else 0, when, what)
    return seen


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    """What differs between two snapshots."""
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def left_in_shared_folders(token: str) -> tuple[str, ...]:
    """Files with the token in their names, where all programs may write."""
    places = (Path(place) for place in _SHARED)
    return tuple(str(path) for place in places if place.is_dir() for path in place.glob(f"*{token}*"))


def clear_shared_folders(token: str) -> None:
    """Remove what an attack has left where all programs may write."""
    for path in map(Path, left_in_shared_folders(token)):
        with suppress(OSError):
            path.unlink()


def descendants(ancestor: int) -> Mapping[int, int]:
    """Processes that come from another one and still live, each with its parent."""
    parents = {pid: parent for pid, parent, state in _processes() if state != "Z"}
    found: dict[int, int] = {}
    for pid in parents:
        line: list[int] = []
        at = pid
        while at in parents and at != ancestor and len(line) < 64:
            line.append(at)
            at = parents[at]
        if at == ancestor:
            found |= {one: parents[one] for one in line}
    return found


def _processes() -> Iterator[tuple[int, int, str]]:
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            fields = (entry / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            yield int(entry.name), int(fields[1]), fields[0]


def settled(ancestor: int, most: int, seconds: float = 2.0) -> Mapping[int, int]:
    """The descendants, once there are no more than that many; a process that was killed may take a moment to go."""
    until = time.monotonic() + seconds
    while len(found := descendants(ancestor)) > most and time.monotonic() < until:
        time.sleep(_LOOK)
    return found


def command(pid: int) -> str:
    """A process's command line."""
    with suppress(OSError):
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    return f"process {pid}"
