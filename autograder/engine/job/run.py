"""What a run is told, and what comes of each submission; both travel between processes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.course.release import Release
from autograder.engine.options import Options
from autograder.reports.evidence import evidence_path
from autograder.reports.result import Result
from autograder.submissions.finding.find import Found, read_found
from autograder.submissions.submission import Submission

Reuse = Callable[[Path], Result | None]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What holds for all submissions of a class.

    Attributes:
        options: how they are graded.
        assignment: the assignment's name.
        release: what was handed out.
        folder: where results go; must be writable.
        reuse: gives an earlier result that may be looked at for reuse, or ``None``; a function of a module's.
    """

    options: Options
    assignment: str
    release: Release
    folder: Path
    reuse: Reuse


@dataclass(frozen=True)
class ToGrade:
    """A submission that is waiting: where it lies, and the name of its result's file, without ``.json``."""

    found: Found
    name: str

    def read(self, run: Run) -> Submission:
        """What was handed in, read against the run's release."""
        return read_found(self.found, run.assignment, run.release)

    def result_path(self, run: Run) -> Path:
        """Where its result goes."""
        return run.folder / f"{self.name}.json"

    def evidence_path(self, run: Run) -> Path:
        """Where the evidence beside its result goes."""
        return evidence_path(run.folder, self.name)


@dataclass(frozen=True)
class GradedSubmission:
    """What became of one submission.

    Attributes:
        found: what was handed in.
        result: its result, if there is one.
        reused: whether that is of an earlier run.
        fault: the fault of the grader that prevented one.
        not_kept: why what pages show beside the result is not there; no mark depends on that.
    """

    found: Found
    result: Result | None
    reused: bool = False
    fault: str = ""
    not_kept: str = ""
