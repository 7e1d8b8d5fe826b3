"""``autograder doctor``: what this machine has, what is missing, and how to get it."""

from collections.abc import Iterator
from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.terminal import out
from autograder.course.installed import own_course
from autograder.engine.fleet import Fleet
from autograder.engine.identity import SALT_FILE, Salt, read_salt
from autograder.engine.levels import REQUIRED, Level, is_on
from autograder.engine.options import Options
from autograder.errors import AutograderError
from autograder.machine import Fact, devices, files, refused_calls, versions


def doctor() -> None:
    """Print a table of what this machine has and what is missing."""
    course = own_course()
    facts = [*versions(course), *files(course), _salt(), *devices(), *_sandbox()]
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1))
    for fact in facts:
        sign, style = {"ok": ("✓", "green"), "note": ("!", "yellow"), "missing": ("✗", "red")}[fact.state]
        table.add_row(Text(sign, style=style), fact.name, Text(fact.text))
    out().print(table)
    if any(fact.state == "missing" for fact in facts):
        raise typer.Exit(1)


def _salt() -> Fact:
    if read_salt(Path.cwd()).secret:
        return Fact("salt", "ok", f"{SALT_FILE} in this folder")
    return Fact("salt", "note", f"no {SALT_FILE} in this folder: grading here uses the public salt")


def _sandbox() -> Iterator[Fact]:
    try:
        options = Options(course=own_course(), level=Level.BEST, salt=Salt("", secret=True), timeout=60.0)
        with Fleet() as fleet, fleet.worker(options) as worker:
            layers = worker.report.layers
    except AutograderError as error:
        yield Fact("worker", "missing", str(error))
        return
    for name, report in layers.items():
        if is_on(report):
            yield Fact(f"sandbox {name}", "ok", report)
        else:
            needed = "; `autograder grade` needs it or `--sandbox best`" if name in REQUIRED else ""
            yield Fact(f"sandbox {name}", "note", report + needed)
    if is_on(layers.get("seccomp", "")):
        yield from refused_calls(own_course())
