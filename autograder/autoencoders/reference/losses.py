"""Recognising a reconstruction loss by the gradient that it sends to the reconstruction.

Adam hides the scale of a loss from the trained weights; the gradient at the reconstruction x̂ shows it. Each kind of
loss has a gradient of its own shape; what is left is a factor for each step.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.reference.activations import sigmoid
from autograder.course.draws import Float64Array

# The rows and columns of an image.
PICTURE = (28, 28)

# What share of a gradient's square half precision may leave.
_LEFT_IF_ROUGH = 1e-3


@dataclass(frozen=True)
class Sent:
    """One step: the images x, the reconstructions x̂ and the gradient at x̂, each of shape (batch, pixels)."""

    x: Float64Array
    x_hat: Float64Array
    gradient: Float64Array


def _squared(sent: Sent) -> Float64Array:
    return 2.0 * (sent.x_hat - sent.x)


def _broadcast(sent: Sent) -> Float64Array:
    gradient: Float64Array = 2.0 * (len(sent.x) * sent.x_hat - sent.x.sum(axis=0, keepdims=True))
    return gradient


def _cross_entropy(sent: Sent) -> Float64Array:
    return (sent.x_hat - sent.x) / np.maximum(sent.x_hat * (1.0 - sent.x_hat), 1e-12)


def _of_length_one(rows: Float64Array) -> Float64Array:
    made: Float64Array = rows / np.maximum(np.sqrt((rows**2).sum(axis=1, keepdims=True)), 1e-12)
    return made


def _paired_by_length(sent: Sent) -> Float64Array:
    """Every image compared with every other one by the distance between them."""
    apart = sent.x_hat[:, None] - sent.x
    lengths = np.sqrt((apart**2).sum(axis=2, keepdims=True))
    gradient: Float64Array = (apart / np.maximum(lengths, 1e-12)).sum(axis=1)
    return gradient


def _square_of_sums(*axes: int) -> Callable[[Sent], Float64Array]:
    """Squares of what the differences add up to along some axes of (batch, rows, columns)."""

    def gradient(sent: Sent) -> Float64Array:
        difference = (sent.x_hat - sent.x).reshape(len(sent.x), *PICTURE)
        sums = 2.0 * difference.sum(axis=axes, keepdims=True)
        spread: Float64Array = np.broadcast_to(sums, difference.shape).reshape(sent.x.shape)
        return spread

    return gradient


def _guarded(least: float) -> Callable[[Sent], Float64Array]:
    """A cross-entropy whose logarithms are kept from 0 by something small that is added to what they are taken of."""

    def gradient(sent: Sent) -> Float64Array:
        sent_back: Float64Array = (1.0 - sent.x) / (1.0 - sent.x_hat + least) - sent.x / (sent.x_hat + least)
        return sent_back

    return gradient


_GRADIENTS: Mapping[str, Callable[[Sent], Float64Array]] = {
    "squared": _squared,
    "absolute": lambda sent: np.sign(sent.x_hat - sent.x),
    "cross-entropy": _cross_entropy,
    "cross-entropy-of-logits": lambda sent: sigmoid(sent.x_hat) - sent.x,
    "broadcast": _broadcast,
    "signed": lambda sent: np.ones_like(sent.x),
    "one-side-squared": lambda sent: -2.0 * sent.x_hat,
    "root": lambda sent: _of_length_one(sent.x_hat - sent.x),
    "fourth-power": lambda sent: 4.0 * (sent.x_hat - sent.x) ** 3,
    "some-pixels": lambda sent: _squared(sent) * (sent.gradient != 0.0),
}
_LEAST = (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)
_PAIRED = (_paired_by_length, lambda sent: np.sign(sent.x_hat[:, None] - sent.x).sum(axis=1))
_SUMMED_FIRST = tuple(_square_of_sums(*axes) for axes in ((1, 2), (2,), (1,), (0,)))
# The same where a bound keeps the logarithms from 0.
_GUARDED = (*map(_guarded, _LEAST), lambda sent: _cross_entropy(sent) * (sent.gradient != 0.0))
_KINDS = (
    *_GRADIENTS.items(),
    *(("cross-entropy", guarded) for guarded in _GUARDED),
    *(("broadcast", paired) for paired in _PAIRED),
    *(("squared-sum", summed) for summed in _SUMMED_FIRST),
)


@dataclass(frozen=True)
class RecognisedLoss:
    """A kind of loss, ``squared`` or the misconception that it shows, and for each step the factor before its sum."""

    kind: str
    factors: Float64Array


def recognise_loss(steps: Sequence[Sent], is_rough: bool = False) -> RecognisedLoss | None:
    """The kind of loss that explains the gradients of all steps; ``None`` when none is known.

    Args:
        steps: what was sent in each.
        is_rough: whether it was computed in half precision.
    """
    most = _LEFT_IF_ROUGH if is_rough else 1e-6
    best, least = None, most
    for kind, gradient in _KINDS:
        fits = [_fit_of(kind, gradient(sent), sent) for sent in steps]
        rest = max((rest for _, rest in fits), default=np.inf)
        # Of two that fit, the later one has to fit clearly better: rounding says nothing.
        if rest < 0.5 * least or (best is None and rest <= most):
            best, least = RecognisedLoss(kind, np.array([factor for factor, _ in fits])), rest
    if best is not None:
        return best
    return _both_errors(steps) or _smooth_absolute(steps) or _of_difference(steps, is_rough)


def _fit_of(kind: str, expected: Float64Array, sent: Sent) -> tuple[float, float]:
    factor, rest = fit(expected, sent.gradient)
    if kind != "cross-entropy" or rest > _LEFT_IF_ROUGH:
        return factor, rest
    # A few pixels that are nearly black or white make up most of its gradient: the others have to show it, too.
    spread = sent.x_hat * (1.0 - sent.x_hat)
    return factor, max(rest, fit(expected * spread, sent.gradient * spread)[1])


def _both_errors(steps: Sequence[Sent]) -> RecognisedLoss | None:
    """A squared error and a cross-entropy together; the factors told are those of the squared one."""
    found = []
    for sent in steps:
        # Where a pixel is nearly black or white, the cross-entropy's slope is all rounding: it counts as little there,
        # and where it is black or white to the last digit not at all.
        spread = sent.x_hat * (1.0 - sent.x_hat)
        parts = (_squared(sent) * spread, _cross_entropy(sent) * spread)
        factors, left = combined(parts, sent.gradient * spread)
        sizes = [factor * float(np.sqrt((part**2).sum())) for factor, part in zip(factors, parts, strict=True)]
        if left > 1e-6 or min(sizes) < 1e-3 * max(sizes):
            return None
        found.append(factors[0])
    return RecognisedLoss("errors-added", np.array(found))


def _smooth_absolute(steps: Sequence[Sent]) -> RecognisedLoss | None:
    """A Huber or smooth L1 loss: the difference's slope near 0, and one size of gradient beyond some δ, in each step.

    Both kinds differ by a factor δ; the one told is that of which every image's error is a plain sum, if one is.
    """
    slopes, heights = [], []
    for sent in steps:
        difference, size = sent.x_hat - sent.x, np.abs(sent.gradient)
        height = float(size.max())
        inside = size < height * (1.0 - 1e-4)
        slope = float((sent.gradient[inside] * difference[inside]).sum() / max((difference[inside] ** 2).sum(), 1e-30))
        if height == 0.0 or slope <= 0.0:
            return None
        if fit(np.clip(slope * difference, -height, height), sent.gradient)[1] > 1e-6:
            return None
        slopes.append(slope)
        heights.append(height)
    slope_of_each, height_of_each = np.array(slopes), np.array(heights)
    if not constant(height_of_each / slope_of_each, heights[0] / slopes[0]):
        return None
    is_smooth_l1 = constant(height_of_each * _products(steps, height_of_each), 1.0)
    return RecognisedLoss("smooth-absolute", height_of_each if is_smooth_l1 else slope_of_each)


@dataclass(frozen=True)
class Elsewhere:
    """A squared error that is not least at the images.

    Attributes:
        how: how the images are changed where it is least, ``line``, ``binary`` or ``order``.
        slope: what each pixel of the images is multiplied by then, if it is a line.
        offset: what is added, if it is a line.
        factors: for each step the factor before its sum.
    """

    how: str
    slope: float
    offset: float
    factors: Float64Array


def least_elsewhere(steps: Sequence[Sent]) -> Elsewhere | None:
    """The squared error against other images that explains the gradients of all steps; ``None`` if none does."""
    for is_binary in (False, True):
        targets = [(sent.x > 0.5).astype(np.float64) if is_binary else sent.x for sent in steps]
        found = [_line_to(target, sent) for target, sent in zip(targets, steps, strict=True)]
        lines = [line for line in found if line is not None]
        if len(lines) == len(steps) and all(np.allclose(line[:2], lines[0][:2], atol=1e-3) for line in lines):
            how = "binary" if is_binary else "line"
            return Elsewhere(how, *lines[0][:2], np.array([factor for *_, factor in lines]))
    factors = [_factor_in_another_order(sent) for sent in steps]
    known = [factor for factor in factors if factor is not None]
    return Elsewhere("order", 1.0, 0.0, np.array(known)) if len(known) == len(steps) else None


def _factor_in_another_order(sent: Sent) -> float | None:
    """The factor before a squared error against the same pixels in another order; ``None`` where it is no such error.

    Their sum is the images' then, which gives the factor, and so the pixels.
    """
    apart, size = float(sent.x_hat.sum() - sent.x.sum()), float(np.abs(sent.x_hat - sent.x).sum())
    if abs(apart) < 1e-3 * size:
        return None
    factor = float(sent.gradient.sum()) / apart
    if factor <= 0.0:
        return None
    target = np.sort((sent.x_hat - sent.gradient / factor).ravel())
    return factor / 2.0 if bool(np.abs(target - np.sort(sent.x.ravel())).max() < 1e-3) else None


def _line_to(target: Float64Array, sent: Sent) -> tuple[float, float, float] | None:
    columns = np.stack([sent.x_hat.ravel(), target.ravel(), np.ones(target.size)], axis=1)
    gradient = sent.gradient.ravel()
    (curve, slope, offset), *_ = np.linalg.lstsq(columns, gradient, rcond=None)
    rest = gradient - columns @ np.array([curve, slope, offset])
    fits = float((rest**2).sum()) <= 1e-6 * float((gradient**2).sum())
    return (-slope / curve, -offset / curve, curve / 2.0) if fits and curve > 0.0 else None


def _products(steps: Sequence[Sent], factors: Float64Array) -> Float64Array:
    """What a mean divides by in each step: of one of the means that there are, the one nearest to these factors."""
    sizes, pixels = np.array([len(sent.x) for sent in steps], dtype=np.float64), steps[0].x.shape[1]
    known = (np.ones(len(steps)), sizes, np.full(len(steps), float(pixels)), sizes * pixels)
    return min(known, key=lambda divisors: float(np.abs(np.log(factors * divisors)).sum()))


def _of_difference(steps: Sequence[Sent], is_rough: bool) -> RecognisedLoss | None:
    """Any error of each pixel's difference alone that never falls as that grows: its factors cannot be told."""
    for sent in steps:
        difference, gradient = (sent.x_hat - sent.x).ravel(), sent.gradient.ravel()
        order = np.argsort(np.abs(difference))
        pull = (gradient * np.sign(difference))[order]
        most = float(np.abs(pull).max()) * (2e-2 if is_rough else 1e-4)
        if most == 0.0 or pull.min() < -most or bool(np.any(pull < np.maximum.accumulate(pull) - most)):
            return None
    return RecognisedLoss("not-squared", np.full(len(steps), np.nan))


def fit(expected: Float64Array, seen: Float64Array) -> tuple[float, float]:
    """The number f with which ``f * expected`` is nearest to what was seen, and what share of its square is left."""
    size = float(np.sum(seen**2))
    if size == 0.0:
        return 0.0, np.inf
    factor = float(np.sum(expected * seen) / max(np.sum(expected**2), 1e-30))
    return factor, float(np.sum((seen - factor * expected) ** 2)) / size


def combined(parts: Sequence[Float64Array], seen: Float64Array) -> tuple[list[float], float]:
    """The factors with which the parts add up to what was seen, and what share of its square is left."""
    columns, wanted = np.stack([part.ravel() for part in parts], axis=1), seen.ravel()
    factors, *_ = np.linalg.lstsq(columns, wanted, rcond=None)
    size = float((wanted**2).sum())
    return [float(one) for one in factors], float(((wanted - columns @ factors) ** 2).sum()) / max(size, 1e-30)


def constant(factors: Float64Array, expected: float | Float64Array) -> bool:
    """Whether every step has the expected factor."""
    wanted = np.broadcast_to(np.asarray(expected, dtype=np.float64), factors.shape)
    return bool(np.all(np.abs(factors - wanted) <= 1e-3 * np.abs(wanted)))
