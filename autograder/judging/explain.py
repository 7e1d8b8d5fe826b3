"""Judging by hypotheses: what the right answer and each misconception would give, and which of them was seen."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Hypothesis(Generic[T]):
    """Something that a student may have written.

    Attributes:
        misconception: its key; ``None`` for what is right.
        expected: what it would give.
        values: what its message has to be filled in with.
    """

    misconception: str | None
    expected: T
    values: Mapping[str, object] = field(default_factory=dict)


def explain(hypotheses: Iterable[Hypothesis[T]], fits: Callable[[T], bool]) -> Hypothesis[T] | None:
    """The first hypothesis that gives what was seen; ``None`` where none does.

    Args:
        hypotheses: the right one first, then the likelier ones.
        fits: whether what a hypothesis expects is what was seen.
    """
    return next((one for one in hypotheses if fits(one.expected)), None)
