"""What is seen of classes that were mended of a slip."""

from typing import Protocol

from autograder.course.complete import demand
from autograder.course.observation import Failure

# What a normal law says that is given a negative spread.
_OF_NUMBERS = ("Expected parameter scale", "elements of std >= 0")


class Mendable(Protocol):
    """What is seen of a class."""

    @property
    def slips(self) -> tuple[Failure, ...]:
        """What had stopped the class, one slip after the other, where it was mended to see the rest."""

    @property
    def shows_nothing(self) -> bool:
        """Whether an exception, or a missing ``return``, has kept everything from being seen."""


def depends_on_numbers(failure: Failure | None) -> bool:
    """Whether something stopped at numbers that are negative by chance, where other images go through."""
    return failure is not None and any(text in failure.message for text in _OF_NUMBERS)


def demand_slips(seen: Mendable) -> None:
    """Demand that slips are exceptions of the student's code, and that something is seen without them.

    Raises:
        Incomplete: they are not, or nothing is.
    """
    demand(all(slip.kind == "raised" for slip in seen.slips), "slips that are exceptions")
    demand(not (seen.slips and seen.shows_nothing), "something that is seen without the slips")
