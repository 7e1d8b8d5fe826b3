"""``autograder verify``: an instructor's course proves itself."""

from pathlib import Path

import typer
from rich.text import Text

from autograder.cli.terminal import out
from autograder.nbgrader.verify_course import verify_course


def verify() -> None:
    """Prove the course in this folder, a line for each statement."""
    off = False
    for statement in verify_course(Path.cwd()):
        sign, style = ("✓", "green") if statement.holds else ("✗", "red")
        out().print(Text.assemble((sign, style), f" {statement.text}"), soft_wrap=True)
        off |= not statement.holds
    if off:
        raise typer.Exit(1)
