"""``autograder verify``: an instructor's course proves itself."""

from pathlib import Path

import typer
from rich.text import Text

from autograder.cli.terminal import out


def verify() -> None:
    """Prove the course in this folder: solution full marks, release none, no drift; status 1 when anything is off."""
    # nbgrader takes seconds to import; the other commands do without it.
    from autograder.nbgrader.verify_course import verify_course

    off = False
    for statement in verify_course(Path.cwd()):
        sign, style = ("✓", "green") if statement.holds else ("✗", "red")
        out().print(Text.assemble((sign, style), f" {statement.text}"), soft_wrap=True)
        off |= not statement.holds
    if off:
        raise typer.Exit(1)
