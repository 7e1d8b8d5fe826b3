"""The errors that end a command with one clear line."""


class AutograderError(Exception):
    """Something that a person has to know or mend; its message names the file or name concerned and the way out."""

    exit_status = 1

    def _render_traceback_(self) -> list[str]:
        return [str(self)]  # in a notebook, too, the line stands alone


class UsageError(AutograderError):
    """The command was asked for something that cannot be done; nothing was run."""

    exit_status = 2


class GraderFault(AutograderError):
    """Something is wrong on the grader's own side; no fault of any student's."""


class Interrupted(AutograderError):
    """Somebody has stopped the run; what was done by then is kept."""

    exit_status = 130
