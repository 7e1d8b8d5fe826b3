"""What the processes below this one have used and what they hold, by the part that each of them plays.

The kernel's own counts are read (`/proc`), so that bubblewrap, which does not wait for what it starts, hides nothing.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_MIB_A_PAGE = os.sysconf("SC_PAGE_SIZE") / (1 << 20)


@dataclass(frozen=True)
class Held:
    """What processes hold: memory of their own in MiB, threads, descriptors, children (zombies too)."""

    memory: float
    threads: int
    descriptors: int
    children: int


def cpu_seconds() -> Counter[str]:
    """Processor seconds so far, by part; `worker` is for those that a zygote has seen to their end."""
    used: Counter[str] = Counter()
    for pid in below(os.getpid()):
        with suppress(OSError):  # it has just ended
            user, system, ended_user, ended_system = map(int, _stat(pid)[11:15])
            used[part(pid)] += (user + system) / _TICKS
            if part(pid) == "zygote":
                used["worker"] += (ended_user + ended_system) / _TICKS
    return used


def parts() -> dict[str, list[int]]:
    """The processes below this one, by part."""
    found: dict[str, list[int]] = {}
    for pid in below(os.getpid()):
        with suppress(OSError):
            found.setdefault(part(pid), []).append(pid)
    return found


def part(pid: int) -> str:
    """The last word of the module that a process runs, such as `zygote`; the program's name where there is none."""
    words = Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
    program = Path(words[0]).name
    return words[words.index("-m") + 1].rpartition(".")[2] if "-m" in words and program != "bwrap" else program


def below(pid: int) -> Iterator[int]:
    """The process's children, and theirs."""
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from below(int(child))


def held(pid: int) -> Held:
    """What a process holds now."""
    place = Path(f"/proc/{pid}")
    fields = (place / "statm").read_text(encoding="ascii").split()
    return Held(
        memory=(int(fields[1]) - int(fields[2])) * _MIB_A_PAGE,
        threads=len(list((place / "task").iterdir())),
        descriptors=len(list((place / "fd").iterdir())),
        children=sum(len((task / "children").read_text().split()) for task in (place / "task").iterdir()),
    )


def _stat(pid: int) -> list[str]:
    """The fields of a process's line from its state on: a name may hold blanks."""
    return Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
