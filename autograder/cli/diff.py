"""``autograder diff``: whose marks differ between two gradings."""

import json
from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from autograder.cli.terminal import complain, out
from autograder.judging.failures import printable
from autograder.reports.class_results import read_class
from autograder.reports.comparison import Comparison, Difference, compare
from autograder.reports.wording import points


def diff(old: Path, new: Path, as_json: bool) -> None:
    """Show what differs; status 1 when anything does."""
    classes = [read_class(old), read_class(new)]
    for line in (line for one in classes for line in one.damaged):
        complain(line)
    comparison = compare(*classes)
    if as_json:
        out().print(Text(json.dumps(comparison.as_data(), ensure_ascii=False, indent=1)), soft_wrap=True)
    else:
        _show(comparison)
    if comparison.differences:
        raise typer.Exit(1)


def _show(comparison: Comparison) -> None:
    console = out()
    marks = sum(one.is_of_marks for one in comparison.differences)
    rest = len(comparison.differences) - marks
    more = f"; for {rest} more something else does" if rest else ""
    if comparison.differences:
        console.print(_table(comparison))
    console.print(Text(f"{marks} of {comparison.students} marks differ{more}"))
    for line in comparison.graders:
        console.print(Text(line))


def _table(comparison: Comparison) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1), collapse_padding=True, header_style="bold")
    table.add_column("Student", no_wrap=True, overflow="ellipsis", max_width=20)
    for head in ("Old", "New", "Change"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("Why", overflow="fold")
    for one in comparison.differences:
        why = Text(printable("\n".join(one.reasons), 10_000))
        table.add_row(Text(printable(one.student)), _shown(one.old), _shown(one.new), _change(one), why)
    return table


def _shown(value: float | None) -> str:
    return "-" if value is None else points(value)


def _change(one: Difference) -> str:
    if one.old is None or one.new is None or one.old == one.new:
        return ""
    sign = "+" if one.new > one.old else "-"
    return sign + points(abs(one.new - one.old))
