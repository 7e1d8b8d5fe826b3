"""Steering what NumPy and Python's own ``random`` draw, beside what torch does."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from math import erf, sqrt
from types import ModuleType
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Draw:
    """What a draw is to be.

    Attributes:
        level: a standard normal one.
        share: a uniform one between 0 and 1.
    """

    level: float
    share: float


def draw_at(level: float) -> Draw:
    """The normal draw of this level, and the uniform one that as many others lie below."""
    return Draw(level, 0.5 * (1.0 + erf(level / sqrt(2.0))))


def whole_number(low: int, high: int, share: float) -> int:
    """The one that so many of the whole numbers from ``low`` up to but not ``high`` lie below."""
    return low + int((high - low) * share)


# The next draw; ``None`` where it is to be left to chance.
NextDraw = Callable[[], Draw | None]
_telling: ContextVar[NextDraw | None] = ContextVar("_telling", default=None)
# What a function gives for a draw, with the arguments that it was called with.
_Value = Callable[[Draw, Any, Any], Any]


def _unit_normal(draw: Draw, _args: Any, _kwargs: Any) -> Any:
    return draw.level


def _unit_uniform(draw: Draw, _args: Any, _kwargs: Any) -> Any:
    return draw.share


def _normal(draw: Draw, args: Any, kwargs: Any) -> Any:
    mean, deviation = _pair(args, kwargs, (("loc", "mu"), ("scale", "sigma")))
    return mean + draw.level * deviation


def _uniform(draw: Draw, args: Any, kwargs: Any) -> Any:
    low, high = _pair(args, kwargs, (("low", "a"), ("high", "b")))
    return low + (high - low) * draw.share


def _multivariate_normal(draw: Draw, args: Any, kwargs: Any) -> Any:
    mean, covariance = _pair(args, kwargs, (("mean", "mean"), ("cov", "cov")))
    try:
        root = np.linalg.cholesky(covariance).sum(axis=1)
    except np.linalg.LinAlgError:
        root = np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
    return mean + draw.level * root


def _integer(draw: Draw, args: Any, kwargs: Any) -> Any:
    low, high = _pair(args, kwargs, (("low",), ("high",)), (0, None))
    low, high = (0, low) if high.dtype == object else (low, high)
    return np.floor(low + (high - low) * draw.share)


def _coins(draw: Draw, args: Any, kwargs: Any) -> Any:
    """All of them heads, or none."""
    count, chance = _pair(args, kwargs, (("n",), ("p",)), (1, 0.5))
    return np.where(draw.share >= 1.0 - chance, count, 0)


def _choice(draw: Draw, args: Any, kwargs: Any) -> Any:
    (given, _) = _pair(args, kwargs, (("a",), ("size",)))
    values = np.arange(given) if given.ndim == 0 else given
    return values[int(len(values) * draw.share)]


def _pair(
    args: Any, kwargs: Any, names: tuple[tuple[str, ...], tuple[str, ...]], defaults: tuple[Any, Any] = (0.0, 1.0)
) -> tuple[Any, Any]:
    """The first two arguments, by their place or by one of their names; the defaults where they are not given."""
    first, second = (
        np.asarray(args[place] if len(args) > place else next((kwargs[n] for n in either if n in kwargs), default))
        for place, (either, default) in enumerate(zip(names, defaults, strict=True))
    )
    return first, second


_OF_GENERATORS: Mapping[str, _Value] = {
    "standard_normal": _unit_normal,
    "normal": _normal,
    "multivariate_normal": _multivariate_normal,
    "random": _unit_uniform,
    "uniform": _uniform,
    "binomial": _coins,
    "choice": _choice,
}
_SOURCES: tuple[tuple[ModuleType, Mapping[str, _Value]], ...] = (
    (
        np.random,
        {
            **_OF_GENERATORS,
            "randint": _integer,
            "randn": _unit_normal,
            "rand": _unit_uniform,
            "random_sample": _unit_uniform,
        },
    ),
    (random, {"gauss": _normal, "normalvariate": _normal, "random": _unit_uniform, "uniform": _uniform}),
)


@contextmanager
def steered_beside_torch(next_draw: NextDraw) -> Iterator[None]:
    """Have NumPy's and Python's functions, and every generator of ``STEERABLE``, draw what they are told.

    Args:
        next_draw: asked once for each call.
    """
    kept = [(module, name, getattr(module, name)) for module, values in _SOURCES for name in values]
    before, make = _telling.get(), np.random.default_rng
    _telling.set(next_draw)
    for module, values in _SOURCES:
        for name, value in values.items():
            setattr(module, name, _steered(getattr(module, name), value))
    np.random.default_rng = lambda *args, **kwargs: steerable(make(*args, **kwargs))
    try:
        yield
    finally:
        np.random.default_rng = make
        for module, name, draw in kept:
            setattr(module, name, draw)
        _telling.set(before)


def _steered(draw: Callable[..., Any], value: _Value) -> Callable[..., Any]:
    @wraps(draw)
    def drawn(*args: Any, **kwargs: Any) -> Any:
        result = draw(*args, **kwargs)
        next_draw = _telling.get()
        told = None if next_draw is None else next_draw()
        if told is None:
            return result
        # A method's first argument is its object.
        number = value(told, args[isinstance(args[0], tuple(STEERABLE)) :] if args else args, kwargs)
        return np.full_like(result, number) if isinstance(result, np.ndarray) else type(result)(number)

    return drawn


def _steerable_kind(kind: type, values: Mapping[str, _Value]) -> type:
    """A kind of generator whose draws are steered where any are."""
    own = {name: _steered(getattr(kind, name), value) for name, value in values.items() if hasattr(kind, name)}
    return type(kind.__name__, (kind,), own)


# Kinds of generators, and for each the same whose draws are steered.
STEERABLE: Mapping[type, type] = {
    kind: _steerable_kind(kind, values)
    for kind, values in (
        (np.random.Generator, _OF_GENERATORS),
        (np.random.RandomState, _SOURCES[0][1]),
        (random.Random, _SOURCES[1][1]),
    )
}


def steerable(generator: Any) -> Any:
    """The same generator as one that can be steered; for NumPy's, one that goes on with the same numbers."""
    kind = STEERABLE.get(type(generator))
    if kind is None:
        return generator
    if isinstance(generator, random.Random):
        made = kind()
        made.setstate(generator.getstate())
        return made
    return kind(generator.bit_generator if isinstance(generator, np.random.Generator) else generator._bit_generator)
