"""Recognising a network of dense layers by its outputs: which activations, which width, which extras."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from autograder.autoencoders.reference.activations import HIDDEN, Activation, identity, relu
from autograder.autoencoders.reference.budget import Budget, OverBudget
from autograder.autoencoders.reference.dense import Dense, chains, whole_network
from autograder.autoencoders.reference.forward import Forward
from autograder.course.draws import Float64Array
from autograder.judging.closeness import atol_among, close
from autograder.judging.explain import Hypothesis

RIGHT_HIDDEN = "ReLU"
_ROWS_TO_SEARCH = 1


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
    budget: Budget,
    hidden: Collection[str] = tuple(HIDDEN),
) -> RecognisedNetwork | None:
    """The network that explains what was seen, the likeliest first; ``None`` when none is known.

    Args:
        values: the module's parameters.
        inputs: shape (batch, in).
        seen: shape (batch, out).
        outputs: what it may end in, the right activation first.
        budget: what it may cost; where that is spent, ``None`` says nothing about what has not been tried.
        hidden: the hidden layers' activations that are tried.
    """
    atol = atol_among(seen)
    few, every = (Forward(rows, budget) for rows in (inputs[:_ROWS_TO_SEARCH], inputs))
    with suppress(OverBudget):
        for layers in _candidates(values, int(inputs.shape[1]), int(seen.shape[1]), budget):
            for activation, pattern in _patterns(len(layers) - 1, hidden):
                budget.spend_on_comparisons(len(outputs))
                likely = _ending_in(outputs, few(layers, pattern), seen[:_ROWS_TO_SEARCH], atol)
                output = next(iter(_ending_in(likely, every(layers, pattern), seen, atol) if likely else ()), None)
                if output is not None:
                    widths = tuple(layer.width for layer in layers[:-1])
                    biased = all(layer.bias is not None for layer in layers)
                    return RecognisedNetwork(
                        activation, output, widths, biased, tuple(layer.places for layer in layers)
                    )
    return None


def _ending_in(
    outputs: Sequence[Hypothesis[Activation]], last: Float64Array, seen: Float64Array, atol: float
) -> list[Hypothesis[Activation]]:
    """The ends that make what was seen of the last layer's output."""
    return [one for one in outputs if close(seen, one.expected(last), atol=atol)]


def has_layers(values: Sequence[Float64Array], inputs: int, outputs: int, budget: Budget) -> bool:
    """Whether the parameters can make a network with that many inputs and outputs at all."""
    with suppress(OverBudget):
        return next(_candidates(values, inputs, outputs, budget), None) is not None
    return False


def _candidates(
    values: Sequence[Float64Array], inputs: int, outputs: int, budget: Budget
) -> Iterator[tuple[Dense, ...]]:
    """The ways to read the parameters as layers: all of them in order, then a few of them, two before others."""
    if whole := whole_network(values, inputs, outputs):
        yield whole
    yield from chains(values, inputs, outputs, (2, 3, 1, 4), budget)


def _patterns(count: int, hidden: Collection[str]) -> list[tuple[str, tuple[Activation, ...]]]:
    """Activations for the hidden layers: the same everywhere, or ReLU in one place and none elsewhere."""
    if count == 0:
        return [("no hidden layer", ())]
    same: list[tuple[str, tuple[Activation, ...]]] = [(name, (HIDDEN[name],) * count) for name in hidden]
    once: list[tuple[str, tuple[Activation, ...]]] = [
        (RIGHT_HIDDEN, tuple(relu if position == chosen else identity for position in range(count)))
        for chosen in range(count)
    ]
    return same if count == 1 else same + once
