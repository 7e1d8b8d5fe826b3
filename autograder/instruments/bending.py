"""Where a function of one number bends: values and slopes, at points that are added until each bend stands alone."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.autograd import forward_ad

Function = Callable[[Tensor], Tensor]

# Bends of a random network lie close around 0 and ever thinner towards both ends, as these first points do.
_FIRST_POINTS, _ROUNDS = 301, 40
# Of 512 bends, half of the first intervals have more than one, and a third of twice as many.
_MOST_OPEN_AT_FIRST, _MOST_OPEN = 0.8, 0.4
_NO_BEND, _PRECISION = 1e-10, 1e-11
# A curved function has more than one bend between any neighbours: so few pairs of the first points tell it.
_PAIRS = 20


@dataclass(frozen=True)
class Sampled:
    """Points in ascending order, and the function's values and slopes there; the latter have shape (n, outputs)."""

    points: Tensor
    values: Tensor
    slopes: Tensor

    def with_more(self, other: "Sampled") -> "Sampled":
        """These points and others together."""
        points = torch.cat([self.points, other.points])
        order = points.argsort()
        return Sampled(
            points[order],
            torch.cat([self.values, other.values])[order],
            torch.cat([self.slopes, other.slopes])[order],
        )


def sample(function: Function, points: Tensor) -> Sampled:
    """Values and slopes at the points; ``function`` maps (n,) to (n, outputs), row by row."""
    with forward_ad.dual_level(), torch.no_grad():
        moving = forward_ad.make_dual(points, torch.ones_like(points))
        value, slope = forward_ad.unpack_dual(function(moving))
        return Sampled(points, value.detach().clone(), torch.zeros_like(value) if slope is None else slope.clone())


def follow(function: Function, end: float, width: float, most: int) -> Sampled:
    """Values and slopes between ``-end`` and ``end``, at more points wherever two neighbours have two bends between.

    Args:
        function: maps (n,) to (n, outputs), row by row.
        end: where to begin and end.
        width: how far from 0 most bends lie.
        most: more points than that are not tried: such a function is curved.
    """
    scale = torch.atan(torch.tensor(end / width, dtype=torch.float64))
    first = width * torch.tan(scale * torch.linspace(-1, 1, _FIRST_POINTS, dtype=torch.float64))
    in_pairs = torch.arange(_FIRST_POINTS) % (_FIRST_POINTS // _PAIRS) < 2
    seen = sample(function, first[in_pairs])
    if bool(_has_more_than_one_bend(seen)[::2].all()):
        return seen
    seen = seen.with_more(sample(function, first[~in_pairs]))
    for _ in range(_ROUNDS):
        left, right = seen.points[:-1], seen.points[1:]
        middle = width * torch.tan((torch.atan(left / width) + torch.atan(right / width)) / 2)
        wanted = middle[_has_more_than_one_bend(seen) & (middle > left) & (middle < right)]
        share = len(wanted) / len(left)
        is_curved = share > (_MOST_OPEN_AT_FIRST if len(seen.points) < 2 * _FIRST_POINTS else _MOST_OPEN)
        if is_curved or not len(wanted) or len(seen.points) + len(wanted) > most:
            break
        seen = seen.with_more(sample(function, wanted))
    return seen


def count_unresolved(seen: Sampled) -> int:
    """In how many intervals there is more than one bend."""
    return int(_has_more_than_one_bend(seen).sum())


def count_bends(seen: Sampled) -> int:
    """In how many intervals the function bends."""
    return int((_jumps(seen).norm(dim=1) > _NO_BEND).sum())


def _jumps(seen: Sampled) -> Tensor:
    """How far each output's slope jumps in each interval, relative to its steepest one."""
    return (seen.slopes[1:] - seen.slopes[:-1]) / _steepest(seen)


def _steepest(seen: Sampled) -> Tensor:
    steepest: Tensor = seen.slopes.abs().amax(0).clamp_min(1e-300)
    return steepest


def _has_more_than_one_bend(seen: Sampled) -> Tensor:
    """For each two neighbours whether their tangents leave more open than one bend between them."""
    gap = (seen.points[1:] - seen.points[:-1])[:, None]
    values, slopes, jump = seen.values / _steepest(seen), seen.slopes / _steepest(seen), _jumps(seen)
    missed = values[1:] - values[:-1] - slopes[:-1] * gap
    far = ((missed * jump).sum(1) / (jump * jump).sum(1).clamp_min(1e-300))[:, None]
    rest = (missed - far * jump).norm(dim=1)
    rounding = _PRECISION * (values[1:].norm(dim=1) + values[:-1].norm(dim=1) + gap[:, 0])
    unresolved: Tensor = (jump.norm(dim=1) > _NO_BEND) & (rest > rounding)
    return unresolved
