"""Cells of a submission that stopped: what becomes of their exercises, and what the student is told of the others."""

from autograder.course.observation import Failure
from autograder.judging.failures import printable, quoted_line
from autograder.submissions.submission import Cell, Submission

_KINDS = {"markdown": "Markdown", "raw": "raw"}
_MOST_WARNINGS = 20
_MORE = "further cells of your own stopped as well"


class StoppedCells:
    """What stopped a submission's cells, in the order in which they are run.

    Attributes:
        broken: what stopped the cells that answer an exercise, by their names.
        warnings: lines about the student's own cells, each once.
        lacks_module: whether one of those could not import something.
    """

    def __init__(self, submission: Submission) -> None:
        self.broken = {name: Failure("text", message=_KINDS[kind]) for name, kind in submission.texts.items()}
        self.warnings: list[str] = []
        self.lacks_module = False

    def note(self, cell: Cell, failure: Failure) -> None:
        """Take down that a cell stopped."""
        if cell.name:
            self.broken[cell.name] = failure
            return
        self.lacks_module |= failure.error in ("ModuleNotFoundError", "ImportError")
        warning = f"a cell of your own stopped: {failure.error or failure.kind}: {printable(failure.message)}"
        if failure.kind == "surroundings":
            where = (printable(failure.name).removeprefix("Your "), quoted_line(failure))
            warning += f" ({', '.join(filter(None, where))}); it may work on your computer"
        if warning not in self.warnings and len(self.warnings) < _MOST_WARNINGS:
            self.warnings.append(warning if len(self.warnings) < _MOST_WARNINGS - 1 else _MORE)
