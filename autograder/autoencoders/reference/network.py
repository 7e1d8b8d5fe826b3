"""Recognising a network of dense layers by its outputs: which activations, which width, which extras."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder.autoencoders.reference.activations import HIDDEN, Activation, identity, relu
from autograder.autoencoders.reference.dense import Dense, chains
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close
from autograder.judging.explain import Hypothesis, explain

RIGHT_HIDDEN = "ReLU"
_ROWS_TO_SEARCH = 6


@dataclass(frozen=True)
class RecognisedNetwork:
    """A network that would give exactly the observed outputs.

    Attributes:
        hidden: name of the hidden layers' activation.
        output: what it ends in.
        widths: numbers of hidden units.
        biased: whether every layer has a bias.
        places: for each layer the positions of its parameters.
    """

    hidden: str
    output: Hypothesis[Activation]
    widths: tuple[int, ...]
    biased: bool
    places: tuple[frozenset[int], ...]


def recognise_network(
    values: Sequence[Float64Array],
    inputs: Float64Array,
    seen: Float64Array,
    outputs: Sequence[Hypothesis[Activation]],
) -> RecognisedNetwork | None:
    """The network that explains what was seen, the plainest first; ``None`` when none is known.

    Args:
        values: the module's parameters.
        inputs: shape (batch, in).
        seen: shape (batch, out).
        outputs: what it may end in, the right activation first.
    """
    for depth in (2, 3, 1, 4):
        for layers in chains(values, int(inputs.shape[1]), int(seen.shape[1]), depth):
            for hidden, pattern in _patterns(len(layers) - 1):
                output = explain(outputs, _ends_in(layers, pattern, inputs, seen))
                if output is not None:
                    widths = tuple(layer.width for layer in layers[:-1])
                    biased = all(layer.bias is not None for layer in layers)
                    return RecognisedNetwork(hidden, output, widths, biased, tuple(layer.places for layer in layers))
    return None


def _ends_in(
    layers: tuple[Dense, ...], pattern: tuple[Activation, ...], inputs: Float64Array, seen: Float64Array
) -> Callable[[Activation], bool]:
    """Tells whether the layers with these activations and one more give what was seen; tried on a few rows first."""
    last = _last_layer(layers, pattern, inputs[:_ROWS_TO_SEARCH])

    def fits(activation: Activation) -> bool:
        few = close(seen[:_ROWS_TO_SEARCH], activation(last))
        return few and close(seen, activation(_last_layer(layers, pattern, inputs)))

    return fits


def _last_layer(layers: tuple[Dense, ...], pattern: tuple[Activation, ...], x: Float64Array) -> Float64Array:
    """The last layer's output before its activation."""
    for layer, activation in zip(layers, pattern, strict=False):
        x = activation(layer(x))
    return layers[-1](x)


def _patterns(count: int) -> list[tuple[str, tuple[Activation, ...]]]:
    """Activations for the hidden layers: the same everywhere, or ReLU in one place and none elsewhere."""
    if count == 0:
        return [("no hidden layer", ())]
    same: list[tuple[str, tuple[Activation, ...]]] = [(name, (function,) * count) for name, function in HIDDEN.items()]
    once: list[tuple[str, tuple[Activation, ...]]] = [
        (RIGHT_HIDDEN, tuple(relu if position == chosen else identity for position in range(count)))
        for chosen in range(count)
    ]
    return same if count == 1 else same + once


def affine_in_third(seen: Float64Array) -> bool:
    """Whether the output for the mean of the first two inputs is the mean of their outputs (see ``images``)."""
    return len(seen) > 2 and close(seen[2], (seen[0] + seen[1]) / 2) and not close(seen[0], seen[1])
