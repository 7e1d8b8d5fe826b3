"""The limits of a judge: of its process, and of each question."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from autograder.engine.levels import Level
from autograder.engine.readable import readable_folders
from autograder.engine.sandbox import landlock, process, seccomp
from autograder.engine.sandbox.layers import report

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


def close_in(level: Level) -> dict[str, str]:
    """Leave this process what judging takes: memory up to a limit, reading what is installed, and the grader's pipes.

    Args:
        level: the sandbox asked for; memory is limited in any case.

    Returns:
        For each layer ``on``, or why it is not.
    """
    layers: dict[str, Callable[[], str | None]] = {"rlimits": _limit_process}
    if level is not Level.NONE:
        layers |= {
            "no_new_privs": process.no_new_privs,
            "capabilities": process.no_capabilities,
            "not_dumpable": process.not_dumpable,
            "landlock": partial(landlock.restrict, map(str, readable_folders(sys.path)), ()),
            "seccomp": partial(seccomp.restrict, "cpu"),
        }
    return {name: report(layer) for name, layer in layers.items()}


def _limit_process() -> None:
    """No more memory than a judge may have, no file with anything in it, and no dump."""
    import resource

    wanted = {resource.RLIMIT_DATA: MEMORY_MIB << 20, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
    for which, value in wanted.items():
        _, hard = resource.getrlimit(which)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (allowed, allowed))
