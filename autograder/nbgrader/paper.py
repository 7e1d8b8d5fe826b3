"""What nbgrader's steps tell each other about one submission."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.errors import GraderFault
from autograder.reading.submission import Submission
from autograder.results import Result

_KEY = "autograder"


@dataclass(frozen=True)
class Paper:
    """One submission on its way through nbgrader.

    Attributes:
        submission: what was handed in, read from the student's own file.
        course: the course's folder.
        result: what grading gave, once that is done.
    """

    submission: Submission
    course: Path
    result: Result | None = None

    def put(self, resources: dict[str, Any]) -> None:
        """Leave it for the next step."""
        resources[_KEY] = self


def paper(resources: Mapping[str, Any]) -> Paper:
    """What the step before has left.

    Raises:
        GraderFault: nothing was left, so the course is not set up as it should be.
    """
    found = resources.get(_KEY)
    if not isinstance(found, Paper):
        raise GraderFault(
            "nbgrader_config.py lacks a line: c.Autograde.exporter_class = "
            '"autograder.nbgrader.exporter.SubmissionExporter"'
        )
    return found
