"""rlimits: what the kernel counts for a process."""

import os
from contextlib import suppress
from pathlib import Path

from autograder.engine.levels import Limits

_OPEN_FILES = 128
_SIGNALS_AND_TIMERS = 64


def enter(limits: Limits) -> None:
    """Bound memory, processor time, files and what the kernel keeps for it."""
    import resource

    addresses, data = _in_use()
    memory = limits.memory_mib << 20
    wanted = {
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_DATA: data + memory,
        resource.RLIMIT_FSIZE: limits.file_mib << 20,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    if limits.device == "cpu":
        # Shared mappings are no data; all addresses together hold them down as well.
        wanted[resource.RLIMIT_AS] = addresses + memory
        wanted[resource.RLIMIT_MEMLOCK] = 0
    if hasattr(resource, "RLIMIT_SIGPENDING"):  # Linux; memory of the kernel's, of which no other limit knows
        wanted |= {resource.RLIMIT_SIGPENDING: _SIGNALS_AND_TIMERS, resource.RLIMIT_MSGQUEUE: 0}
    for which, value in wanted.items():
        _, hard = resource.getrlimit(which)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (allowed, allowed))


def _in_use() -> tuple[int, int]:
    """Bytes of address space that this process has mapped, and of data; 0 where the platform does not say."""
    with suppress(OSError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()
        return int(pages[0]) * os.sysconf("SC_PAGE_SIZE"), int(pages[5]) * os.sysconf("SC_PAGE_SIZE")
    return 0, 0
