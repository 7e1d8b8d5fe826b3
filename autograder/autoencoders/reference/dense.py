"""Which of a module's parameters may be the weights of which dense layer, by their shapes alone, likeliest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from autograder.autoencoders.reference.budget import Budget
from autograder.course.draws import Float64Array


@dataclass(frozen=True)
class Dense:
    """One dense layer, ``x @ weight.T + bias``, that the parameters can make.

    Attributes:
        weight: shape (out, in).
        bias: shape (out,), or (1,) where all outputs share it, or ``None``.
        place: position of the weight among the module's parameters.
        places: the bias's as well, if there is one.
        turned: whether the parameter is the weight's transpose, (in, out).
        oddity: how unlikely it is that the parameters are used so: a square one transposed, a bias far from its weight.
    """

    weight: Float64Array
    bias: Float64Array | None
    place: int
    places: frozenset[int]
    turned: bool
    oddity: int

    def __call__(self, x: Float64Array) -> Float64Array:
        """The layer's output for x of shape (batch, in)."""
        product = x @ self.weight.T
        return product if self.bias is None else product + self.bias

    @property
    def width(self) -> int:
        """Number of outputs."""
        return int(self.weight.shape[0])

    @property
    def key(self) -> tuple[bool, frozenset[int]]:
        """What tells it from every other layer that the same parameters can make."""
        return self.turned, self.places


def layers(
    values: Sequence[Float64Array], inputs: int, outputs: int | None, taken: frozenset[int] = frozenset()
) -> Iterator[Dense]:
    """Every dense layer with that many inputs and outputs (``None``: any) that the free parameters can make.

    A weight may be (out, in), as in ``nn.Linear``, or (in, out). A bias is taken where one fits, the nearest first.
    """
    for place, value in enumerate(values):
        if place in taken or value.ndim != 2:
            continue
        for turned in (False, True):
            matrix = value.T if turned else value
            if matrix.shape[1] == inputs and outputs in (None, matrix.shape[0]):
                yield from _with_bias(values, place, matrix, turned, taken)


def _with_bias(
    values: Sequence[Float64Array], place: int, matrix: Float64Array, turned: bool, taken: frozenset[int]
) -> Iterator[Dense]:
    width, odd = matrix.shape[0], int(turned and matrix.shape[0] == matrix.shape[1])
    fitting = [
        other
        for other, value in enumerate(values)
        if other != place and other not in taken and value.shape in ((width,), (1, width))
    ]
    # A convolution has one bias for all pixels of a channel.
    shared = place + 1 < len(values) and place + 1 not in taken and values[place + 1].shape == (1,)
    if not fitting and shared:
        fitting = [place + 1]
    nearest_first = sorted(fitting, key=lambda other: (other < place, abs(other - place)))
    for farther, other in enumerate(nearest_first):
        bias = values[other].reshape(-1)
        yield Dense(matrix, bias, place, frozenset({place, other}), turned, odd + farther)
    if not fitting:
        yield Dense(matrix, None, place, frozenset({place}), turned, odd)


def whole_network(values: Sequence[Float64Array], inputs: int, outputs: int) -> tuple[Dense, ...]:
    """All layers one after the other, in the order of registration as far as they fit; none if they lead elsewhere.

    A network of many layers is nearly always built so. What leads to the outputs' size comes last.
    """
    chain: tuple[Dense, ...] = ()
    width, taken = inputs, frozenset[int]()
    while following := list(layers(values, width, None, taken)):
        layer = min(following, key=lambda layer: (layer.width == outputs, layer.oddity, layer.place))
        chain, width, taken = (*chain, layer), layer.width, taken | layer.places
    return chain if width == outputs else ()


def chains(
    values: Sequence[Float64Array], inputs: int, outputs: int, depths: Sequence[int], budget: Budget
) -> Iterator[tuple[Dense, ...]]:
    """Every way to read the parameters as so many layers from ``inputs`` to ``outputs`` numbers, likeliest first.

    Layers are likelier in the order in which they are registered, untransposed, and with the nearest bias; of chains
    that are as likely, those of the depth that is named first.

    Raises:
        OverBudget: there are more than the budget allows to look for.
    """
    leading = _widths_that_lead(values, outputs, max(depths))
    waiting: list[tuple[int, int, tuple[int, ...], tuple[Dense, ...]]] = [(0, n, (), ()) for n in range(len(depths))]
    while waiting:
        oddity, rank, order, chain = heappop(waiting)
        missing = depths[rank] - len(chain)
        if not missing:
            yield chain
            continue
        width, last = (chain[-1].width, chain[-1].place) if chain else (inputs, -1)
        taken = frozenset[int]().union(*(layer.places for layer in chain))
        for number, layer in enumerate(layers(values, width, outputs if missing == 1 else None, taken)):
            budget.spend_on_reading()
            if layer.width in leading[missing - 1]:
                odder = oddity + layer.oddity + (layer.place < last)
                heappush(waiting, (odder, rank, (*order, number), (*chain, layer)))


def _widths_that_lead(values: Sequence[Float64Array], outputs: int, depth: int) -> list[frozenset[int]]:
    """The widths from which 0, 1, 2, … further layers can lead to ``outputs`` numbers."""
    shapes = {shape for value in values if value.ndim == 2 for shape in (value.shape, value.shape[::-1])}
    leading = [frozenset({outputs})]
    for _ in range(depth):
        leading.append(frozenset(int(inner) for outer, inner in shapes if outer in leading[-1]))
    return leading
