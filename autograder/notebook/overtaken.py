"""Cards whose exercise has been run again since they were shown: they say so, where they stand."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from autograder.notebook import kernel
from autograder.notebook.runs import error_of, run_of
from autograder.reports import card
from autograder.reports.card import Card


@dataclass(frozen=True)
class _Shown:
    """A card in the notebook.

    Attributes:
        card: what it says.
        place: IPython's handle of where it stands.
        run: the number of the run that has shown it.
    """

    card: Card
    place: Any
    run: int


class _Marks:
    """The latest card of each exercise, marked by the runs that follow it."""

    def __init__(self) -> None:
        self._shown: dict[str, _Shown] = {}

    def keep(self, shown: _Shown) -> None:
        """Take the place of the exercise's earlier card."""
        self._shown[shown.card.exercise.key] = shown

    def after_run(self, result: Any) -> None:
        """Mark the cards of what a run meant to define."""
        noted, run = kernel.runs(), run_of(result)
        if noted is None or run is None:
            return
        names = noted.meant(run)
        for shown in self._shown.values():
            if shown.card.exercise.name in names and run.number > shown.run:
                warning = _warning(shown.card.exercise.name, run.number, error_of(result))
                old = replace(shown.card, warnings=(warning, *shown.card.warnings))
                kernel.show_again(shown.place, card.html(old), card.text(old))


def _warning(name: str, number: int, error: BaseException | None) -> str:
    if error is None:
        return f"Out of date: `{name}` has been run again, as [{number}]. Run this check again, too."
    return (
        f"Out of date: run [{number}] of `{name}` stopped with {_kind(error)}. Mend that and run the cell, then run "
        "this check again."
    )


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


@cache
def _marks() -> _Marks | None:
    """``None`` outside IPython."""
    if (running := kernel.shell()) is None:
        return None
    made = _Marks()
    running.events.register("post_run_cell", made.after_run)
    return made


def show(shown: Card) -> None:
    """Show a card, to be marked once a later run has overtaken it."""
    place = kernel.show(card.html(shown), card.text(shown))
    marks = _marks()
    if place is not None and marks is not None:
        marks.keep(_Shown(shown, place, kernel.number_of_this_run()))
