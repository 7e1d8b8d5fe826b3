"""Taking a module's parameters as a trunk with two heads, one for μ and one for σ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.autoencoders.reference.activations import HIDDEN, Activation
from autograder.autoencoders.reference.dense import Dense, layers
from autograder.autoencoders.reference.forward import Forward
from autograder.course.draws import Float64Array


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

    def of_rows(self, rows: slice) -> "TwoHeads":
        """The same for some of the batch."""
        first = replace(self.first, output=self.first.output[rows])
        second = first if self.are_one else replace(self.second, output=self.second.output[rows])
        return replace(self, features=self.features[rows], first=first, second=second)


def two_heads(
    values: Sequence[Float64Array], forward: Forward, inputs: int, latent_dims: int, activation: str
) -> Iterator[TwoHeads]:
    """Every way to take the parameters as ``inputs → hidden → (μ, σ)`` with that hidden activation, likeliest first.

    Separate heads in either order, one head taken twice, and one fused head of 2L in halves or interleaved.

    Raises:
        OverBudget: there are more than ``forward`` may compute.
    """
    trunks = sorted(layers(values, inputs, None), key=lambda trunk: trunk.oddity)
    for trunk in trunks:
        for first, second, biased in _heads(values, trunk, forward, latent_dims, HIDDEN[activation]):
            features = HIDDEN[activation](forward((trunk,), ()))
            yield TwoHeads(activation, features, first, second, biased and trunk.bias is not None, trunk.place)


def _heads(
    values: Sequence[Float64Array], trunk: Dense, forward: Forward, latent_dims: int, activation: Activation
) -> Iterator[tuple[Head, Head, bool]]:
    def output(layer: Dense) -> Float64Array:
        return forward((trunk, layer), (activation,))

    for one in layers(values, trunk.width, latent_dims, trunk.places):
        first = Head(output(one), one.place, False, one.weight)
        for two in layers(values, trunk.width, latent_dims, trunk.places | one.places):
            second = Head(output(two), two.place, False, two.weight)
            yield first, second, one.bias is not None and two.bias is not None
        yield first, first, one.bias is not None
    for both in layers(values, trunk.width, 2 * latent_dims, trunk.places):
        halves = slice(None, latent_dims), slice(latent_dims, None)
        woven = slice(None, None, 2), slice(1, None, 2)
        for pair in (halves, woven):
            first, second = (Head(output(both)[:, rows], both.place, True, both.weight[rows]) for rows in pair)
            yield first, second, both.bias is not None
            yield second, first, both.bias is not None
