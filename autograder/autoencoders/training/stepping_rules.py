"""Ways to step that optimizers have: whether one of them explains all the changes that were made by hand.

Each is told by its direction alone, in each parameter by itself: how large a step is says nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
Parts = Sequence[npt.NDArray[np.float64]]
# How fast means of the gradients, and of their squares, forget: all that is usual; a square that forgets at once leaves
# a sign, and one that never does is Adagrad's.
_OF_GRADIENTS = (0.0, 0.5, 0.8, 0.9, 0.95)
_OF_SQUARES = (0.0, 0.9, 0.95, 0.99, 0.999, 1.0)
# A momentum that forgets less than this is no momentum: gradients are never cleared.
_MOST_MOMENTUM = 0.995
# What share of a change may be left.
_LEFT = 1e-2


@dataclass
class SteppingRules:
    """What all steps so far leave of the rules, each fed with the same gradients."""

    _means: dict[float, list[npt.NDArray[np.float64]]] = field(default_factory=dict)
    _squares: dict[float, list[npt.NDArray[np.float64]]] = field(default_factory=dict)
    _left: set[object] | None = None
    _before: tuple[Parts, Parts] | None = None

    def explain(self, gradient: Parts, change: Parts, rounding: float) -> bool:
        """Whether some rule explains this change, and all those before it.

        Args:
            gradient: what had arrived, parameter by parameter.
            change: what was added to each parameter.
            rounding: how long a change may be that is none.
        """
        self._follow(gradient)
        fitting = {key for key, columns in self._directions(gradient) if _all_along(change, columns, rounding)}
        if self._has_momentum(gradient, change, rounding):
            fitting.add("momentum")
        self._left = fitting if self._left is None else self._left & fitting
        self._before = gradient, change
        return bool(self._left)

    def _follow(self, gradient: Parts) -> None:
        for rate in _OF_GRADIENTS:
            before = self._means.get(rate, [np.zeros_like(one) for one in gradient])
            self._means[rate] = [rate * old + (1.0 - rate) * one for old, one in zip(before, gradient, strict=True)]
        for rate in _OF_SQUARES:
            before = self._squares.get(rate, [np.zeros_like(one) for one in gradient])
            new = max(1.0 - rate, 1e-3)
            self._squares[rate] = [rate * old + new * one**2 for old, one in zip(before, gradient, strict=True)]

    def _directions(self, gradient: Parts) -> Iterator[tuple[object, Parts]]:
        yield "gradient", gradient
        for fast in _OF_GRADIENTS:
            for slow in _OF_SQUARES:
                both = zip(self._means[fast], self._squares[slow], strict=True)
                yield (fast, slow), [mean / np.sqrt(np.maximum(square, 1e-30)) for mean, square in both]

    def _has_momentum(self, gradient: Parts, change: Parts, rounding: float) -> bool:
        """Whether each change is a part of the one before, against the gradient and, as Nesterov's, the one before."""
        if self._before is None:
            return _all_along(change, gradient, rounding)
        places = [place for place, moved in enumerate(change) if np.any(moved)]
        now, moved, *before = (
            np.concatenate([one[place] for place in places]) if places else np.zeros(1)
            for one in (gradient, change, self._before[1], self._before[0])
        )
        for count in (2, 3):
            columns = np.stack([now, *before][:count], axis=1)
            lengths = np.maximum(np.linalg.norm(columns, axis=0), 1e-30)
            factors, *_ = np.linalg.lstsq(columns / lengths, moved, rcond=None)
            if _length(moved - columns @ (factors / lengths)) <= _LEFT * _length(moved) + rounding:
                return bool(0.0 <= factors[1] / lengths[1] < _MOST_MOMENTUM)
        return False


def _all_along(change: Parts, direction: Parts, rounding: float) -> bool:
    """Whether each parameter's change is its direction times one number, all of one sign."""
    rates = []
    for moved, way in zip(change, direction, strict=True):
        if not np.any(moved):
            continue
        rate = float(moved @ way) / max(float(way @ way), 1e-30)
        if rate == 0.0 or _length(moved - rate * way) > _LEFT * _length(moved) + rounding:
            return False
        rates.append(rate)
    return bool(rates) and (min(rates) > 0.0 or max(rates) < 0.0)


def _length(values: npt.NDArray[np.float64]) -> float:
    return float(np.linalg.norm(values))
