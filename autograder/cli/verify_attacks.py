"""``autograder verify --attacks``: what stopped each attack."""

from collections.abc import Sequence
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from autograder.cli.terminal import err, out
from autograder.engine.levels import Level, is_on
from autograder.verify.attacks.catalogue import Attack, read_attacks
from autograder.verify.attacks.outcome import Outcome
from autograder.verify.attacks.run import run_attacks

_NAME_WIDTH = 40


def no_attack_wins(root: Path, level: Level) -> bool:
    """Try every attack and print what stopped it; whether none has won."""
    catalogue = read_attacks(root)
    outcomes = _tried(catalogue, root, level)
    _show(outcomes)
    won = [outcome for outcome in outcomes if outcome.won]
    console = out()
    for outcome in won:
        console.print(Text(f"won: {outcome.attack.name}: {'; '.join(outcome.won)}", style="red"), soft_wrap=True)
        console.print(Text(f"     it tries {outcome.attack.tries}"), soft_wrap=True)
    layers = next((outcome.layers for outcome in outcomes if outcome.layers), {})
    said = ", ".join(name if is_on(report) else f"{name} {report}" for name, report in layers.items())
    summary = f"{len(won)} of {len(outcomes)} attacks won"
    console.print(Text(f"{summary}; sandbox {level.value}: {said or 'no layers'}"), soft_wrap=True)
    return not won


def _tried(catalogue: Sequence[Attack], root: Path, level: Level) -> list[Outcome]:
    """The outcomes in the catalogue's order."""
    outcomes = {}
    columns = (TextColumn("attacking"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err(), transient=True) as progress:
        task = progress.add_task("attacking", total=len(catalogue))
        for outcome in run_attacks(catalogue, root, level):
            outcomes[outcome.attack.name] = outcome
            progress.advance(task)
    return [outcomes[attack.name] for attack in catalogue]


def _show(outcomes: Sequence[Outcome]) -> None:
    """What stopped each attack, theme by theme, 80 columns wide."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), collapse_padding=True, show_header=False)
    table.add_column("attack", width=_NAME_WIDTH, no_wrap=True, overflow="ellipsis")
    table.add_column("stopped by", max_width=79 - _NAME_WIDTH, no_wrap=True, overflow="ellipsis")
    theme = ""
    for outcome in outcomes:
        if outcome.attack.theme != theme:
            theme = outcome.attack.theme
            table.add_row(Text(theme, style="bold"), "")
        sign, style = ("✗", "red") if outcome.won else ("✓", "green")
        name = Text.assemble((sign, style), f" {outcome.attack.name}")
        table.add_row(name, Text("it won", style="red") if outcome.won else Text(outcome.stopped_by))
    out().print(table)
