"""The notebook pair put to the proof: the solution earns everything, the students' notebook nothing."""

from pathlib import Path

from autograder.engine.batch import this_machine
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import DEFAULT_MEMORY_MIB, DEFAULT_TIMEOUT, Options
from autograder.errors import UsageError
from autograder.reading.released import ASSIGNMENT, NOTEBOOK, released
from autograder.reading.submission import Submission, read_submission
from autograder.results import Result


def solution(root: Path) -> Submission:
    """The solution notebook of a checkout, as if it had been handed in.

    Raises:
        UsageError: it cannot be read.
    """
    return _read(root / "solutions" / ASSIGNMENT / NOTEBOOK)


def grade_pair(root: Path, level: Level) -> tuple[Result, Result]:
    """The results of the solution and of the students' notebook.

    Raises:
        UsageError: one of them cannot be read, or the sandbox asked for cannot be had here.
    """
    options = Options(level, "cpu", DEFAULT_TIMEOUT, DEFAULT_MEMORY_MIB, Salt("", False))
    pair = (solution(root), _read(root / "notebooks" / ASSIGNMENT / NOTEBOOK))
    with this_machine(jobs=1) as place:
        first, second = (place.submit(submission, options) for submission in pair)
        return first.result(), second.result()


def _read(path: Path) -> Submission:
    submission = read_submission(path, path.parts[-3], ASSIGNMENT, released())
    if submission.problem:
        raise UsageError(submission.problem)
    return submission
