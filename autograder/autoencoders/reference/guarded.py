"""Right formulas of the KL with a guard in them: a small constant added to σ, or μ or σ held in bounds.

Each guard has one number, which is read off: where a formula's terms are known, one value of it gives the number, and
the others show whether it is that guard.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from autograder.autoencoders.reference.bounds import Bound
from autograder.autoencoders.reference.divergence import Coefficients, Latents, Mask, are_nearly_all
from autograder.course.draws import Float64Array

_HALVINGS = 48
# A constant as small as this is no mistake.
_FREE_CONSTANT = 1.1e-3
# Nor are bounds that lie further out than these. A floor counts in the logarithm, where a σ of 0.01 is one that shows;
# in the square it does not, where σ is small.
_FREE = {"logarithm": (-4.7, 3.95), "square": (-2.35, 3.95), "KL": (-4.7, 3.95)}
_FREE_MU = 9.5


class Where(Enum):
    """Which terms have a guard in them; in words, for a message."""

    LOGARITHM = "logarithm"
    SQUARE = "square"
    THROUGHOUT = "KL"


class Of(Enum):
    """What is held at a number or less; in words, for a message."""

    DIMENSION = "The part of each image and dimension in your KL"
    SUM = "Your KL"


@dataclass(frozen=True)
class Held:
    """What a batch has in a formula.

    Attributes:
        logarithm: log σ as the KL's logarithm has it, shape (batch, L).
        in_square: log σ as its σ² has it.
        mu: μ as its μ² has it.
        most: what one dimension's part is at most.
        most_in_all: what the sum is at most.
    """

    logarithm: Float64Array
    in_square: Float64Array
    mu: Float64Array
    most: float = np.inf
    most_in_all: float = np.inf

    def value(self, base: Coefficients) -> float:
        """A formula's sum."""
        terms = base["σ²"] * np.exp(2.0 * self.in_square) + base["μ²"] * self.mu**2 + base["log σ"] * self.logarithm
        return min(float(np.minimum(terms + base["1"], self.most).sum()), self.most_in_all)


@dataclass(frozen=True)
class Lifted:
    """A constant that is added to σ or to σ².

    Attributes:
        of: what it is added to, ``σ`` or ``σ²``.
        added: the constant.
        where: where in the formula.
    """

    of: str
    added: float
    where: Where

    @property
    def at_sigma(self) -> float:
        """The σ at which half of the sum is the constant."""
        return self.added if self.of == "σ" else float(np.sqrt(self.added))

    @property
    def is_mistake(self) -> bool:
        """Whether it is larger than what only guards against a σ of 0."""
        return self.added >= _FREE_CONSTANT

    def hold(self, held: Held) -> Held:
        """What the formula then has."""
        return _in_place(self.where, self._lift, held)

    def _lift(self, log_sigma: Float64Array) -> Float64Array:
        power = 1.0 if self.of == "σ" else 2.0
        lifted: Float64Array = log_sigma + np.log1p(self.added * np.exp(-power * log_sigma)) / power
        return lifted


@dataclass(frozen=True)
class Kept:
    """μ, or log σ, held within bounds.

    Attributes:
        bound: the bounds.
        where: where in the formula.
    """

    bound: Bound
    where: Where

    @property
    def is_mistake(self) -> bool:
        """Whether the bounds are so near that it matters."""
        low, high = (-_FREE_MU, _FREE_MU) if self.bound.of == "μ" else _FREE[self.where.value]
        return self.bound.low > low or self.bound.high < high

    def hold(self, held: Held) -> Held:
        """What the formula then has."""
        if self.bound.of == "μ":
            return replace(held, mu=self.bound.keep(held.mu))
        return _in_place(self.where, self.bound.keep, held)


@dataclass(frozen=True)
class Capped:
    """The KL held at a number or less.

    Attributes:
        at: the number.
        of: what of it.
    """

    at: float
    of: Of

    @property
    def is_mistake(self) -> bool:
        """Whether it is so near that it matters."""
        return self.at < _FREE_CAP[self.of]

    def hold(self, held: Held) -> Held:
        """What the formula then has."""
        return replace(held, most_in_all=self.at) if self.of is Of.SUM else replace(held, most=self.at)


_FREE_CAP = {Of.DIMENSION: 45.0, Of.SUM: 1e4}
Guard = Lifted | Kept | Capped
# A guard for its number, and the least and the largest number that it may have.
_Family = tuple[Callable[[float], Guard], float, float]


def _in_place(where: Where, change: Callable[[Float64Array], Float64Array], held: Held) -> Held:
    return replace(
        held,
        logarithm=held.logarithm if where is Where.SQUARE else change(held.logarithm),
        in_square=held.in_square if where is Where.LOGARITHM else change(held.in_square),
    )


def _lifting(of: str, where: Where) -> _Family:
    return lambda number: Lifted(of, float(np.exp(number)), where), -36.0, -0.4


def _floor(of: str, where: Where) -> _Family:
    return lambda number: Kept(Bound(of, number, np.inf), where), -16.0, -0.35


def _ceiling(of: str, where: Where) -> _Family:
    return lambda number: Kept(Bound(of, -np.inf, number), where), 0.35, 16.0


def _both(of: str, where: Where) -> _Family:
    return lambda number: Kept(Bound(of, -number, number), where), 0.35, 16.0


def _on_either(family: Callable[[str, Where], _Family]) -> Iterator[_Family]:
    yield family("μ", Where.THROUGHOUT)
    for where in (Where.THROUGHOUT, Where.LOGARITHM, Where.SQUARE):
        yield family("log σ", where)


def _cap(of: Of) -> _Family:
    return lambda number: Capped(float(np.exp(number)), of), -2.0, 16.0


_CAPS = (_cap(Of.DIMENSION), _cap(Of.SUM))
_LIFTED = tuple(_lifting(of, where) for where in (Where.LOGARITHM, Where.THROUGHOUT) for of in ("σ", "σ²"))
# By the side to which μ or log σ is driven: what may show there, the likeliest first. Without a side, either may.
_BY_SIDE: Mapping[int, tuple[_Family, ...]] = {
    -1: (*_LIFTED, *_on_either(_floor), *_CAPS),
    0: (*_LIFTED, *_on_either(_both), *_on_either(_floor), *_on_either(_ceiling)),
    1: (*_on_either(_ceiling), *_CAPS),
}


def _held(latents: Latents, guards: Sequence[Guard]) -> Held:
    log_sigma = np.log(np.maximum(latents.sigma, 1e-30))
    held = Held(log_sigma, log_sigma, latents.mu)
    for guard in guards:
        held = guard.hold(held)
    return held


def values(base: Coefficients, latents: Sequence[Latents], guards: Sequence[Guard] = ()) -> list[float]:
    """A formula's value for each of the latents with these guards in it."""
    return [_held(one, guards).value(base) for one in latents]


def distances(
    predicted: Sequence[float], latents: Sequence[Latents], seen: Float64Array, rtol: float = 1e-4, atol: float = 1e-5
) -> Float64Array:
    """How far each value is from what was predicted, of what it may be: that grows with the terms, which may cancel."""
    sizes = np.array([float(np.abs(one.terms()[:4]).sum()) for one in latents])
    found: Float64Array = np.abs(np.array(predicted) - seen) / (atol + rtol * np.abs(seen) + 2e-6 * sizes)
    return found


def misfit(
    base: Coefficients,
    latents: Sequence[Latents],
    seen: Float64Array,
    guards: Sequence[Guard] = (),
    rtol: float = 1e-4,
    atol: float = 1e-5,
) -> Float64Array:
    """How far each value is from the formula's with these guards, of what it may be."""
    return distances(values(base, latents, guards), latents, seen, rtol, atol)


def read_guards(
    base: Coefficients,
    latents: Sequence[Latents],
    seen: Float64Array,
    side: int = 0,
    known: Sequence[Guard] = (),
    rtol: float = 1e-4,
    atol: float = 1e-5,
    free: Mask | None = None,
) -> Iterator[Guard]:
    """The guards, one by itself, with which a formula gives the values seen.

    Args:
        base: the formula.
        latents: μ and σ for each value.
        seen: the values.
        side: -1 or 1 where μ or log σ is driven down or up, and 0 where it is not.
        known: guards that the formula has anyway.
        rtol: how far a value may be off, of itself.
        atol: and beside that.
        free: which values may be others, a few of them; none without it.
    """
    free = np.zeros(len(seen), np.bool_) if free is None else free
    place = int(np.argmax(misfit(base, latents, seen, known, rtol, atol)))
    clearest, start = float(seen[place]), _held(latents[place], known)
    for make, low, high in _BY_SIDE[side]:
        rises = make(high).hold(start).value(base) > make(low).hold(start).value(base)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2.0
            is_above = make(middle).hold(start).value(base) > clearest
            low, high = (low, middle) if is_above is rises else (middle, high)
        guard = make((low + high) / 2.0)
        if are_nearly_all(misfit(base, latents, seen, (*known, guard), rtol, atol) <= 1.0, free):
            yield guard
