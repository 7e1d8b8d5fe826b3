"""What a sandbox must have on before student code may run; the grader's side of the agreement."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

REQUIRED = ("process", "rlimits", "no_new_privs", "landlock", "seccomp")
REQUIRED_OF_A_JUDGE = REQUIRED[1:]
ON = "on"
# For one submission, where nobody says otherwise.
DEFAULT_TIMEOUT = 120.0
DEFAULT_MEMORY_MIB = 4096


class Level(StrEnum):
    """How much protection a run insists on."""

    STRICT = "strict"
    BEST = "best"
    NONE = "none"


@dataclass(frozen=True)
class Limits:
    """What a worker may use.

    Attributes:
        scratch: the one folder it may write to.
        course: folder of the course's package, which it may not read.
        memory_mib: memory that it may allocate besides what it holds already, in MiB.
        cpu_seconds: processor time, in seconds.
        device: where its code runs; CUDA's driver reserves far more addresses than memory.
        file_mib: size of a file it writes, in MiB.
    """

    scratch: str
    course: str
    memory_mib: int
    cpu_seconds: int
    device: str = "cpu"
    file_mib: int = 16


def missing(level: Level, layers: Mapping[str, str], required: tuple[str, ...] = REQUIRED) -> dict[str, str]:
    """The layers that the level requires and that are not on, with what was said about each."""
    if level is not Level.STRICT:
        return {}
    return {name: layers.get(name, "not reported") for name in required if not is_on(layers.get(name, ""))}


def is_on(report: str) -> bool:
    """Whether a layer's report says that it is in force."""
    return report == ON or report.startswith(f"{ON} ")
