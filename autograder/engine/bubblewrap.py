"""bubblewrap around the zygote, where it is installed: namespaces of its own for processes, network and files."""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from autograder.engine.levels import ON, Level

PROGRAM = "bwrap"


@dataclass(frozen=True)
class Around:
    """What to start a process with, and the layers that this puts around it."""

    command: tuple[str, ...]
    layers: Mapping[str, str]


def around(level: Level, writable: str) -> Around:
    """bubblewrap's command for a process that may write to one folder; none where it is missing or does not work.

    Args:
        level: the sandbox asked for.
        writable: the folder.
    """
    if level is Level.NONE:
        return Around((), {})
    report = _report()
    if report != ON:
        return Around((), {"bubblewrap": report})
    return Around((*_command(), "--bind", writable, writable, "--"), {"bubblewrap": report})


def _command() -> tuple[str, ...]:
    return (
        *(PROGRAM, "--die-with-parent", "--new-session", "--cap-drop", "ALL"),
        *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
        *("--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"),
    )


@cache
def _report() -> str:
    """Whether it works here: many containers do not allow what it needs."""
    if shutil.which(PROGRAM) is None:
        return "off: not installed"
    try:
        tried = subprocess.run(
            [*_command(), "--", "true"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"off: {type(error).__name__}"
    said = (tried.stderr.strip().splitlines() or [f"status {tried.returncode}"])[-1]
    return ON if tried.returncode == 0 else f"off: {said}"[:200]
