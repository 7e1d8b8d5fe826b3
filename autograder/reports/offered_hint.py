"""Which of an exercise's hints to offer for what went wrong."""

from collections.abc import Iterable
from typing import Protocol

from autograder.exercises.catalogue import exercise


class Checked(Protocol):
    """A check that was judged."""

    @property
    def passed(self) -> bool:
        """Whether it is right."""

    @property
    def misconception(self) -> str | None:
        """The named mistake, with the exercise's key before it."""


def offered_hint(key: str, checks: Iterable[Checked]) -> int | None:
    """The lowest of the hints that the named mistakes have; ``None`` where none was named."""
    known = exercise(key)
    named = [one.misconception for one in checks if not one.passed and one.misconception]
    return min((known.misconception(name.removeprefix(f"{key}/")).hint for name in named), default=None)
