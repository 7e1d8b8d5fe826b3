"""A chart of a picture's numbers, for a page to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Layer:
    """One thing that a chart shows.

    Attributes:
        label: what it is, for the legend; layers without one are not in it.
        x: its points' places across.
        y: and upwards.
        shape: ``dots``, ``rings``, or the line through the points, ``dashed`` for what is only there to compare with.
        whose: ``seen`` of what the student's code did, ``asked`` of what the exercise asks for.
        names: what is written beside each point, if anything is.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    shape: Literal["dots", "rings", "line", "dashed"]
    whose: Literal["seen", "asked"] = "seen"
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """What a page draws.

    Attributes:
        caption: what it shows, for everybody.
        alt: what can be seen in it, for those who cannot see it.
        x: what lies across, in words.
        y: what lies upwards; empty where that says nothing.
        layers: from back to front.
        scale: ``equal`` where a step across is as long as one upwards.
        shown: from where to where it goes upwards, cutting off the rest; ``None`` shows all.
    """

    caption: str
    alt: str
    x: str
    y: str
    layers: tuple[Layer, ...]
    scale: Literal["equal", "free"] = "free"
    shown: tuple[float, float] | None = None
