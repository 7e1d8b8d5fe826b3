"""What ``double`` is tried with, and what is seen of it."""

from dataclasses import dataclass

from autograder.course.complete import demand_answers
from autograder.course.draws import Float64Array, uniform
from autograder.course.observation import CallResult

KEY = "doubling"


@dataclass(frozen=True)
class Observation:
    """What the function gave for the probe's numbers."""

    given: CallResult

    def check_complete(self) -> None:
        """Demand what the one call gave, or why there was nothing to call."""
        demand_answers((self.given,), 1, "what the function gave")


def numbers(seed: int) -> Float64Array:
    """Four numbers between 1 and 2."""
    return uniform(1.0, 2.0, (4,), seed, KEY)
