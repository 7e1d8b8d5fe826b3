"""What a cell shows below it in a notebook: text, plots, and what its last expression gives."""

import ast
import base64
import io
import tokenize
import warnings
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import matplotlib.pyplot as plt
from IPython.lib.pretty import pretty

from autograder.engine.messages import LONGEST_SHOWN, CellShown
from autograder.engine.worker.execute import CellTimeout, as_tree, stopped_by, time_budget
from autograder.instruments.calling import Workspace
from autograder.submissions.submission import Cell

LARGEST_PICTURE = 1 << 20
DRAWING_SECONDS = 2.0  # less than the grace that a worker has after its cell (`time_left.GRACE`)
_DPI = 72


class _Kept(io.StringIO):
    """Keeps the beginning of what is written to it."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, LONGEST_SHOWN - self.tell())])
        return len(text)


def prepare() -> None:
    """Have every process forked from this one find what showing takes."""
    warnings.filterwarnings("ignore", message=".*is non-interactive, and thus cannot be shown")
    pretty(0.0)


def show_cell(cell: Cell, number: int, workspace: Workspace, seconds: float, pictures: int) -> CellShown:
    """Run a cell in the workspace's names, and keep what it shows.

    Args:
        cell: what to run.
        number: its number, for tracebacks.
        workspace: where to run it.
        seconds: how long it may run.
        pictures: how many plots are kept.
    """
    values: list[str] = []

    def execute(source: str, filename: str) -> None:
        *before, last = as_tree(source, filename).body or [ast.Pass(lineno=1, col_offset=0)]
        if not isinstance(last, ast.Expr):
            before.append(last)
        exec(compile(ast.Module(before, []), filename, "exec", dont_inherit=True), workspace.names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), filename, "eval", dont_inherit=True), workspace.names)
            if value is not None and not _is_silenced(source):
                values.append(pretty(value)[:LONGEST_SHOWN])

    workspace.names.setdefault("display", _display)
    printed, complained = _Kept(), _Kept()
    with redirect_stdout(printed), redirect_stderr(complained):
        failure = stopped_by(execute, cell, number, workspace, seconds)
    return CellShown(
        failure,
        values[0] if values else None,
        printed.getvalue(),
        complained.getvalue(),
        tuple(_plots(pictures)),
    )


def _is_silenced(source: str) -> bool:
    """Whether the cell ends in a semicolon, after which a notebook writes no value."""
    passed_over = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER)
    try:
        tokens = [one for one in tokenize.generate_tokens(io.StringIO(source).readline) if one.type not in passed_over]
    except (tokenize.TokenError, SyntaxError):  # a magic
        return source.rstrip().endswith(";")
    return bool(tokens) and tokens[-1].string == ";"


def _display(*values: Any, **_options: object) -> None:
    for value in values:
        print(pretty(value)[:LONGEST_SHOWN])  # noqa: T201 - it stands below the cell


def _plots(most: int) -> list[str]:
    """The figures that are open, which a notebook draws and closes when a cell has ended."""
    kept: list[str] = []
    try:
        with time_budget(DRAWING_SECONDS):
            for number in plt.get_fignums()[:most]:
                drawn = io.BytesIO()
                plt.figure(number).savefig(drawn, format="png", dpi=_DPI, bbox_inches="tight")
                if drawn.tell() <= LARGEST_PICTURE:
                    kept.append(base64.b64encode(drawn.getvalue()).decode())
            plt.close("all")
    except (Exception, CellTimeout):
        plt.close("all")  # what cannot be drawn stops no cell
    return kept
