"""Taking a module's parameters as a trunk with two heads, one for μ and one for σ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from autograder.autoencoders.reference.activations import HIDDEN, Activation
from autograder.autoencoders.reference.dense import Candidate, layers
from autograder.course.draws import Float64Array

_MOST_WAYS = 600


@dataclass(frozen=True)
class Head:
    """One head's output for a batch, and which parameter is its weight.

    Attributes:
        output: shape (batch, L), before any activation.
        weight: the weight's position among the module's parameters.
        fused: whether that weight makes both heads at once.
        matrix: the weight's rows that belong to this head, shape (L, width).
    """

    output: Float64Array
    weight: int
    fused: bool
    matrix: Float64Array


@dataclass(frozen=True)
class TwoHeads:
    """One way to take the parameters.

    Attributes:
        activation: name of the hidden layer's activation.
        features: the hidden layer's output, shape (batch, width).
        first: the head taken as μ's.
        second: the head taken as σ's; may be the same.
        biased: whether trunk and heads have biases.
        trunk: position of the hidden layer's weight among the parameters.
    """

    activation: str
    features: Float64Array
    first: Head
    second: Head
    biased: bool
    trunk: int

    @property
    def width(self) -> int:
        """Number of hidden units."""
        return int(self.features.shape[1])

    @property
    def are_one(self) -> bool:
        """Whether one head is taken for both."""
        return self.first is self.second


def two_heads(
    values: Sequence[Float64Array], inputs: Float64Array, latent_dims: int, activation: str
) -> Iterator[TwoHeads]:
    """Every way to take the parameters as ``inputs → hidden → (μ, σ)`` with that hidden activation.

    Separate heads in either order, one head taken twice, and one fused head of 2L in halves or interleaved.
    """
    return islice(_ways(values, inputs, latent_dims, activation, HIDDEN[activation]), _MOST_WAYS)


def _ways(
    values: Sequence[Float64Array], inputs: Float64Array, latent_dims: int, name: str, activation: Activation
) -> Iterator[TwoHeads]:
    for trunk in layers(values, int(inputs.shape[1]), None):
        features = activation(trunk.layer(inputs))
        for first, second, biased in _heads(values, features, latent_dims, trunk.used):
            yield TwoHeads(name, features, first, second, biased and trunk.layer.bias is not None, trunk.weight)


def _heads(
    values: Sequence[Float64Array], features: Float64Array, latent_dims: int, taken: frozenset[int]
) -> Iterator[tuple[Head, Head, bool]]:
    width = int(features.shape[1])
    for one in layers(values, width, latent_dims, taken):
        first = Head(one.layer(features), one.weight, False, one.layer.weight)
        for two in layers(values, width, latent_dims, one.used):
            second = Head(two.layer(features), two.weight, False, two.layer.weight)
            yield first, second, one.layer.bias is not None and two.layer.bias is not None
        yield first, first, one.layer.bias is not None
    for both in layers(values, width, 2 * latent_dims, taken):
        biased = both.layer.bias is not None
        halves = slice(None, latent_dims), slice(latent_dims, None)
        woven = slice(None, None, 2), slice(1, None, 2)
        for pair in (halves, woven):
            first, second = (_part(both, features, rows) for rows in pair)
            yield first, second, biased
            yield second, first, biased


def _part(both: Candidate, features: Float64Array, rows: slice) -> Head:
    return Head(both.layer(features)[:, rows], both.weight, True, both.layer.weight[rows])
