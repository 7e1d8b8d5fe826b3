"""Imported names that the notebook counts on and that a cell has given to something else."""

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import torch

from autograder.errors import UsageError

_LIBRARIES: Mapping[str, str] = MappingProxyType(
    {
        "torch": "torch",
        "nn": "torch.nn",
        "F": "torch.nn.functional",
        "np": "numpy",
        "plt": "matplotlib.pyplot",
    }
)
_IMPORTED: Mapping[str, str] = MappingProxyType(
    {**dict.fromkeys(("check", "hint", "progress"), "autograder"), **_LIBRARIES}
)


@dataclass(frozen=True)
class Overwritten:
    """A name that stands for something else by now.

    Attributes:
        name: the name.
        now: what it stands for, in words.
        mended: the line that brings it back.
    """

    name: str
    now: str
    mended: str


def overwritten(names: Mapping[str, Any]) -> Iterator[Overwritten]:
    """Every imported name of the notebook that is overwritten."""
    for name, origin in _IMPORTED.items():
        if name in names and not _is_from(names[name], origin):
            yield Overwritten(name, describe(names[name]), _mended(name, origin))


def overwritten_library(names: Mapping[str, Any]) -> str:
    """A word about the first library that students' code may miss under its name; empty where none is overwritten."""
    for one in overwritten(names):
        if one.name in _LIBRARIES:
            return (
                f"`{one.name}` is not {_LIBRARIES[one.name]} any more, but {one.now}. Run `{one.mended}`, and give "
                f"your own variable another name."
            )
    return ""


@contextmanager
def layers_are_pytorchs() -> Iterator[None]:
    """Say which of PyTorch's layers a cell has put something else in place of, where that is in the check's own way.

    Raises:
        UsageError: one of them is no class any more.
    """
    try:
        yield
    except Exception:
        for name in torch.nn.modules.__all__:
            if not inspect.isclass(layer := getattr(torch.nn, name, None)):
                raise UsageError(
                    f"`nn.{name}` is not PyTorch's layer any more, but {describe(layer)}: a line of yours begins with "
                    f"`nn.{name} =`. Take that line out, restart the kernel and run all cells."
                ) from None
        raise


def describe(value: object) -> str:
    """What a name stands for, in words."""
    return "a class" if inspect.isclass(value) else f"of type {type(value).__name__}"


def _is_from(value: object, origin: str) -> bool:
    if inspect.ismodule(value):
        return value.__name__ == origin
    return str(getattr(value, "__module__", "")).startswith(f"{origin}.")


def _mended(name: str, origin: str) -> str:
    if origin == "autograder":
        return f"from autograder import {name}"
    return f"import {origin}" if name == origin else f"import {origin} as {name}"
