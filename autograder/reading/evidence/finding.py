"""What a piece of evidence is."""

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What makes a line worth a look."""

    LAYERS = "no layers where layers are asked for"
    GRADER = "reaching for the grader, or changing what it uses"
    SYSTEM = "reaching for the system"
    SETTING = "telling grader and notebook apart"
    TEXT = "text that is odd in itself"


@dataclass(frozen=True)
class Evidence:
    """One thing to look at.

    Attributes:
        exercise: name of the solution cell whose exercise it is about; empty where it is about none.
        place: the cell, as a person would call it.
        line: its line in that cell, from 1.
        seen: what was seen there.
        kind: what makes it worth a look.
        order: the cell's number among all that are run, and the line.
    """

    exercise: str
    place: str
    line: int
    seen: str
    kind: Kind
    order: tuple[int, int]
