"""Reading a module's parameters as a trunk with two heads, one for μ and one for σ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from autograder.oracle.activations import HIDDEN, Activation
from autograder.oracle.dense import layers
from autograder.probes import Float64Array

_MOST_READINGS = 600


@dataclass(frozen=True)
class Head:
    """One head's output for a batch, and which parameter is its weight.

    Attributes:
        output: shape (batch, L), before any activation.
        weight: the weight's position among the module's parameters.
        fused: whether that weight makes both heads at once.
    """

    output: Float64Array
    weight: int
    fused: bool


@dataclass(frozen=True)
class Reading:
    """One way to read the parameters.

    Attributes:
        activation: name of the hidden layer's activation.
        features: the hidden layer's output, shape (batch, width).
        first: the head read as μ's.
        second: the head read as σ's; may be the same.
        biased: whether trunk and heads have biases.
    """

    activation: str
    features: Float64Array
    first: Head
    second: Head
    biased: bool

    @property
    def width(self) -> int:
        """Number of hidden units."""
        return int(self.features.shape[1])


def readings(
    values: Sequence[Float64Array], inputs: Float64Array, latent_dims: int, activation: str
) -> Iterator[Reading]:
    """Every way to read the parameters as ``inputs → hidden → (μ, σ)`` with that hidden activation.

    Separate heads in either order, one head taken twice, and one fused head of 2L in halves or interleaved.
    """
    return islice(_readings(values, inputs, latent_dims, activation, HIDDEN[activation]), _MOST_READINGS)


def _readings(
    values: Sequence[Float64Array], inputs: Float64Array, latent_dims: int, name: str, activation: Activation
) -> Iterator[Reading]:
    for trunk in layers(values, int(inputs.shape[1]), None):
        features = activation(trunk.layer(inputs))
        for first, second, biased in _heads(values, features, latent_dims, trunk.used):
            yield Reading(name, features, first, second, biased and trunk.layer.bias is not None)


def _heads(
    values: Sequence[Float64Array], features: Float64Array, latent_dims: int, taken: frozenset[int]
) -> Iterator[tuple[Head, Head, bool]]:
    width = int(features.shape[1])
    for one in layers(values, width, latent_dims, taken):
        first = Head(one.layer(features), one.weight, False)
        for two in layers(values, width, latent_dims, one.used):
            second = Head(two.layer(features), two.weight, False)
            yield first, second, one.layer.bias is not None and two.layer.bias is not None
        yield first, first, one.layer.bias is not None
    for both in layers(values, width, 2 * latent_dims, taken):
        output, weight, biased = both.layer(features), both.weight, both.layer.bias is not None
        halves = Head(output[:, :latent_dims], weight, True), Head(output[:, latent_dims:], weight, True)
        woven = Head(output[:, ::2], weight, True), Head(output[:, 1::2], weight, True)
        for first, second in (halves, woven):
            yield first, second, biased
            yield second, first, biased
