"""Running a notebook's cells outside Jupyter, the worker's side."""

import ast
import linecache
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from autograder.course.observation import Failure
from autograder.engine.worker.surroundings import TIME, lacking
from autograder.instruments.calling import Workspace
from autograder.submissions.submission import Cell

# Magics whose body is run as the cell that it is; only the magic's own line is passed over.
_WRAPPING_MAGIC = re.compile(r"\A\s*%%(?:time|timeit|capture|prun)\b.*")

_SCRIPT = re.compile(r"(?:-\w\s+)*['\"]?([\w./-]+\.i?py)\b")
_WRITTEN = re.compile(r"(-a\s+)?['\"]?([^'\"\s]+)")


class CellTimeout(BaseException):
    """A cell has used up its time. No ``Exception``, so that ``except Exception`` in the cell does not catch it."""


class _Shell:
    """What ``get_ipython()`` gives: magics and shell commands do nothing.

    But ``%time`` runs its line, ``%run`` a file of the student's, and ``%%writefile`` writes one.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self.user_ns = names

    def run_line_magic(self, name: str, line: str, *_args: object, **_options: object) -> None:
        if name == "time":
            exec(_compiled(line, "<line magic>"), self.user_ns)
        elif name == "run" and (file := _SCRIPT.match(line)):
            exec(_compiled(Path(file[1]).read_text(encoding="utf-8"), f"<{file[1]}>"), self.user_ns)

    def run_cell_magic(self, name: str, line: str, cell: str, *_args: object, **_options: object) -> None:
        if name == "writefile" and (file := _WRITTEN.match(line)):
            with Path(file[2]).open("a" if file[1] else "w", encoding="utf-8") as opened:
                opened.write(cell)

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

    def execute(source: str, filename: str) -> None:
        exec(_compiled(source, filename), workspace.names)

    return stopped_by(execute, cell, number, workspace, seconds)


def stopped_by(
    execute: Callable[[str, str], None], cell: Cell, number: int, workspace: Workspace, seconds: float
) -> Failure | None:
    """Have a cell executed as ``run_cell`` does, by what is given its text and the name of its file for tracebacks."""
    workspace.names.setdefault("get_ipython", lambda: _Shell(workspace.names))
    for name in ("exit", "quit"):  # in a notebook the cell that asks for it still runs to its end
        workspace.names.setdefault(name, lambda *_args: None)
    source, filename = cell.source, f"<cell {cell.name or number}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    try:
        with time_budget(seconds):
            execute(source, filename)
    except CellTimeout as over:
        seen, limit = workspace.failure(over), f"{seconds:.0f} second{'' if round(seconds) == 1 else 's'}"
        longer = f"the cell ran longer than {limit}"
        return Failure("timeout", "TimeoutError", longer, seen.line, seen.line_number, holds=TIME)
    except SyntaxError as error:
        line = str(error.text or "").strip()
        failure = Failure("cell", type(error).__name__, str(error.msg)[:300], line[:300], error.lineno or 0)
        return _blamed(failure, error)
    except BaseException as error:
        failure = workspace.failure(error)
        if failure.kind in ("unfinished", "leftover", "surroundings"):
            return failure
        return _blamed(Failure("cell", failure.error, failure.message, failure.line, failure.line_number), error)
    finally:
        sys.stdout.flush()
    return None


def _blamed(failure: Failure, error: BaseException) -> Failure:
    """The failure of a cell; the grader's surroundings are named where it is they that stopped it."""
    lacks = lacking(error)
    return replace(failure, kind="surroundings", holds=lacks) if lacks else failure


def _compiled(source: str, filename: str) -> CodeType:
    return compile(as_tree(source, filename), filename, "exec", dont_inherit=True)


def as_tree(source: str, filename: str) -> ast.Module:
    """The cell's statements, with magics as IPython has them."""
    source = _WRAPPING_MAGIC.sub("", source, count=1)
    try:
        return ast.parse(source, filename)
    except SyntaxError:
        transformed = TransformerManager().transform_cell(source)
        if transformed.strip() == source.strip():
            raise
    return ast.parse(transformed, filename)
