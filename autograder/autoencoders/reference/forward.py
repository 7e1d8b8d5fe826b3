"""What dense layers make of a batch: each product is computed once, however many candidates it is part of."""

from autograder.autoencoders.reference.activations import Activation
from autograder.autoencoders.reference.budget import Budget
from autograder.autoencoders.reference.dense import Dense
from autograder.course.draws import Float64Array

_Key = tuple[tuple[tuple[bool, frozenset[int]], ...], tuple[Activation, ...]]


class Forward:
    """Forward passes of one batch through layers and activations."""

    def __init__(self, inputs: Float64Array, budget: Budget) -> None:
        self._inputs = inputs
        self._budget = budget
        self._made: dict[_Key, Float64Array] = {}

    def __call__(self, layers: tuple[Dense, ...], activations: tuple[Activation, ...]) -> Float64Array:
        """The last layer's output before any activation; ``activations`` are those of the layers before it.

        Raises:
            OverBudget: the products cost more than is left.
        """
        key = tuple(layer.key for layer in layers), activations
        if key not in self._made:
            *before, last = layers
            x = activations[-1](self(tuple(before), activations[:-1])) if before else self._inputs
            self._budget.spend_on_product(len(x), last.weight)
            self._made[key] = last(x)
        return self._made[key]
