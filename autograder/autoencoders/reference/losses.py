"""Recognising a reconstruction loss by the gradient that it sends to the reconstruction.

Adam hides the scale of a loss from the trained weights; the gradient at the reconstruction x̂ shows it. Each kind of
loss has a gradient of its own shape; what is left is a factor for each step.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.reference.activations import sigmoid
from autograder.course.draws import Float64Array


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


_GRADIENTS: Mapping[str, Callable[[Sent], Float64Array]] = {
    "squared": _squared,
    "absolute": lambda sent: np.sign(sent.x_hat - sent.x),
    "cross-entropy": _cross_entropy,
    "cross-entropy-of-logits": lambda sent: sigmoid(sent.x_hat) - sent.x,
    "broadcast": _broadcast,
    "signed": lambda sent: np.ones_like(sent.x),
    "fourth-power": lambda sent: 4.0 * (sent.x_hat - sent.x) ** 3,
    "some-pixels": lambda sent: _squared(sent) * (sent.gradient != 0.0),
}


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
    for kind, gradient in _GRADIENTS.items():
        factors = [_factor(gradient(sent), sent.gradient, 1e-3 if is_rough else 1e-6) for sent in steps]
        known = [factor for factor in factors if factor is not None]
        if known and len(known) == len(factors):
            return RecognisedLoss(kind, np.array(known))
    return None


def _factor(expected: Float64Array, seen: Float64Array, most: float) -> float | None:
    """The number f with ``seen = f * expected``, if there is one, but for a share ``most`` of its square."""
    size = float(np.sum(seen**2))
    if size == 0.0:
        return None
    factor = float(np.sum(expected * seen) / max(np.sum(expected**2), 1e-30))
    residual = float(np.sum((seen - factor * expected) ** 2))
    return factor if residual <= most * size else None


def constant(factors: Float64Array, expected: float | Float64Array) -> bool:
    """Whether every step has the expected factor."""
    wanted = np.broadcast_to(np.asarray(expected, dtype=np.float64), factors.shape)
    return bool(np.all(np.abs(factors - wanted) <= 1e-3 * np.abs(wanted)))
