"""How submissions are graded."""

from dataclasses import dataclass
from pathlib import Path

from autograder.course.course import Course
from autograder.engine.identity import Salt, seed_of
from autograder.engine.levels import DEFAULT_MEMORY_MIB, DEFAULT_TIMEOUT, Level
from autograder.submissions.submission import Submission


@dataclass(frozen=True, kw_only=True)
class Options:
    """What holds for every submission of a run.

    Attributes:
        course: the course.
        level: the sandbox asked for.
        salt: the course's salt.
        device: ``cpu`` or ``cuda``.
        timeout: seconds for one submission, without the start of its process.
        memory_mib: memory for its process, in MiB.
        seed: a seed in place of the submission's own.
        only: keys of the exercises to grade; all if empty.
        private: files and folders that no student code may read: the course's own, submissions, results.
    """

    course: Course
    level: Level
    salt: Salt
    device: str = "cpu"
    timeout: float = DEFAULT_TIMEOUT
    memory_mib: int = DEFAULT_MEMORY_MIB
    seed: int | None = None
    only: tuple[str, ...] = ()
    private: tuple[Path, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the exercises that are graded, in order."""
        return self.only or self.course.keys

    def seed_for(self, submission: Submission) -> int:
        """The seed of the submission's first probe."""
        return seed_of(submission.digest, self.salt) if self.seed is None else self.seed
