"""How submissions are graded."""

from dataclasses import dataclass

from autograder.engine.identity import Salt, seed_of
from autograder.engine.levels import Level
from autograder.exercises.catalogue import KEYS
from autograder.reading.submission import Submission

DEFAULT_TIMEOUT = 120.0
DEFAULT_MEMORY_MIB = 4096


@dataclass(frozen=True)
class Options:
    """What holds for every submission of a run.

    Attributes:
        level: the sandbox asked for.
        device: ``cpu`` or ``cuda``.
        timeout: seconds for one submission, without the start of its process.
        memory_mib: memory for its process, in MiB.
        salt: the course's salt.
        seed: a seed in place of the submission's own.
        exercises: keys of the exercises to grade.
    """

    level: Level
    device: str
    timeout: float
    memory_mib: int
    salt: Salt
    seed: int | None = None
    exercises: tuple[str, ...] = KEYS

    def seed_for(self, submission: Submission) -> int:
        """The seed of the submission's first probe."""
        return seed_of(submission.digest, self.salt) if self.seed is None else self.seed
