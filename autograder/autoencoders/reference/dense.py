"""Which of a module's parameters may be the weights of which dense layer, by their shapes alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from autograder.course.draws import Float64Array

MOST_CHAINS = 96


@dataclass(frozen=True)
class Dense:
    """One dense layer, ``x @ weight.T + bias``.

    Attributes:
        weight: shape (out, in).
        bias: shape (out,), or ``None``.
        places: positions of the two among the module's parameters.
    """

    weight: Float64Array
    bias: Float64Array | None
    places: frozenset[int] = frozenset()

    def __call__(self, x: Float64Array) -> Float64Array:
        """The layer's output for x of shape (batch, in)."""
        product = x @ self.weight.T
        return product if self.bias is None else product + self.bias

    @property
    def width(self) -> int:
        """Number of outputs."""
        return int(self.weight.shape[0])


@dataclass(frozen=True)
class Candidate:
    """A dense layer that the parameters can make.

    Attributes:
        layer: the layer.
        weight: position of its weight among the parameters.
        used: positions of all parameters that are in use, this layer's included.
    """

    layer: Dense
    weight: int
    used: frozenset[int]


def layers(
    values: Sequence[Float64Array], inputs: int, outputs: int | None, taken: frozenset[int] = frozenset()
) -> Iterator[Candidate]:
    """Every dense layer with that many inputs and outputs (``None``: any) that the free parameters can make.

    A weight may be (out, in), as in ``nn.Linear``, or (in, out). A bias is taken where one fits, the nearest first.
    """
    for index, weight in enumerate(values):
        if index in taken or weight.ndim != 2:
            continue
        for matrix in (weight, weight.T):
            if matrix.shape[1] != inputs or (outputs is not None and matrix.shape[0] != outputs):
                continue
            yield from _with_bias(values, index, matrix, taken | {index})


def _with_bias(
    values: Sequence[Float64Array], index: int, matrix: Float64Array, taken: frozenset[int]
) -> Iterator[Candidate]:
    fitting = [
        other
        for other, value in enumerate(values)
        if other not in taken and value.shape in ((matrix.shape[0],), (1, matrix.shape[0]))
    ]
    for other in sorted(fitting, key=lambda position: (position < index, abs(position - index))):
        yield Candidate(Dense(matrix, values[other].reshape(-1), frozenset({index, other})), index, taken | {other})
    if not fitting:
        yield Candidate(Dense(matrix, None, frozenset({index})), index, taken)


def chains(values: Sequence[Float64Array], inputs: int, outputs: int, depth: int) -> Iterator[tuple[Dense, ...]]:
    """Every way to read the parameters as ``depth`` dense layers from ``inputs`` to ``outputs`` numbers."""
    return islice(_chains(values, inputs, outputs, depth, frozenset()), MOST_CHAINS)


def _chains(
    values: Sequence[Float64Array], inputs: int, outputs: int, depth: int, taken: frozenset[int]
) -> Iterator[tuple[Dense, ...]]:
    if depth == 0:
        yield ()
        return
    for candidate in layers(values, inputs, outputs if depth == 1 else None, taken):
        for rest in _chains(values, candidate.layer.width, outputs, depth - 1, candidate.used):
            yield (candidate.layer, *rest)
