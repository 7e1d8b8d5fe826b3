"""Generators of random numbers that the student's code has made before it is looked at, or makes and keeps.

Those and functions that were imported by name are not looked up while noise is steered; here others take their places.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import BuiltinMethodType, MethodType, ModuleType
from typing import Any

import numpy as np

from autograder.instruments.other_draws import STEERABLE, steerable

_MODULES: tuple[ModuleType, ...] = (np.random, random)
_FUNCTIONS = (BuiltinMethodType, MethodType, type(np.random.default_rng))
_MAKERS: tuple[tuple[ModuleType, str], ...] = (
    (np.random, "Generator"),
    (np.random, "RandomState"),
    (random, "Random"),
)


@contextmanager
def generators_steerable(names: dict[str, Any]) -> Iterator[None]:
    """Have what the names hold, and what is made inside, draw what it is told where noise is steered.

    Args:
        names: the globals of the student's functions and classes.
    """
    replaced = {name: other for name, value in names.items() if (other := _in_place_of(value)) is not None}
    before = {name: names[name] for name in replaced}
    made = [(module, kind, getattr(module, kind)) for module, kind in _MAKERS]
    draw = np.random.default_rng
    names.update(replaced)
    for module, kind, own in made:
        setattr(module, kind, STEERABLE[own])
    np.random.default_rng = lambda *args, **kwargs: steerable(draw(*args, **kwargs))
    try:
        yield
    finally:
        np.random.default_rng = draw
        for module, kind, own in made:
            setattr(module, kind, own)
        # What the code itself has put there stays.
        names.update({name: value for name, value in before.items() if names.get(name) is replaced[name]})


def _in_place_of(value: Any) -> Any:
    for kind, other in STEERABLE.items():
        if value is kind or type(value) is kind:
            return other if value is kind else steerable(value)
    name = value.__name__ if isinstance(value, _FUNCTIONS) else ""
    return next((partial(_looked_up, at, name) for at in _MODULES if name and vars(at).get(name) is value), None)


def _looked_up(module: ModuleType, name: str, *args: Any, **kwargs: Any) -> Any:
    """A function of a module as it is at that time."""
    function: Callable[..., Any] = getattr(module, name)
    return function(*args, **kwargs)
