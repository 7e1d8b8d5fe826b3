"""What to offer for what went wrong: a hint of the exercise, parts of the notebook to reread."""

from collections.abc import Iterable
from typing import Protocol

from autograder.exercises.catalogue import exercise


class Checked(Protocol):
    """A check that was judged."""

    @property
    def key(self) -> str:
        """Its name within the exercise."""

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


def to_reread(key: str, checks: Iterable[Checked]) -> tuple[str, ...]:
    """Headings of the parts of the notebook that teach what has a named mistake in it, each once."""
    known = exercise(key)
    wrong = [known.check(one.key) for one in checks if not one.passed and one.misconception]
    return tuple(dict.fromkeys(check.taught or known.taught for check in wrong))
