"""What an instructor's ``nbgrader_config.py`` calls: ``from autograder.nbgrader import configure; configure(c)``."""

import os
import sys
from pathlib import Path

from traitlets.config import Config

from autograder.errors import UsageError

_SUBMISSIONS = "autograder.nbgrader.exporter.SubmissionExporter"
_EVERY_ASSIGNMENT = "autograder.nbgrader.every_assignment.EveryAssignmentExporter"


def configure(c: Config, *, every_assignment: bool = False) -> None:
    """Have nbgrader make, grade and give back the course's notebooks with this package.

    Three of nbgrader's steps get what opens and writes their notebooks; these recognise the course by its test cells
    and leave other assignments as they are. No directory, ``course_id``, time limit or list of preprocessors is set,
    so it does not matter where in the file it is called.

    Args:
        c: nbgrader's configuration, as ``get_config()`` gives it.
        every_assignment: whether notebooks of other assignments are run in the sandbox, too, in place of a kernel;
            their tests then share the student's process, as they do there.

    Raises:
        UsageError: one of the steps has an ``exporter_class`` of the instructor's own, which would be lost.
    """
    exporters = {
        "GenerateAssignment": "autograder.nbgrader.release_exporter.ReleaseExporter",
        "Autograde": _EVERY_ASSIGNMENT if every_assignment else _SUBMISSIONS,
        "GenerateFeedback": "autograder.nbgrader.feedback_page.FeedbackPage",
    }
    known = {*exporters.values(), _SUBMISSIONS, _EVERY_ASSIGNMENT}
    for step, exporter in exporters.items():
        if "exporter_class" in c[step] and c[step].exporter_class not in known:
            raise UsageError(
                f"nbgrader_config.py sets c.{step}.exporter_class, which configure(c) needs for {exporter}; remove it, "
                f"or make it a subclass of that one and set it below configure(c)"
            )
    for step, exporter in exporters.items():
        c[step].exporter_class = exporter
    # nbgrader starts `alembic` by its bare name; it lies beside this Python, also where no environment is activated.
    own = str(Path(sys.executable).parent)
    if own not in (places := os.environ.get("PATH", os.defpath).split(os.pathsep)):
        os.environ["PATH"] = os.pathsep.join((own, *places))
