"""Taking a module's parameters as a trunk with two heads, one for μ and one for σ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.autoencoders.reference.activations import HIDDEN, Activation, relu, sigmoid, softmax
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.dense import Dense, layers
from autograder.autoencoders.reference.forward import Forward
from autograder.course.draws import Float64Array

# What the hidden layer may end in: the activations of any network, and a second one after the right one.
TRUNK: Mapping[str, Activation] = {
    **HIDDEN,
    "a ReLU and then a sigmoid": lambda x: sigmoid(relu(x)),
    "a ReLU and then a tanh": lambda x: np.tanh(relu(x)),
    "a ReLU and then a softmax": lambda x: softmax(relu(x)),
}


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
        hidden: the hidden layer.
    """

    activation: str
    features: Float64Array
    first: Head
    second: Head
    biased: bool
    trunk: int
    hidden: Dense

    @property
    def width(self) -> int:
        """Number of hidden units."""
        return int(self.features.shape[1])

    def features_of(self, images: Float64Array) -> Float64Array:
        """The hidden layer's output for other images, shape (batch, 784)."""
        return TRUNK[self.activation](self.hidden(images))

    @property
    def are_one(self) -> bool:
        """Whether one head is taken for both."""
        return self.first is self.second

    def of_rows(self, rows: slice) -> "TwoHeads":
        """The same for some of the batch."""
        first = replace(self.first, output=self.first.output[rows])
        second = first if self.are_one else replace(self.second, output=self.second.output[rows])
        return replace(self, features=self.features[rows], first=first, second=second)


@dataclass(frozen=True)
class _Way:
    """Which layers are taken for what, and which of their columns."""

    trunk: Dense
    first: Dense
    second: Dense
    columns: tuple[slice, slice] = (slice(None), slice(None))

    @property
    def is_likely(self) -> bool:
        return self.trunk.oddity + self.first.oddity + self.second.oddity == 0

    def taken(self, forward: Forward, activation: str) -> TwoHeads:
        fused = self.columns[0] != slice(None)
        first, second = (
            Head(
                forward((self.trunk, layer), (TRUNK[activation],))[:, columns],
                layer.place,
                fused,
                layer.weight[columns],
            )
            for layer, columns in zip((self.first, self.second), self.columns, strict=True)
        )
        biased = all(layer.bias is not None for layer in (self.trunk, self.first, self.second))
        features = TRUNK[activation](forward((self.trunk,), ()))
        are_one = self.first is self.second and not fused
        return TwoHeads(activation, features, first, first if are_one else second, biased, self.trunk.place, self.trunk)


def two_heads(
    values: Sequence[Float64Array], images: Float64Array, latent_dims: int, activations: Iterable[str], budget: Budget
) -> Iterator[TwoHeads]:
    """Every way to take the parameters as ``images → hidden → (μ, σ)``, for one hidden activation after the other.

    Separate heads in either order, one head taken twice, and one fused head of 2L in halves or interleaved; likely
    ways before those with a bias far from its weight.

    Raises:
        OverBudget: there are more ways than the budget allows to look for.
    """
    forward = Forward(images, budget)
    ways: list[_Way] = []
    for number, activation in enumerate(activations):
        for way in ways if number else _noted(_ways(values, int(images.shape[1]), latent_dims, budget), ways):
            yield way.taken(forward, activation)


def _noted(ways: Iterator[_Way], notes: list[_Way]) -> Iterator[_Way]:
    for way in ways:
        notes.append(way)
        yield way


def _ways(values: Sequence[Float64Array], inputs: int, latent_dims: int, budget: Budget) -> Iterator[_Way]:
    for likely in (True, False):
        for trunk in layers(values, inputs, None):
            budget.spend_on_reading()
            for way in _with_trunk(values, trunk, latent_dims):
                budget.spend_on_reading()
                if way.is_likely is likely:
                    yield way


def _with_trunk(values: Sequence[Float64Array], trunk: Dense, latent_dims: int) -> Iterator[_Way]:
    for one in layers(values, trunk.width, latent_dims, trunk.places):
        for two in layers(values, trunk.width, latent_dims, trunk.places | one.places):
            yield _Way(trunk, one, two)
        yield _Way(trunk, one, one)
    halves = slice(None, latent_dims), slice(latent_dims, None)
    woven = slice(None, None, 2), slice(1, None, 2)
    for both in layers(values, trunk.width, 2 * latent_dims, trunk.places):
        for first, second in (halves, woven):
            yield _Way(trunk, both, both, (first, second))
            yield _Way(trunk, both, both, (second, first))
