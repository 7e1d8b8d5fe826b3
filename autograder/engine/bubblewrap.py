"""bubblewrap around the zygote, where it is installed: namespaces of its own for processes, network and files."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.course.course import Course
from autograder.engine.interpreter import ENVIRONMENT, PYTHON, workers_path
from autograder.engine.levels import ON, Level
from autograder.engine.readable import readable_folders
from autograder.engine.scratch import MOST_BYTES

PROGRAM = "bwrap"
_NAMESPACES = ("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try")
# Whoever watches the folder ends a worker that fills it; this is for the moment before.
_FOLDER_BYTES = MOST_BYTES + (16 << 20)


@dataclass(frozen=True)
class Around:
    """What to start a process with, and the layers that this puts around it."""

    command: tuple[str, ...]
    layers: Mapping[str, str]


def around(level: Level, course: Course, writable: str) -> Around:
    """bubblewrap's command for a zygote that may write to one folder; none where it is missing or does not work.

    Args:
        level: the sandbox asked for.
        course: the course.
        writable: the folder.
    """
    if level is Level.NONE:
        return Around((), {})
    report = _report(course)
    if not report.startswith(ON):
        return Around((), {"bubblewrap": report})
    return Around((*_command(course), *_folder(writable), "--"), {"bubblewrap": report})


def _command(course: Course) -> tuple[str, ...]:
    binds = (("--ro-bind-try", path, path) for path in map(str, _seen(course)))
    return (
        *(PROGRAM, "--die-with-parent", "--new-session", "--cap-drop", "ALL", *_NAMESPACES),
        *(word for bind in binds for word in bind),
        *("--dev", "/dev", "--proc", "/proc", "--chdir", "/"),
    )


def _seen(course: Course) -> Iterator[Path]:
    """What there is at all inside: what workers may read, and what the zygote needs before it is closed in."""
    yield from (path for path in readable_folders(workers_path()) if path.parts[1] not in ("dev", "proc"))
    # Python itself, with what it finds its way by; the processor's kind, by which torch chooses how to compute.
    executable = Path(sys.executable)
    yield from (executable, executable.resolve(), Path(sys.prefix, "pyvenv.cfg"), Path("/sys/devices/system"))
    yield from (Path(sysconfig.get_config_var("LIBDIR") or "/usr/lib"), Path("/etc/alternatives"))
    yield from (Path(folder) for folder in ENVIRONMENT.get("LD_LIBRARY_PATH", "").split(":") if folder.startswith("/"))
    yield from (Path(__file__).parents[1], course.folder)
    for find in course.files.values():
        with suppress(FileNotFoundError):  # an incomplete installation, which is told elsewhere
            yield find()
    # Matplotlib takes seconds to find the machine's fonts, and keeps what it found.
    yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"


def _folder(path: str) -> tuple[str, ...]:
    """The folder that may be written to: in memory and of bounded size, where this bubblewrap can do that."""
    return ("--size", str(_FOLDER_BYTES), "--tmpfs", path) if _bounds_folders() else ("--bind", path, path)


@cache
def _bounds_folders() -> bool:
    return "--size" in subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=False).stdout


@cache
def _report(course: Course) -> str:
    """Whether it works here: many containers do not allow what it needs."""
    if shutil.which(PROGRAM) is None:
        return "off: not installed; on Debian and Ubuntu, apt install bubblewrap"
    try:
        tried = subprocess.run(
            [*_command(course), "--", *PYTHON, "-c", "import autograder"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
            env=ENVIRONMENT,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"off: {type(error).__name__}"
    said = (tried.stderr.strip().splitlines() or [f"status {tried.returncode}"])[-1]
    return ON if tried.returncode == 0 else f"off: {said}"[:200]
