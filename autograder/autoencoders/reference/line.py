"""Reading a network by its bends along a line: how many hidden units it has, and whether they end in a ReLU.

A network with one hidden layer of ReLUs, f(x) = Σ aₖ max(wₖ·x + bₖ, 0) + c, is linear between bends along any line, has
exactly one bend for each hidden unit, and its derivative jumps there by ± aₖ wₖ. With every parameter doubled each bend
stays where it is and each jump grows fourfold; further layers make bends move. All that holds however the layers are
written: as a convolution, in parts, with the bias among the weights.
"""

from dataclasses import dataclass
from enum import Enum, auto

import numpy as np
import numpy.typing as npt

from autograder.autoencoders.networks.line import HIDDEN_UNITS, MOST_MISSED, MOST_OPEN, Bends, LineScan
from autograder.course.draws import Float64Array

Indices = npt.NDArray[np.intp]

# Relative to the function's steepest slope, and of float64's rounding.
_NO_JUMP, _PRECISION, _ROUNDING, _FLAT = 1e-10, 1e-10, 1e-9, 1e-12
_SAME, _SAME_PLACE, _SAME_GROWTH, _SAME_LEAK = 1e-7, 1e-4, 1e-2, 2e-2
_HALF_ON = 0.4
# Smaller jumps than that, beside an output's steepest slope, say little about how they grow.
_LARGE = 1e-6
_MOST, _FEW, _CHANCE = 0.9, 0.1, 0.05
# A few units whose bends are missed leave little of a slope unexplained; a way around the hidden layer leaves much.
_MUCH_LEFT = 0.25


class Layers(Enum):
    """What a line says of a network's layers."""

    ONE_HIDDEN = auto()
    AFFINE = auto()
    OTHER = auto()
    NOT_REGISTERED = auto()
    UNDECIDED = auto()


@dataclass(frozen=True)
class LineReading:
    """What a line says of a network.

    Attributes:
        layers: whether there is one hidden layer, between linear ones, and all of it registered.
        width: number of its units, if so.
        leak: what is left of a hidden unit's negative values: 0 for ReLU; ``None`` where there are too many units.
    """

    layers: Layers
    width: int = 0
    leak: float | None = None


def read_line(scan: LineScan) -> LineReading:
    """What a scan says."""
    first = _Jumps.of(scan.bends)
    if first.open > MOST_OPEN:
        return LineReading(Layers.OTHER)
    if (more := scan.more) is None:
        return LineReading(Layers.UNDECIDED)
    doubled, redrawn = _Jumps.of(more.doubled), _Jumps.of(more.redrawn)
    if redrawn.open > MOST_OPEN:
        return LineReading(Layers.OTHER)
    if not first.count and not redrawn.count and first.is_steep and redrawn.is_steep:
        return LineReading(Layers.AFFINE)
    if first.open or redrawn.open or not first.count or not redrawn.count:
        return LineReading(Layers.UNDECIDED)
    width = first.count
    times, left = _times_on_at_start(more.spread, first) if width <= more.spread.shape[1] else (None, 0.0)
    if left > _MUCH_LEFT:
        return LineReading(Layers.OTHER)
    if (pairs := doubled.paired_with(first)) is None:
        # A constant beside the parameters makes all bends move as well, but leaves their directions.
        has_constant = doubled.share_at_places_of(first) < _FEW and doubled.share_directed_as(first) > _MOST
        return LineReading(Layers.UNDECIDED if has_constant else Layers.OTHER)
    growth = doubled.growth_from(first, pairs)
    uneven, little = float(np.ptp(growth)) > _SAME_GROWTH, float(growth.mean()) < 2.0 - _SAME_GROWTH
    if uneven or (little and max(redrawn.share_at_places_of(first), redrawn.share_directed_as(first)) > _CHANCE):
        return LineReading(Layers.NOT_REGISTERED)
    if redrawn.share_at_places_of(first) > _CHANCE:  # A bend of the inputs, such as where the largest of four changes.
        return LineReading(Layers.OTHER)
    if abs(redrawn.count - width) > MOST_MISSED or 0 < abs(width - HIDDEN_UNITS) <= MOST_MISSED:
        return LineReading(Layers.UNDECIDED)
    if width > more.spread.shape[1]:
        return LineReading(Layers.ONE_HIDDEN, width)
    if times is None:
        return LineReading(Layers.UNDECIDED)
    leak = _leak(times) if left < _SAME_LEAK else None
    return LineReading(Layers.OTHER) if leak is None else LineReading(Layers.ONE_HIDDEN, width, leak)


def activation_with(leak: float) -> str:
    """The name of the function that leaves that much of negative values."""
    if abs(leak) < _SAME_LEAK / 10:
        return "ReLU"
    if abs(leak + 1.0) < _SAME_LEAK:
        return "an absolute value"
    return "a leaky ReLU" if abs(leak - 0.01) < _SAME_LEAK / 10 else f"a leaky ReLU with slope {leak:.2g}"


@dataclass(frozen=True)
class _Jumps:
    """Jumps of the derivative between neighbouring points.

    Attributes:
        intervals: which pairs of neighbours have exactly one between them.
        at: where, shape (count,).
        by: how far, shape (count, outputs).
        size: the steepest slope of each output.
        sharpness: how far, relative to each output's steepest slope, shape (count,).
        is_steep: whether every output moves along the line.
        open: how many pairs have more than one between them.
    """

    intervals: Indices
    at: Float64Array
    by: Float64Array
    size: Float64Array
    sharpness: Float64Array
    is_steep: bool
    open: int

    @classmethod
    def of(cls, bends: Bends) -> "_Jumps":
        """The jumps that values and slopes show: the tangents of two neighbours meet where the only bend is."""
        size = np.abs(bends.slopes).max(axis=0) + 1e-300
        gap = np.diff(bends.points)[:, None]
        values, slopes = bends.values / size, bends.slopes / size
        jump = np.diff(slopes, axis=0)
        missed = np.diff(values, axis=0) - slopes[:-1] * gap
        far = (missed * jump).sum(axis=1) / ((jump * jump).sum(axis=1) + 1e-300)
        rest = np.linalg.norm(missed - far[:, None] * jump, axis=1)
        norms = np.linalg.norm(values, axis=1)
        rounding = _PRECISION * (norms[1:] + norms[:-1] + gap[:, 0])
        sharpness = np.linalg.norm(jump, axis=1)
        bent = sharpness > _NO_JUMP
        alone = bent & (rest <= rounding)
        (intervals,) = np.nonzero(alone)
        return cls(
            intervals=intervals,
            at=(bends.points[1:] - far)[alone],
            by=(jump * size)[alone],
            size=size,
            sharpness=sharpness[alone],
            is_steep=bool((size > _FLAT).all()),
            open=int((bent & ~alone).sum()),
        )

    @property
    def count(self) -> int:
        """How many stand alone."""
        return len(self.at)

    @property
    def directions(self) -> Float64Array:
        """The jumps, each of length 1, shape (count, outputs)."""
        lengths: Float64Array = np.linalg.norm(self.by, axis=1, keepdims=True)
        return self.by / lengths

    def paired_with(self, others: "_Jumps") -> tuple[Indices, Indices] | None:
        """Which of these are at which of the others' places: ``None`` where more than a few are at no such place.

        A bend whose jump is hardly more than rounding is found in one look and missed in another; where small ones are
        cannot be said as precisely.
        """
        if not self.count or not others.count:
            return None
        far = np.abs(self.at[:, None] - others.at)
        mine, theirs = far.argmin(axis=1), far.argmin(axis=0)
        near = (np.abs(others.at) + float(np.median(np.abs(others.at)))) * (_SAME_PLACE + _ROUNDING / others.sharpness)
        each = np.arange(self.count)
        paired = (theirs[mine] == each) & (far[each, mine] <= near[mine])
        missed = max(self.count, others.count) - int(paired.sum())
        return None if missed > MOST_MISSED else (each[paired], mine[paired])

    def share_at_places_of(self, others: "_Jumps") -> float:
        """Which share is just where one of the others is."""
        at = np.sort(others.at)
        places = np.searchsorted(at, self.at).clip(1, len(at) - 1)
        far = np.minimum(np.abs(self.at - at[places - 1]), np.abs(self.at - at[places]))
        return float((far < _SAME * (np.abs(self.at) + float(np.median(np.abs(self.at))))).mean())

    def share_directed_as(self, others: "_Jumps") -> float:
        """Which share has just the direction of a single one of the others.

        Units of a convolution that reach but one of the outputs have all the same.
        """
        if not self.count:
            return 0.0
        known = others.directions
        alike = [int((np.abs(known - one).sum(axis=1) < _SAME).sum()) for one in self.directions]
        return float(np.mean([count == 1 for count in alike]))

    def growth_from(self, others: "_Jumps", pairs: tuple[Indices, Indices]) -> Float64Array:
        """For every jump that rounding leaves readable, log₂ of how much larger it is than the others' one there."""
        by, before = self.by[pairs[0]], others.by[pairs[1]]
        large = np.abs(before) > _LARGE * others.size
        growth: Float64Array = np.log2(np.abs(by[large] / before[large]) + 1e-300)
        return growth


def _times_on_at_start(spread: Float64Array, jumps: _Jumps) -> tuple[Float64Array | None, float]:
    """How many times the first derivative holds each unit's jump, and which share of it none of them explains.

    ``None`` where that cannot be said.
    """
    by = spread[jumps.intervals + 1] - spread[jumps.intervals]
    lengths = np.linalg.norm(by, axis=1)
    readable = lengths > _NO_JUMP * lengths.max()
    each = by[readable] / lengths[readable, None]
    try:
        times: Float64Array = np.linalg.solve(each @ each.T, each @ -spread[0])
    except np.linalg.LinAlgError:
        return None, 0.0
    rest = float(np.linalg.norm(times @ each + spread[0])) / (float(np.linalg.norm(spread[0])) + 1e-300)
    return times / lengths if readable.all() else None, rest


def _leak(times: Float64Array) -> float | None:
    """What is left of negative values: ``None`` where it is not the same for all units.

    With λ left of them the derivative holds a jump 1 / (1 - λ) times, or -λ / (1 - λ) times: with ReLU, once or not at
    all.
    """
    on = float(np.median(times[times > _HALF_ON])) if np.any(times > _HALF_ON) else 0.0
    are_on, are_off = (np.abs(times - level) < _SAME_LEAK for level in (on, 1.0 - on))
    return 1.0 - 1.0 / on if on > _HALF_ON and bool((are_on | are_off).all()) else None
