"""What a page draws of an observation: a few numbers, whatever the observation held."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST_SERIES, MOST_NUMBERS, LARGEST = 6, 400, 1e6

_NAME = re.compile(r"[a-z][a-z-]{0,30}")


@dataclass(frozen=True)
class Picture:
    """Numbers of an observation, to be drawn.

    It goes from a judge, which reads what student code has sent, into a file and onto a page: there is no text in it,
    and what is not finite, or is more or larger than any drawing needs, is none.

    Attributes:
        kind: what is drawn; the exercise's ``picture`` module knows how.
        series: its numbers, by name.
    """

    kind: str
    series: Mapping[str, tuple[float, ...]]

    def __post_init__(self) -> None:
        names = (self.kind, *self.series)
        numbers = [number for series in self.series.values() for number in series]
        if len(self.series) > MOST_SERIES or len(numbers) > MOST_NUMBERS:
            raise ValueError(f"a picture has at most {MOST_SERIES} series and {MOST_NUMBERS} numbers")
        if not all(isinstance(name, str) and _NAME.fullmatch(name) for name in names):
            raise ValueError("a picture and its series are named in small letters")
        if not all(
            isinstance(number, float) and math.isfinite(number) and abs(number) <= LARGEST for number in numbers
        ):
            raise ValueError(f"a picture's numbers are finite and at most {LARGEST:g}")


def draw(kind: str, **series: Iterable[float]) -> Picture:
    """A picture of these numbers, to four digits: more can be seen in none.

    Raises:
        ValueError: they are too many, too large or not finite.
    """
    return Picture(
        kind, {name: tuple(float(f"{number:.4g}") for number in numbers) for name, numbers in series.items()}
    )
