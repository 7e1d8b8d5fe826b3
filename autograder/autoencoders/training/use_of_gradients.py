"""What the optimizers did with the gradients that had arrived: as they are, times a factor, left over, or changed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.training.updates import Update, by_parameter
from autograder.course.draws import Float64Array


@dataclass(frozen=True)
class Used:
    """What the optimizer did with the gradients that had arrived.

    Attributes:
        kind: empty where it used them as they were, or each times one factor; ``clipped``, ``no-zero-grad``,
            ``cleared-before-step``, ``step-before-backward``, ``gradients-noisy``, or ``gradients-changed`` where it
            is none of these.
        factor: what they were multiplied with, as by a gradient scaler, and -1 where steps go uphill; for each update
            another, where it is not the same in all.
    """

    kind: str = ""
    factor: float | Float64Array = 1.0

    def factor_of(self, count: int) -> float | Float64Array:
        """The factor of as many updates, 1 where it is not known which of them has which."""
        return self.factor if np.ndim(self.factor) == 0 or np.shape(self.factor) == (count,) else 1.0


# Of how many numbers a correlation says something, so many of them large; and how many times its spread it may be.
_LEAST_NOISE, _LEAST_LARGE, _BY_CHANCE = 200, 30, 5.0
# What share of the correlations has to say something.
_MOST_TOLD = 0.75
# A gradient scaler multiplies the loss with this, and divides the gradients by it before they are clipped.
_SCALES = (65536.0, 1.0)


def what_was_used(every: Sequence[Update]) -> Used:
    """What the optimizers did with the gradients, in all updates alike."""
    each = [_used_and_arrived(update) for update in every if update.steps]
    pairs = [(used, arrived) for used, arrived in each if np.any(arrived) or np.any(used)]
    if not pairs:
        return Used()
    reached = [one for update in every for one in update.forwards if one.gradient is not None]
    if reached and all(one.is_late for one in reached):
        return Used("step-before-backward")
    if not any(np.any(used) for used, _ in pairs):
        return Used("cleared-before-step")
    uphill: float = _uphill(every)
    ratios = [_ratio(used, arrived) for used, arrived in pairs]
    known: list[float] = [ratio for ratio in ratios if ratio is not None]
    if len(known) == len(ratios) and max(known) - min(known) <= 1e-3 * known[0]:
        return Used("", uphill * known[0])
    if any(step.was_cleared for update in every for step in update.steps):
        return Used("", uphill)  # not all that had arrived was meant to be used
    for scale in _SCALES:
        scaled = [(used, np.divide(arrived, scale)) for used, arrived in pairs]
        if _is_clipped_by_norm(scaled) or _is_clipped_by_value(scaled):
            return Used("clipped", uphill / scale)
    if len(known) == len(ratios):
        return Used("", uphill * np.array(known))
    if _is_left_over(pairs):
        return Used("no-zero-grad", uphill)
    if _is_decayed(every):
        return Used("", uphill)
    if all(_is_rescaled(update) for update in every if update.steps):
        return Used("clipped", uphill)
    return Used("gradients-noisy" if _is_noisy(every) else "gradients-changed", uphill)


def _used_and_arrived(update: Update) -> tuple[Float64Array, Float64Array]:
    """What the optimizers found and what had arrived, at the parameters that they hold."""
    found, sent = [], []
    arrived = by_parameter(update.steps[0].arrived)
    for step in update.steps:
        for place, used in enumerate(by_parameter(step.used)):
            if step.held[place]:
                found.append(used.ravel())
                sent.append(arrived[place].ravel())
    return np.concatenate(found), np.concatenate(sent)


def _ratio(used: Float64Array, arrived: Float64Array) -> float | None:
    """The number r with ``used = r * arrived``, if there is one above 0."""
    ratio = float(used @ arrived) / max(float(arrived @ arrived), 1e-30)
    fits = np.allclose(used, ratio * arrived, rtol=1e-3, atol=1e-12 + 1e-5 * np.abs(used).max(initial=0.0))
    return ratio if fits and ratio > 0.0 else None


def _uphill(every: Sequence[Update]) -> float:
    """-1 where the first step goes along the gradient that it used, and not against it; else 1."""
    first = next((update for update in every if update.steps), None)
    return -1.0 if first is not None and sum(step.along for step in first.steps) > 0.0 else 1.0


def _is_clipped_by_norm(pairs: Sequence[tuple[Float64Array, Float64Array]]) -> bool:
    """Whether gradients longer than some bound are shortened to it, and the others used as they are."""
    ratios = [_ratio(used, arrived) for used, arrived in pairs]
    if any(ratio is None or ratio > 1.001 for ratio in ratios):
        return False
    lengths = [_norm(used) for used, _ in pairs]
    bound = max(lengths)
    cut = [length for length, ratio in zip(lengths, ratios, strict=True) if ratio is not None and ratio < 0.999]
    return bool(cut) and all(length > 0.99 * bound for length in cut)


def _is_clipped_by_value(pairs: Sequence[tuple[Float64Array, Float64Array]]) -> bool:
    bound = max(float(np.abs(used).max()) for used, _ in pairs)
    return all(np.allclose(used, np.clip(arrived, -bound, bound), rtol=1e-3) for used, arrived in pairs)


def _is_left_over(pairs: Sequence[tuple[Float64Array, Float64Array]]) -> bool:
    """Whether each gradient used is the one that has arrived, in parts with the one used before it added."""
    before = np.zeros_like(pairs[0][0])
    for used, arrived in pairs:
        if used.shape != before.shape:
            return False
        size = np.abs(used).max(initial=0.0)
        fresh = np.abs(used - arrived) <= 1e-6 + 1e-3 * np.abs(used) + 1e-5 * size
        kept = np.abs(used - arrived - before) <= 1e-6 + 1e-3 * np.abs(used) + 1e-5 * size
        if not np.all(fresh | kept):
            return False
        before = used
    return True


def _is_decayed(every: Sequence[Update]) -> bool:
    """Whether a part of the weights was added to the gradients, the same part each time, as weight decay does."""
    parts = []
    for update in (one for one in every if one.steps):
        used, arrived = _used_and_arrived(update)
        weights, added = _held(update, update.steps[0].weights), used - arrived
        parts.append(float(added @ weights) / max(float(weights @ weights), 1e-30))
        blur = 1e-5 * _norm(used)
        if _norm(added - parts[-1] * weights) > 0.02 * _norm(added) + blur:
            return False
    return min(parts) > 0.0 and max(parts) - min(parts) <= 0.02 * max(parts)


def _is_rescaled(update: Update) -> bool:
    """Whether each parameter's gradient was shortened or lengthened, or each number in it, the larger the more."""
    arrived = by_parameter(update.steps[0].arrived)
    for step in update.steps:
        for place, used in enumerate(by_parameter(step.used)):
            if not step.held[place] or _ratio(used.ravel(), arrived[place].ravel()) is not None:
                continue
            order = np.argsort(np.abs(arrived[place]), axis=None)
            pull = (used * np.sign(arrived[place])).ravel()[order]
            most = 1e-4 * float(np.abs(pull).max(initial=0.0))
            if np.any(pull < np.maximum.accumulate(pull) - most) or pull.min(initial=0.0) < -most:
                return False
    return True


def _is_noisy(every: Sequence[Update]) -> bool:
    """Whether what was added to the gradients is like nothing that is known, nor twice the same."""
    known: list[Float64Array] = []
    told = []
    for update in (one for one in every if one.steps):
        used, arrived = _used_and_arrived(update)
        weights, added = _held(update, update.steps[0].weights), used - arrived
        known += [arrived, weights]
        if np.count_nonzero(added) < _LEAST_NOISE or any(one.shape != added.shape for one in known):
            return False
        told += [_is_unlike(added, one) for one in known]
        known.append(added)
    return False not in told and told.count(True) > _MOST_TOLD * len(told)


def _is_unlike(one: Float64Array, other: Float64Array) -> bool | None:
    """Whether the correlation of both is what chance makes it; ``None`` where a few large numbers decide it alone."""
    products = one * other
    squares = products**2
    count = float(squares.sum() ** 2 / max((squares**2).sum(), 1e-300))
    if not np.any(products):
        return True
    return abs(products.sum()) <= _BY_CHANCE * _norm(products) if count >= _LEAST_LARGE else None


def _held(update: Update, flat: Float64Array) -> Float64Array:
    """The part of it that belongs to the parameters that the update's optimizers hold."""
    parts = by_parameter(flat)
    return np.concatenate(
        [parts[place].ravel() for step in update.steps for place, held in enumerate(step.held) if held]
    )


def _norm(values: Float64Array) -> float:
    return float(np.sqrt((np.asarray(values) ** 2).sum()))
