"""Showing on the terminal what was proved, and how far the proof has come."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from autograder.cli.terminal import err, out
from autograder.engine.levels import Level, is_on
from proof.attacks.outcome import AttackOutcome
from proof.matrix import Matrix

_NAME_WIDTH = 40
_WIDTH = 80

T = TypeVar("T")


def with_progress(what: str, items: Iterable[T], count: int) -> Iterator[T]:
    """The items, with a progress bar while they come."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err(), transient=True) as progress:
        yield from progress.track(items, total=count)


def show_matrix(matrix: Matrix) -> None:
    """A matrix, its remark and its faults."""
    table = Table(title=matrix.title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, column in enumerate(matrix.columns):
        table.add_column(column, justify="right" if number else "left")
    for row in matrix.rows[:-1]:
        table.add_row(*row)
    table.add_section()
    table.add_row(*matrix.rows[-1], style="bold")
    console = out()
    console.print(table)
    console.print(Text(matrix.remark, style="dim"))
    for fault in matrix.faults:
        console.print(Text(fault, style="red"), soft_wrap=True)
    console.print()


def show_attacks(outcomes: Sequence[AttackOutcome], level: Level) -> None:
    """What stopped each attack, those that won, and the sandbox's layers that were in force."""
    console = out()
    console.print(_table_of_attacks(outcomes))
    won = [one for one in outcomes if one.won]
    for one in won:
        console.print(Text(f"won: {one.attack.name}: {'; '.join(one.won)}", style="red"), soft_wrap=True)
        console.print(Text(f"     it tries {one.attack.tries}"), soft_wrap=True)
    layers = next((one.layers for one in outcomes if one.layers), {})
    reports = ", ".join(name if is_on(report) else f"{name} {report}" for name, report in layers.items())
    summary = f"{len(won)} of {len(outcomes)} attacks won; sandbox {level.value}: {reports or 'no layers'}"
    console.print(Text(summary), soft_wrap=True)


def _table_of_attacks(outcomes: Sequence[AttackOutcome]) -> Table:
    """Theme by theme, 80 columns wide."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), collapse_padding=True, show_header=False)
    table.add_column("attack", width=_NAME_WIDTH, no_wrap=True, overflow="ellipsis")
    table.add_column("stopped by", max_width=_WIDTH - _NAME_WIDTH - 1, no_wrap=True, overflow="ellipsis")
    theme = ""
    for one in outcomes:
        if one.attack.theme != theme:
            theme = one.attack.theme
            table.add_row(Text(theme, style="bold"), "")
        sign, style = ("✗", "red") if one.won else ("✓", "green")
        name = Text.assemble((sign, style), f" {one.attack.name}")
        table.add_row(name, Text("it won", style="red") if one.won else Text(one.stopped_by))
    return table
