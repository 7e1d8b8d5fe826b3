"""The limits of a judge: of its process, and of each question."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

CPU_SECONDS = 10.0
SECONDS = 60.0
MEMORY_MIB = 1024


@contextmanager
def budget() -> Iterator[None]:
    """Ends the process where what is inside takes longer than a question may, where the platform can do that.

    The kernel does so by itself, also in the middle of compiled code; whoever has asked sees the process end.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return
    timers = ((signal.ITIMER_PROF, CPU_SECONDS), (signal.ITIMER_REAL, SECONDS))
    for timer, seconds in timers:
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for timer, _ in timers:
            signal.setitimer(timer, 0.0)


def limit_process() -> None:
    """No more memory than a judge may have, no file with anything in it and no dump, where the platform can do that."""
    if sys.platform == "win32":
        return
    import resource

    wanted = {resource.RLIMIT_DATA: MEMORY_MIB << 20, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
    for which, value in wanted.items():
        _, hard = resource.getrlimit(which)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (allowed, allowed))
