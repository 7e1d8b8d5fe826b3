"""Grading many submissions, each result kept as soon as it is there, on this machine or on a cluster."""

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from autograder import atomic
from autograder.engine.job.run import GradedSubmission, Run, ToGrade
from autograder.errors import UsageError
from autograder.submissions.finding.find import Found
from autograder.submissions.finding.result_names import result_names


class Backend(Protocol):
    """Where submissions are graded."""

    def grade(self, waiting: Sequence[ToGrade], run: Run) -> Iterator[GradedSubmission]:
        """Grade them all and keep what comes of it; each once, in the order in which they end."""


def prepare_folder(folder: Path) -> None:
    """Make the results' folder, and see that it can be written to.

    Raises:
        UsageError: it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        atomic.sweep(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass  # it has no name, so that two graders never meet in it
    except OSError as error:
        raise UsageError(f"results cannot be written to {folder}: {error.strerror}; choose another folder") from None


def grade_class(found: Sequence[Found], run: Run, backend: Backend) -> Iterator[GradedSubmission]:
    """Grade submissions, writing each result to the run's folder as it comes.

    Args:
        found: what was handed in.
        run: how it is graded, and where results go.
        backend: where grading happens.

    Yields:
        What came of each submission, in the order in which they end.

    Raises:
        UsageError: grading cannot work at all here, such as for want of a sandbox.
        Interrupted: the run was stopped.
    """
    called = Counter(one.student for one in found)
    names = result_names(called)
    for one in found:
        if called[one.student] > 1:
            yield GradedSubmission(one, None, fault=_not_the_only_one(one, found))
    waiting = [ToGrade(one, names[one.student]) for one in found if called[one.student] == 1]
    yield from backend.grade(waiting, run)


def _not_the_only_one(one: Found, found: Sequence[Found]) -> str:
    same = [other for other in found if other.student == one.student]
    places = " and ".join(str(other.path) for other in same[:3])
    return f"{places} would both be the result of {one.student!r}; give each student a name of their own"
