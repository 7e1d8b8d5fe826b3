"""One exercise's card for a terminal: what is right, what went wrong, in colour."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group
from rich.text import Text

from autograder.judging.verdicts import NOT_LOOKED_AT, CheckResult, Status
from autograder.reports.card import Card
from autograder.reports.wording import LOOKS, check_look, check_message, check_title, points

_NARROWEST = 20


def terminal(card: Card) -> Group:
    """The card for a terminal: one line where all is right, else each check with its sign."""
    look = LOOKS[card.result.status]
    head = Text.assemble((f"{look.sign} ", f"bold {look.style}"), (card.head, "bold"))
    return Group(head, *_below(card))


def _below(card: Card) -> Iterator["_Indented"]:
    if not card.was_attempted:
        return
    titles = {check.key: check.title for check in card.exercise.checks}
    for check in card.result.checks:
        if card.result.status is not Status.PASSED:
            yield _Indented(_title(check, titles[check.key]), 4)
        if said := check_message(check):
            yield _Indented(Text(said), 6)
    if card.sections:
        yield _Indented(Text(f"To reread: {'; '.join(card.sections)}"), 4)
    if card.offer is not None:
        yield _Indented(Text(f"Stuck? {card.offer.call} in the notebook {card.offer.does}; hints are free."), 4)


def _title(check: CheckResult, title: str) -> Text:
    look = check_look(check)
    earned = (
        ""
        if check.passed or check.message == NOT_LOOKED_AT
        else f" ({points(check.points)}/{points(check.max_points)})"
    )
    return Text.assemble((f"{look.sign} ", look.style), check_title(check, title), (earned, "dim"))


@dataclass(frozen=True)
class _Indented:
    """A paragraph that stays behind its first column where it is wrapped, without blanks at the ends of its lines."""

    text: Text
    by: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        for line in self.text.wrap(console, max(options.max_width - self.by, _NARROWEST)):
            line.rstrip()
            yield Text(" " * self.by) + line
