"""One exercise's card for a terminal: what went wrong, in colour."""

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from autograder.judging.verdicts import Status
from autograder.reports.card import Card
from autograder.reports.wording import LOOKS


def terminal(card: Card) -> Group:
    """The card for a terminal."""
    look = LOOKS[card.result.status]
    passed = card.result.status is Status.PASSED
    head = Text(f"{look.sign} {card.head}", style="bold green" if passed else "bold")
    return Group(head, *(Padding(Text(line), (0, 0, 0, 4), expand=False) for line in _terminal_lines(card)))


def _terminal_lines(card: Card) -> list[str]:
    if not card.was_attempted:
        return []
    said = (check for check in card.result.checks if check.message)
    titles = {check.key: check.title for check in card.exercise.checks}
    lines = [f"{'Note' if check.passed else titles[check.key]}: {check.message}" for check in said]
    if card.sections:
        lines.append(f"To reread: {'; '.join(card.sections)}")
    if card.offer is not None:
        lines.append(f"Stuck? {card.offer.call} in the notebook {card.offer.does}; hints are free.")
    return lines
