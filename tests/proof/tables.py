"""Showing on the terminal what was proved, and how far the proof has come."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from autograder.cli.terminal import err, out
from autograder.engine.levels import Level, is_on
from proof.attacks.catalogue import Attack
from proof.attacks.outcome import AttackOutcome
from proof.matrix import Matrix

_NAME_WIDTH = 40
_CONTROL_WIDTH = 8
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


def show_attacks(outcomes: Sequence[AttackOutcome], controls: Sequence[AttackOutcome], level: Level) -> None:
    """What stopped each attack and its control, those that won, and the sandbox's layers that were in force.

    Args:
        outcomes: what came of every attack.
        controls: what came of those that have to win without a sandbox, there.
        level: the sandbox that was put to the test.
    """
    console = out()
    console.print(_table_of_attacks(outcomes, {one.attack.name: bool(one.won) for one in controls}))
    won = [one for one in outcomes if one.won]
    for one in won:
        console.print(Text(f"won: {one.attack.name}: {'; '.join(one.won)}", style="red"), soft_wrap=True)
        console.print(Text(f"     it tries {one.attack.tries}"), soft_wrap=True)
    for one in controls:
        if not one.won:
            text = f"no control: {one.attack.name}: it wins nothing without a sandbox either ({one.stopped_by})"
            console.print(Text(text, style="red"), soft_wrap=True)
    layers = next((one.layers for one in outcomes if one.layers), {})
    reports = ", ".join(name if is_on(report) else f"{name} {report}" for name, report in layers.items())
    without = f"; without a sandbox {sum(bool(one.won) for one in controls)} of {len(controls)} win" if controls else ""
    summary = f"{len(won)} of {len(outcomes)} attacks won; sandbox {level.value}: {reports or 'no layers'}{without}"
    console.print(Text(summary), soft_wrap=True)
    grader, judge = (max((size(one) for one in outcomes), default=0) for size in (_grader_mib, _judge_mib))
    console.print(Text(f"the grader took up to {grader:,} MiB more over an attack, its judge {judge:,} MiB"))


def _grader_mib(outcome: AttackOutcome) -> int:
    return outcome.peaks.grader_mib


def _judge_mib(outcome: AttackOutcome) -> int:
    return outcome.peaks.judge_mib


def _table_of_attacks(outcomes: Sequence[AttackOutcome], controls: Mapping[str, bool]) -> Table:
    """Theme by theme, 80 columns wide."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), collapse_padding=True)
    table.add_column("attack", width=_NAME_WIDTH, no_wrap=True, overflow="ellipsis")
    most = _WIDTH - _NAME_WIDTH - _CONTROL_WIDTH - 2
    table.add_column("stopped by", max_width=most, no_wrap=True, overflow="ellipsis")
    table.add_column("without", width=_CONTROL_WIDTH, no_wrap=True)
    theme = ""
    for one in outcomes:
        if one.attack.theme != theme:
            theme = one.attack.theme
            table.add_row(Text(theme, style="bold"), "", "")
        sign, style = ("✗", "red") if one.won else ("✓", "green")
        name = Text.assemble((sign, style), f" {one.attack.name}")
        stopped = Text("it won", style="red") if one.won else Text(one.stopped_by)
        table.add_row(name, stopped, _control(one.attack, controls))
    return table


def _control(attack: Attack, controls: Mapping[str, bool]) -> Text:
    """How it is known that the attack wins where nothing stops it."""
    if attack.name in controls:
        return Text("it wins") if controls[attack.name] else Text("stopped", style="red")
    return Text("a test" if "::" in attack.control else "")
