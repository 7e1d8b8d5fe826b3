"""The errors that end a command with one clear line.

    AutograderError              exit status 1
    ├── UsageError               2: the command was asked for something that cannot be done; nothing was run
    │   ├── UnknownExercise      (course) no exercise has that key
    │   ├── UnknownCourse        (course) no installed course has that key
    │   ├── SandboxMissing       (engine) a layer that the run requires is not in force
    │   ├── DeviceMissing        (engine) torch cannot use the device that was asked for
    │   └── OtherVersions        (engine) machines of a cluster would not give the same marks
    ├── GraderFault              something is wrong on the grader's own side; no fault of any student's
    │   ├── CourseFault          (course) the parts of a course do not fit together
    │   ├── WorkerNotStarted     (engine) a process for student code did not come up
    │   └── ZygoteLost           (engine) the process that workers are forked from is gone
    ├── UnreadableNotebook       (submissions) a student's file is no notebook that could be graded
    ├── CellNotReset             (submissions) a student's notebook could not be read or written
    ├── UnreadableCourse         (nbgrader) an instructor's nbgrader_config.py is missing or cannot be run
    ├── BuildError               (nbgrader) the students' notebooks cannot be made
    ├── UnusableResult           (reports) a file holds no result
    └── Interrupted              130: somebody has stopped the run; what was done by then is kept

In a notebook, cells of the course's own stop with a ``CellStopped``, which is one line there, too:

    CellStopped
    ├── NotReady                 it was run before what it builds on; the cells below it can still run
    └── TrainingStopped          somebody has interrupted a training

What a worker process does wrong never leaves the engine; ``engine.channel`` draws that tree.
"""

from typing import Any


class AutograderError(Exception):
    """Something that a person has to know or mend; its message names the file or name concerned and the way out."""

    exit_status = 1

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), str(self))  # between machines too, whatever it was made from

    def _render_traceback_(self) -> list[str]:
        return [str(self)]  # in a notebook, too, the line stands alone


def _again(kind: type[AutograderError], message: str) -> AutograderError:
    error = kind.__new__(kind)
    error.args = (message,)
    return error


class UsageError(AutograderError):
    """The command was asked for something that cannot be done; nothing was run."""

    exit_status = 2


class GraderFault(AutograderError):
    """Something is wrong on the grader's own side; no fault of any student's."""


class Interrupted(AutograderError):
    """Somebody has stopped the run; what was done by then is kept."""

    exit_status = 130


class CellStopped(Exception):
    """A cell of the notebook cannot go on; Jupyter shows the message alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"Stopped: {self}"]


class NotReady(CellStopped):
    """A cell was run before something that it builds on."""


class TrainingStopped(CellStopped):
    """Somebody has interrupted a training."""
