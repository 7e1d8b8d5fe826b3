"""What is held within bounds: it shows only far out, with wide noise or where a head is driven there.

Bounds that training does not come near are no mistake: published code keeps log σ² within ±10, so that nothing
overflows.
"""

from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.reference.two_heads import Head, TwoHeads
from autograder.course.draws import Float64Array

# A bound that lies further out than these is no mistake.
_FREE = {"z": 9.5, "μ": 9.5, "log σ": 3.95}
# What follows its head may be off by so much: a constant of 1e-3 may be added to σ.
_RTOL, _ATOL = 2e-3, 2e-3
# A σ that has gone down in rounding counts as this one.
_SMALLEST = 1e-12


@dataclass(frozen=True)
class Bound:
    """Something that is held within bounds.

    Attributes:
        of: what: ``μ``, ``log σ`` or ``z``.
        low: it is never below.
        high: nor above.
    """

    of: str
    low: float
    high: float

    @property
    def is_mistake(self) -> bool:
        """Whether it is so near that training comes as far."""
        return max(self.low, -self.high) > -_FREE[self.of]

    def keep(self, values: Float64Array) -> Float64Array:
        """The values, held within the bounds."""
        held: Float64Array = np.clip(values, self.low, self.high)
        return held

    @property
    def in_words(self) -> str:
        """The bounds that something is held within, for a message."""
        if np.isfinite(self.low) and np.isfinite(self.high):
            return f"between {self.low:.3g} and {self.high:.3g}"
        return f"at {self.high:.3g} or less" if np.isfinite(self.high) else f"at {self.low:.3g} or more"


def driven_heads(
    heads: TwoHeads, slope: float, place: int, factor: float, images: Float64Array
) -> tuple[Float64Array, Float64Array]:
    """μ and log σ of images, each (batch, L), where the parameter at that position is driven.

    Args:
        heads: the heads under the weights themselves.
        slope: log σ as a multiple of its head.
        place: position of the weight of one head, or of both.
        factor: by how much it is multiplied, without its signs.
        images: shape (batch, 784).
    """
    features = heads.features_of(images)

    def output(head: Head) -> Float64Array:
        bias = head.output[0] - head.matrix @ heads.features[0]
        matrix = factor * np.abs(head.matrix) if head.weight == place else head.matrix
        driven: Float64Array = features @ matrix.T + bias
        return driven

    return output(heads.first), slope * output(heads.second)


def agree(seen: Float64Array | float, expected: Float64Array | float) -> bool:
    """Whether what was seen is what was expected, both (batch, L)."""
    return bool(np.allclose(seen, expected, _RTOL, _ATOL))


def held(of: str, expected: Float64Array, seen: Float64Array) -> Bound:
    """The bounds that something may be held within: its own least and largest value, where more is expected."""
    ends = (float(seen.min()), float(expected.min())), (float(seen.max()), float(expected.max()))
    (low, lowest), (high, highest) = ends
    return Bound(
        of,
        low if lowest < low and not agree(low, lowest) else -np.inf,
        high if highest > high and not agree(high, highest) else np.inf,
    )


def sigma_held(expected: Float64Array, seen: Float64Array) -> Bound:
    """The bounds that log σ may be held within, of σ: the digits of a small σ are few, and its logarithm's far off."""
    of_sigma = held("σ", expected, seen)
    low = np.log(of_sigma.low) if of_sigma.low > 0.0 else -np.inf
    return Bound("log σ", float(low), float(np.log(max(of_sigma.high, _SMALLEST))))
