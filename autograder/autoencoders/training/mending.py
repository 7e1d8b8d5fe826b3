"""Trying a function once more that could not send its loss backwards, with the slip in it mended.

Its loop, and what the loss is of, then show as they would without that slip, which is paid for once. Only calls from
the student's own lines are changed: PyTorch's go on as they are.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.autoencoders.training.graph_number import GraphNumber
from autograder.autoencoders.training.numpy_graph import TorchForNumpy
from autograder.autoencoders.training.recording import Autoencoder, Decoder, Tape
from autograder.autoencoders.training.slips import missing_name, slip_to_mend
from autograder.course.observation import Failure

_Names = Mapping[str, Any]
_Real = Callable[..., Any]
_MISSING = object()


class _Keeper:
    """Stands for whatever has the KL term, by a name that nothing has."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape

    @property
    def kl(self) -> Any:
        return self._tape.latest_kl

    @property
    def encoder(self) -> "_Keeper":
        return self


@contextmanager
def mended(stopped: Failure | None, names: dict[str, Any], tape: Tape) -> Iterator[None]:
    """Have done inside what a slip has kept from being done.

    Args:
        stopped: what has shown the slip; ``None`` mends nothing.
        names: the globals of the functions whose lines are meant.
        tape: where the probe's model writes.
    """
    slip = slip_to_mend(stopped)
    shadow: dict[str, Any] = {}
    if slip == "kl-not-there" and stopped is not None and (missing := missing_name(stopped)):
        shadow = {missing: _Keeper(tape)}
    with uncut(names, tape) if slip in ("plain-number", "detached") else _with(slip, shadow, names, tape):
        yield


@contextmanager
def uncut(names: dict[str, Any], tape: Tape) -> Iterator[None]:
    """Have nothing inside cut a tensor off from its graph, nor make a number of it; the arguments are ``mended``'s."""
    shadow: dict[str, Any] = {} if "float" in names else {"float": GraphNumber}
    # A function that ``torch.no_grad`` decorates was wrapped when it was defined.
    shadow |= {name: value.__wrapped__ for name, value in names.items() if _is_wrapped(value, names)}
    with _with("cut", shadow, names, tape):
        yield


@contextmanager
def through_numpy(names: dict[str, Any], tape: Tape) -> Iterator[None]:
    """The same, and have torch do what is asked of NumPy; the arguments are ``mended``'s."""
    shadow: dict[str, Any] = {name: TorchForNumpy() for name, value in names.items() if value is np}
    shadow |= {} if "float" in names else {"float": GraphNumber}
    with _with("cut", {}, names, tape), _with("numbers", shadow, names, tape):
        yield


@contextmanager
def numbers_for_arrays(names: dict[str, Any], tape: Tape) -> Iterator[None]:
    """Have a tensor without its graph wherever an array is made of one; the arguments are ``mended``'s."""
    with _with("arrays", {}, names, tape):
        yield


@contextmanager
def _with(slip: str, shadow: Mapping[str, Any], names: dict[str, Any], tape: Tape) -> Iterator[None]:
    with ExitStack() as stack:
        for (owner, name), made in _REPLACEMENTS.get(slip, {}).items():
            stack.enter_context(_replaced(owner, name, made(names, getattr(owner, name, None), tape)))
        before = {name: names[name] for name in shadow if name in names}
        names.update(shadow)
        try:
            yield
        finally:
            for name in shadow:
                names.pop(name, None)
            names.update(before)


def _is_wrapped(value: Any, names: _Names) -> bool:
    is_by_torch = getattr(value, "__globals__", {}).get("__name__", "").startswith("torch.")
    return is_by_torch and getattr(getattr(value, "__wrapped__", None), "__globals__", None) is names


@contextmanager
def _replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    before = vars(owner).get(name, _MISSING)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if before is _MISSING:
            delattr(owner, name)
        else:
            setattr(owner, name, before)


def _is_called_from(names: _Names) -> bool:
    """Whether the function that asks was called from one of those lines."""
    return sys._getframe(2).f_globals is names


def _item(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    return lambda tensor: GraphNumber(tensor) if _is_called_from(names) else real(tensor)


def _tensor(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    def make(value: Any, *args: Any, **kwargs: Any) -> Any:
        alone = value[0] if isinstance(value, (list, tuple)) and len(value) == 1 else value
        whole = alone.tensor if isinstance(alone, GraphNumber) else value
        return whole if isinstance(whole, Tensor) and _is_called_from(names) else real(value, *args, **kwargs)

    return make


def _to_list(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    return lambda tensor: GraphNumber(tensor) if _is_called_from(names) and tensor.dim() == 0 else real(tensor)


def _numbers(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    detach = Tensor.detach  # torch's own, as long as nothing is replaced

    def give(tensor: Tensor, *args: Any, **kwargs: Any) -> Any:
        return real(detach(tensor) if _is_called_from(names) else tensor, *args, **kwargs)

    return give


def _whole(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    return lambda tensor, *rest, **options: tensor if _is_called_from(names) else real(tensor, *rest, **options)


def _from_array(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    return lambda value: value if isinstance(value, Tensor) and _is_called_from(names) else real(value)


def _without_graph(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    return lambda tensor, *rest, **options: (
        tensor.detach() if _is_called_from(names) else real(tensor, *rest, **options)
    )


def _detach(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    return lambda tensor: tensor if _is_called_from(names) else real(tensor)


def _data(names: _Names, real: Any, _tape: Tape) -> property:
    return property(lambda tensor: tensor if _is_called_from(names) else real.__get__(tensor), real.__set__)


def _wish(names: _Names, real: Any, _tape: Tape) -> property:
    """Nothing where gradients are asked for at a tensor that has them, which torch refuses."""

    def ask(tensor: Tensor, value: bool) -> None:
        if not _is_called_from(names) or tensor.is_leaf:
            real.__set__(tensor, value)

    return property(lambda tensor: real.__get__(tensor), ask)


def _no_grad(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    return lambda *decorated: torch.enable_grad(*decorated) if _is_called_from(names) else real(*decorated)


def _grad_enabled(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    return lambda mode: torch.enable_grad() if _is_called_from(names) else real(mode)


def _backward(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    def backward(tensor: Tensor, *args: Any, **kwargs: Any) -> None:
        is_bare = not args and not kwargs and _is_called_from(names)
        real(tensor.sum() if is_bare else tensor, *args, **kwargs)

    return backward


def _item_of_sum(names: _Names, real: _Real, _tape: Tape) -> _Real:
    return lambda tensor: real(tensor.sum() if _is_called_from(names) else tensor)


def _kl(_names: _Names, _real: Any, tape: Tape) -> property:
    return property(lambda _self: tape.latest_kl)


_REPLACEMENTS: Mapping[str, Mapping[tuple[Any, str], Callable[..., Any]]] = {
    "cut": {
        (Tensor, "numpy"): _numbers,
        (Tensor, "__array__"): _numbers,
        (Tensor, "item"): _item,
        (Tensor, "tolist"): _to_list,
        (torch, "tensor"): _tensor,
        (torch, "as_tensor"): _tensor,
        (Tensor, "detach"): _detach,
        (Tensor, "data"): _data,
        (Tensor, "requires_grad"): _wish,
        (torch, "no_grad"): _no_grad,
        (torch, "set_grad_enabled"): _grad_enabled,
        (torch, "inference_mode"): _no_grad,
    },
    "numbers": {
        (Tensor, "numpy"): _whole,
        (Tensor, "astype"): _whole,
        (Tensor, "copy"): _whole,
        (torch, "from_numpy"): _from_array,
    },
    "arrays": {(Tensor, "numpy"): _without_graph},
    "not-summed": {(Tensor, "backward"): _backward, (Tensor, "item"): _item_of_sum},
    "kl-not-there": {(Tensor, "kl"): _kl, (Autoencoder, "kl"): _kl, (Decoder, "kl"): _kl},
}
