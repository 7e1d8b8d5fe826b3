"""The number that a check gives: there for nbgrader, out of the student's sight."""

from functools import cache

from autograder.notebook import kernel

_NOTHING = "<span hidden></span>"


class _Latest:
    number: float | None = None


def unseen_number(value: float) -> float:
    """The same plain float, shown as nothing where a cell ends in it; its plain text, which nbgrader reads, stays."""
    _hide()
    _Latest.number = value
    return value


@cache
def _hide() -> None:
    if (running := kernel.shell()) is not None:
        running.display_formatter.formatters["text/html"].for_type(float, _html)


def _html(value: float) -> str | None:
    """Nothing for the very number that the latest check gave; every other float is shown as ever."""
    return _NOTHING if value is _Latest.number else None
