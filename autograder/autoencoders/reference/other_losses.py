"""Naming a loss that is none of the usual ones by what its gradient at the reconstruction has in common with others.

Each hypothesis gives the whole gradient, or a rule that it keeps at each of some thousand pixels.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.autoencoders.reference.activations import sigmoid
from autograder.autoencoders.reference.losses import PICTURE, Sent, combined, fit
from autograder.course.draws import Float64Array

# What share of the gradient's square may be left.
_LEFT = 1e-6
# How much of a gradient is no rounding.
_SMALL = 1e-5
# How far a neighbour is.
_REACH = 2
# Of how many pixels the gradient says something where it is not 0 only for some.
_SOME = 0.9


@dataclass(frozen=True)
class OtherLoss:
    """The misconception that a gradient shows, and what its message asks for."""

    misconception: str
    values: dict[str, Any] = field(default_factory=dict)


def name_other(steps: Sequence[Sent]) -> OtherLoss | None:
    """What the gradients of all steps show; ``None`` where they show nothing that is known."""
    return next((found for hypothesis in _HYPOTHESES if (found := hypothesis(steps)) is not None), None)


def _weighted(steps: Sequence[Sent]) -> OtherLoss | None:
    """Squares times weights that do not change as the reconstruction does, in two passes over each image at least."""
    seen: dict[bytes, list[tuple[Float64Array, Float64Array]]] = {}
    for sent in steps:
        for image, painted, gradient in zip(sent.x, sent.x_hat, sent.gradient, strict=True):
            seen.setdefault(image.tobytes(), []).append((painted - image, gradient))
    weights = [weight for passes in seen.values() if (weight := _weights(passes)) is not None]
    if len(weights) < len(seen) or not weights:
        return None
    every = np.concatenate(weights)
    low, high = (float(one) for one in np.quantile(every, (0.001, 0.999)))
    return OtherLoss("pixels-weighted", {"ratio": high / low}) if every.min() > 0.0 and low > 0.0 else None


def _weights(passes: list[tuple[Float64Array, Float64Array]]) -> Float64Array | None:
    """Each pixel's weight in the first pass over an image, where those of the others are the same times one number."""
    first, gradient = passes[0]
    known = np.abs(first) > 1e-3
    weights: Float64Array = gradient[known] / first[known]
    changes = [np.abs(difference - first).max() for difference, _ in passes[1:]]
    if not changes or max(changes) < 1e-3:
        return None
    alike = (fit(weights * difference[known], other[known])[1] <= _LEFT for difference, other in passes[1:])
    return weights if all(alike) else None


def _towards_images(steps: Sequence[Sent]) -> OtherLoss | None:
    """A gradient that has the difference's sign everywhere, or at all those pixels where there is one."""
    reached = []
    for sent in steps:
        difference = sent.x_hat - sent.x
        clear = (np.abs(difference) > 1e-3) & (np.abs(sent.gradient) > _SMALL * np.abs(sent.gradient).max())
        if np.any(sent.gradient[clear] * difference[clear] < 0.0) or not np.any(difference[clear] < 0.0):
            return None
        reached.append(np.count_nonzero(sent.gradient) / sent.gradient.size)
    return OtherLoss("another-error") if min(reached) > _SOME else None


def _few_pixels(steps: Sequence[Sent]) -> OtherLoss | None:
    share = max(np.count_nonzero(sent.gradient) / sent.gradient.size for sent in steps)
    towards = all(np.all(sent.gradient * (sent.x_hat - sent.x) >= 0.0) for sent in steps)
    return OtherLoss("some-pixels", {"which": ""}) if share <= _SOME and towards else None


def _softmax(rows: Float64Array) -> Float64Array:
    powers = np.exp(rows - rows.max(axis=1, keepdims=True))
    made: Float64Array = powers / powers.sum(axis=1, keepdims=True)
    return made


def _by_classes(steps: Sequence[Sent]) -> OtherLoss | None:
    """A cross-entropy whose classes are pixels, or some of them, and whose class is a label."""
    for sent in steps:
        for painted, row in zip(sent.x_hat, sent.gradient, strict=True):
            classes = row != 0.0
            if np.count_nonzero(row < 0.0) != 1 or np.count_nonzero(classes) < 3:
                return None
            shares = _softmax(painted[classes][None])[0]
            others = row[classes] > 0.0
            if fit(shares[others], row[classes][others])[1] > _LEFT:
                return None
    return OtherLoss("labels-as-target", {"line": ""})


def _of_softmax_squared(sent: Sent) -> Float64Array:
    shares = _softmax(sent.x_hat)
    error = 2.0 * (shares - sent.x)
    gradient: Float64Array = shares * (error - (error * shares).sum(axis=1, keepdims=True))
    return gradient


def _of_second_sigmoid(sent: Sent) -> Float64Array:
    twice = sigmoid(sent.x_hat)
    gradient: Float64Array = 2.0 * (twice - sent.x) * twice * (1.0 - twice)
    return gradient


_SOFTMAX = "a loss with a softmax over the pixels, as for classes"
_IN_WORDS: tuple[tuple[str, Callable[[Sent], Float64Array]], ...] = (
    (
        "a likelihood of counts whose mean is `exp(x_hat)` (`F.poisson_nll_loss`)",
        lambda sent: np.exp(sent.x_hat) - sent.x,
    ),
    ("a product of `x` and `x_hat`, as in `F.kl_div`", lambda sent: -sent.x),
    ("a product of `x` and `x_hat`, as in `F.kl_div`", lambda sent: sent.x),
    ("`x` times a logarithm of `x_hat`, half of a cross-entropy", lambda sent: -sent.x / np.maximum(sent.x_hat, 1e-12)),
    (_SOFTMAX, lambda sent: _softmax(sent.x_hat) * sent.x.sum(axis=1, keepdims=True) - sent.x),
    (_SOFTMAX, lambda sent: _softmax(sent.x_hat) - _softmax(sent.x)),
    (_SOFTMAX, _of_softmax_squared),
    ("an error of what a second sigmoid makes of `x_hat`", _of_second_sigmoid),
)


def _in_words(steps: Sequence[Sent]) -> OtherLoss | None:
    for what, gradient in _IN_WORDS:
        fits = [fit(gradient(sent), sent.gradient) for sent in steps]
        if all(factor > 0.0 and left <= _LEFT for factor, left in fits):
            return OtherLoss("another-loss", {"what": what})
    return None


def _of_one_number(steps: Sequence[Sent]) -> OtherLoss | None:
    """A squared error against one number for each image."""
    for sent in steps:
        for painted, row in zip(sent.x_hat, sent.gradient, strict=True):
            (factor, _), left = combined((painted, np.ones_like(painted)), row)
            if factor <= 0.0 or left > _LEFT:
                return None
    return OtherLoss("another-loss", {"what": "an error against one number for each image, such as its label"})


def _of_wholes(steps: Sequence[Sent]) -> OtherLoss | None:
    """A gradient that is, in each image or each batch, a sum of x, x̂ and 1 with factors of its own."""
    for sent in steps:
        for image, painted, row in zip(sent.x, sent.x_hat, sent.gradient, strict=True):
            without, whole = ((painted, np.ones_like(image)), (image, painted, np.ones_like(image)))
            if combined(whole, row)[1] > _LEFT or combined(without, row)[1] <= _LEFT:
                return None
    what = "a measure of both pictures as wholes, such as a cosine similarity, a correlation, SSIM or Dice"
    return OtherLoss("another-loss", {"what": what})


def _of_neighbours(steps: Sequence[Sent]) -> OtherLoss | None:
    """A gradient that mixes the differences of neighbours, by one pattern that repeats every two pixels."""
    reach = range(-_REACH, _REACH + 1)
    for sent in steps:
        difference, gradient = (one.reshape(-1, *PICTURE) for one in (sent.x_hat - sent.x, sent.gradient))
        for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
            rows, columns = (np.arange(_REACH + one, PICTURE[0] - _REACH, 2) for one in (row, column))
            near = [difference[:, rows[:, None] + down, columns + right] for down in reach for right in reach]
            inside = gradient[:, rows[:, None], columns]
            if np.count_nonzero(inside) < _SOME * inside.size or combined(near, inside)[1] > _LEFT:
                return None
    return OtherLoss(
        "another-loss", {"what": "an error of neighbouring pixels together, such as blurred ones or edges"}
    )


_HYPOTHESES: tuple[Callable[[Sequence[Sent]], OtherLoss | None], ...] = (
    _by_classes,
    _in_words,
    _of_one_number,
    _of_wholes,
    _of_neighbours,
    _weighted,
    _towards_images,
    _few_pixels,
)
