"""What nbgrader's steps hand on to each other about one submission."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course.course import Course
from autograder.errors import GraderFault
from autograder.reports.result import Result
from autograder.submissions.submission import Submission

_KEY = "autograder"


@dataclass(frozen=True)
class GradingContext:
    """One submission on its way through nbgrader.

    Attributes:
        course: the course.
        submission: what was handed in, read from the student's own file.
        folder: the folder of nbgrader's course.
        result: what grading gave, once that is done.
    """

    course: Course
    submission: Submission
    folder: Path
    result: Result | None = None

    def put(self, resources: dict[str, Any]) -> None:
        """Leave it for the next step."""
        resources[_KEY] = self


def has_context(resources: Mapping[str, Any]) -> bool:
    """Whether the notebook was opened by the grader's exporter as a submission for the course."""
    return isinstance(resources.get(_KEY), GradingContext)


def grading_context(resources: Mapping[str, Any]) -> GradingContext:
    """What the step before has left.

    Raises:
        GraderFault: nothing was left, so nbgrader is not set up as it should be.
    """
    found = resources.get(_KEY)
    if not isinstance(found, GradingContext):
        raise GraderFault(
            "nbgrader_config.py lacks the lines `from autograder.nbgrader import configure` and `configure(c)`"
        )
    return found
