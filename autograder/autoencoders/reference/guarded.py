"""Right formulas of the KL with a guard in them: a small constant inside the logarithm, or μ or log σ held in bounds.

Each has one number, which is read off.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from autograder.autoencoders.reference.bounds import Bound
from autograder.autoencoders.reference.divergence import BLOG, EXACT, Coefficients, Latents
from autograder.course.draws import Float64Array

# Bounds that people write, for the head of log σ or of log σ².
_BOUNDS = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 7.5, 8.0, 9.0, 10.0, 15.0, 20.0)
# And for σ itself.
_TIMES = (2.0, 5.0, 10.0, 20.0, 100.0, 1000.0)
_HALVINGS, _LEAST, _MOST = 60, 1e-16, 1.0
# A constant as small as this is no mistake.
_FREE = 1.1e-3

# log σ of the latents as the KL's logarithm and its σ² have it, and μ.
_Terms = tuple[Float64Array, Float64Array, Float64Array]


@dataclass(frozen=True)
class Lifted:
    """A constant inside the logarithm.

    Attributes:
        of: what it is added to, ``σ`` or ``σ²``.
        added: the constant.
    """

    of: str
    added: float

    @property
    def at_sigma(self) -> float:
        """The σ at which half of the logarithm's argument is the constant."""
        return self.added if self.of == "σ" else float(np.sqrt(self.added))

    @property
    def is_free(self) -> bool:
        """Whether it is so small that it is no mistake."""
        return self.added < _FREE

    def logarithm(self, log_sigma: Float64Array) -> Float64Array:
        """log σ as the logarithm has it."""
        power = 1.0 if self.of == "σ" else 2.0
        lifted: Float64Array = log_sigma + np.log1p(self.added * np.exp(-power * log_sigma)) / power
        return lifted


@dataclass(frozen=True)
class Floored:
    """The logarithm's argument held at a constant or more."""

    at: float

    @property
    def is_free(self) -> bool:
        """Whether σ hardly comes so far down."""
        return not Bound("log σ", self.at, np.inf).is_mistake

    def logarithm(self, log_sigma: Float64Array) -> Float64Array:
        """log σ as the logarithm has it."""
        raised: Float64Array = np.maximum(log_sigma, self.at)
        return raised


Guard = Lifted | Floored
G = TypeVar("G", bound=Guard)


def _floored(number: float) -> Floored:
    return Floored(float(np.log(number)))


_LIFTED = (partial(Lifted, "σ"), partial(Lifted, "σ²"))


def value(base: Coefficients, logarithm: Float64Array, log_sigma: Float64Array, mu: Float64Array) -> float:
    """A formula's sum, with log σ as its logarithm has it and as its σ² has it."""
    terms = base["σ²"] * np.exp(2.0 * log_sigma) + base["μ²"] * mu**2 + base["log σ"] * logarithm + base["1"]
    return float(terms.sum())


def agrees(
    predicted: Sequence[float], seen: Float64Array, latents: Sequence[Latents], rtol: float = 1e-4, atol: float = 1e-5
) -> bool:
    """Whether these are the values seen; what may differ grows with the terms, which may cancel."""
    sizes = np.array([float(np.abs(one.terms()[:4]).sum()) for one in latents])
    apart = np.abs(np.array(predicted) - seen)
    return bool(np.all(apart <= atol + rtol * np.abs(seen) + 2e-6 * sizes))


def explain_lifted(batches: Sequence[Latents], seen: Float64Array) -> Lifted | None:
    """The constant inside the logarithm with which a right formula gives the values seen."""
    return _read_off(_LIFTED, batches, seen, 1e-4, 1e-5)


def explain_guarded(
    batches: Sequence[Latents], seen: Float64Array, rtol: float, atol: float
) -> Lifted | Floored | None:
    """The constant inside the logarithm, or under it, with which a right formula gives the values seen."""
    kinds: tuple[Callable[[float], Guard], ...] = (*_LIFTED, _floored)
    return _read_off(kinds, batches, seen, rtol, atol)


def _read_off(
    kinds: Sequence[Callable[[float], G]], batches: Sequence[Latents], seen: Float64Array, rtol: float, atol: float
) -> G | None:
    """The guard of one of the kinds whose number, read off, gives the values seen."""
    logs = [np.log(np.maximum(one.sigma, 1e-30)) for one in batches]
    for base in (EXACT, BLOG):
        plain = np.array([value(base, log, log, one.mu) for log, one in zip(logs, batches, strict=True)])
        missing = float((plain - seen).sum())
        if missing <= 0.0:
            continue
        for kind in kinds:
            low, high = np.log(_LEAST), np.log(_MOST)
            for _ in range(_HALVINGS):
                middle = (low + high) / 2.0
                low, high = (middle, high) if sum(_raised(kind(np.exp(middle)), logs)) < missing else (low, middle)
            number = float(np.exp(low))
            guard = kind(number)
            predicted = [one - more for one, more in zip(plain, _raised(guard, logs), strict=True)]
            if 2.0 * _LEAST < number < 0.5 * _MOST and agrees(predicted, seen, batches, rtol, atol):
                return guard
    return None


def _raised(guard: Guard, logs: Sequence[Float64Array]) -> list[float]:
    """By how much a guard makes the logarithms of each batch larger, in all."""
    return [float((guard.logarithm(log) - log).sum()) for log in logs]


def explain_bounded(batches: Sequence[Latents], seen: Float64Array) -> Bound | None:
    """The bounds within which μ or log σ is held where a right formula gives the values seen."""
    logs = [np.log(np.maximum(one.sigma, 1e-12)) for one in batches]
    for base in (EXACT, BLOG):
        for bound in _possible():
            held = [list(_held(bound, log, one.mu)) for log, one in zip(logs, batches, strict=True)]
            for ways in zip(*held, strict=True):
                if agrees([value(base, *way) for way in ways], seen, batches):
                    return bound
    return None


def _possible() -> Iterator[Bound]:
    for of in ("log σ", "μ"):
        for size in (*_BOUNDS, *np.log(_TIMES).tolist()) if of == "log σ" else _BOUNDS:
            yield Bound(of, -size, size)
            yield Bound(of, -np.inf, size)
            yield Bound(of, -size, np.inf)


def _held(bound: Bound, log_sigma: Float64Array, mu: Float64Array) -> Iterator[_Terms]:
    """The ways to put a bound: on μ, or on log σ throughout, in the logarithm alone, and in σ² alone."""
    if bound.of == "μ":
        yield log_sigma, log_sigma, bound.keep(mu)
        return
    held = bound.keep(log_sigma)
    yield held, held, mu
    yield held, log_sigma, mu
    yield log_sigma, held, mu
