"""A course's chart as SVG that stands in a page: in its colours, without a script, and with text to read aloud.

Plotting libraries were measured: matplotlib takes 60 ms a chart and pygal 24, and a class of thousands has thousands of
them; one that is filled in like the rest of the page takes less than one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from autograder.course.chart import Chart, Layer
from autograder.reports.wording import templates

_WIDTH, _HEIGHT = 420.0, 280.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 62.0, 12.0, 8.0, 42.0
_MARGIN, _TICKS = 0.1, 5
_LEAST = 1e-9


@dataclass(frozen=True)
class Axis:
    """From numbers to places on the page, along one side.

    Attributes:
        low: the number at the beginning.
        high: the number at the end.
        start: where the beginning lies.
        end: where the end lies.
    """

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a number lies."""
        return round(self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start), 1)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Round numbers, where they lie and as text."""
        step = _round_step((self.high - self.low) / _TICKS)
        digits = max(0, -math.floor(math.log10(step)))
        first, last = math.ceil(self.low / step - _LEAST), math.floor(self.high / step + _LEAST)
        numbers = [number * step for number in range(first, last + 1)]
        return [(self.at(number), f"{number + 0.0:.{digits}f}".replace("-", "−")) for number in numbers]


@dataclass(frozen=True)
class Drawn:
    """A layer on the page: its points, each with its name, and its line."""

    layer: Layer
    points: Sequence[tuple[float, float, str]]
    line: str


def svg(chart: Chart) -> Markup:
    """The chart as an ``svg`` element."""
    x, y = _axes(chart)
    drawn = [_drawn(layer, x, y) for layer in chart.layers]
    size = {"width": _WIDTH, "height": _HEIGHT, "left": _LEFT, "right": _WIDTH - _RIGHT, "top": _TOP}
    return Markup(
        templates()
        .get_template("chart.svg.j2")
        .render(chart=chart, x=x, y=y, drawn=drawn, bottom=_HEIGHT - _BOTTOM, **size)
    )


def _axes(chart: Chart) -> tuple[Axis, Axis]:
    across = _range([value for layer in chart.layers for value in layer.x])
    upwards = chart.shown or _range([value for layer in chart.layers for value in layer.y])
    wide, tall = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
    if chart.scale == "equal":
        unit = max((across[1] - across[0]) / wide, (upwards[1] - upwards[0]) / tall)
        across, upwards = _widened(across, unit * wide), _widened(upwards, unit * tall)
    return Axis(*across, _LEFT, _WIDTH - _RIGHT), Axis(*upwards, _HEIGHT - _BOTTOM, _TOP)


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    margin = _MARGIN * (high - low) or _MARGIN * abs(high) or 1.0
    return low - margin, high + margin


def _widened(span: tuple[float, float], length: float) -> tuple[float, float]:
    middle = (span[0] + span[1]) / 2.0
    return middle - length / 2.0, middle + length / 2.0


def _round_step(step: float) -> float:
    """The next step of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if factor * power >= step * (1.0 - _LEAST))


def _drawn(layer: Layer, x: Axis, y: Axis) -> Drawn:
    names = layer.names or ("",) * len(layer.x)
    points = [(x.at(a), y.at(b), name) for a, b, name in zip(layer.x, layer.y, names, strict=True)]
    return Drawn(layer, points, " ".join(f"{a:g},{b:g}" for a, b, _ in points))
