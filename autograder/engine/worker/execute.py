"""Running a notebook's cells outside Jupyter, the worker's side."""

import linecache
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from autograder.course.observation import Failure
from autograder.instruments.calling import Workspace
from autograder.submissions.submission import Cell

# Magics whose body is run as the cell that it is; only the magic's own line is passed over.
_WRAPPING_MAGIC = re.compile(r"\A\s*%%(?:time|timeit|capture|prun)\b.*")


class CellTimeout(BaseException):
    """A cell has used up its time. No ``Exception``, so that ``except Exception`` in the cell does not catch it."""


class _Shell:
    """What ``get_ipython()`` gives: magics and shell commands do nothing, ``%time`` runs its line."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.user_ns = names

    def run_line_magic(self, name: str, line: str, *_args: object, **_options: object) -> None:
        if name == "time":
            exec(_compiled(line, "<line magic>"), self.user_ns)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_args, **_kwargs: None


@contextmanager
def time_budget(seconds: float) -> Iterator[None]:
    """Raise ``CellTimeout`` inside when the time is over, where the platform has timers.

    Code that does not come back to Python is not stopped by this; the grader's own deadline stops it.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    def over(_number: int, _frame: FrameType | None) -> None:
        raise CellTimeout

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01), 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


def run_cell(cell: Cell, number: int, workspace: Workspace, seconds: float) -> Failure | None:
    """Run a cell in the workspace's names; one that stops keeps what it had defined.

    Args:
        cell: what to run.
        number: its number, for tracebacks.
        workspace: where to run it.
        seconds: how long it may run.

    Returns:
        Why it stopped, if it did.
    """
    workspace.names.setdefault("get_ipython", lambda: _Shell(workspace.names))
    source, filename = cell.source, f"<cell {cell.name or number}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        with time_budget(seconds):
            exec(_compiled(source, filename), workspace.names)
    except CellTimeout:
        return Failure("timeout", "TimeoutError", f"the cell ran longer than {seconds:.0f} seconds")
    except SyntaxError as error:
        line = str(error.text or "").strip()
        return Failure("cell", type(error).__name__, str(error.msg)[:300], line[:300], error.lineno or 0)
    except BaseException as error:
        failure = workspace.failure(error)
        if failure.kind in ("unfinished", "leftover"):
            return failure
        return Failure("cell", failure.error, failure.message, failure.line, failure.line_number)
    finally:
        sys.stdout.flush()
    return None


def _compiled(source: str, filename: str) -> CodeType:
    source = _WRAPPING_MAGIC.sub("", source, count=1)
    try:
        return compile(source, filename, "exec", dont_inherit=True)
    except SyntaxError:
        transformed = TransformerManager().transform_cell(source)
        if transformed.strip() == source.strip():
            raise
    return compile(transformed, filename, "exec", dont_inherit=True)
