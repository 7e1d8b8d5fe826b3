"""Trying a function once more that could not send its loss backwards, with the slip in it mended.

Its loop, and what the loss is of, then show as they would without that slip, which is paid for once. Only calls from
the student's own lines are changed: PyTorch's go on as they are.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor

from autograder.autoencoders.training.recording import Autoencoder, Decoder, Tape
from autograder.autoencoders.training.slips import missing_name, slip_to_mend
from autograder.course.observation import Failure

_Names = Mapping[str, Any]
_Real = Callable[..., Any]
_MISSING = object()
_OPERATIONS = (
    *("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__", "__rtruediv__"),
    *("__pow__", "__neg__"),
)


class GraphNumber(float):
    """A number made of a tensor that is sent backwards through it all the same, as what is computed with it is."""

    tensor: Tensor

    def __new__(cls, value: Any = 0.0) -> Any:
        """The number; a plain one where it is made of nothing that gradients flow through."""
        if not isinstance(value, Tensor) or not value.requires_grad or value.numel() != 1:
            return float(value)
        made = super().__new__(cls, value.detach())
        made.tensor = value.reshape(())
        return made

    def __round__(self, _digits: Any = None) -> Any:
        """As it is: no gradient flows through what is rounded."""
        return self

    def __getattr__(self, name: str) -> Any:
        """What its tensor has, such as ``backward``, and ``item`` for who prints it."""
        return getattr(self.tensor, name)


def _on_tensors(operation: str) -> Callable[..., Any]:
    def operate(number: GraphNumber, *others: Any) -> Any:
        whole = [other.tensor if isinstance(other, GraphNumber) else other for other in others]
        result = getattr(number.tensor, operation)(*whole)
        is_number = isinstance(result, Tensor) and not any(isinstance(other, Tensor) for other in others)
        return GraphNumber(result) if is_number else result

    return operate


for _operation in _OPERATIONS:
    setattr(GraphNumber, _operation, _on_tensors(_operation))


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
        whole = value.tensor if isinstance(value, GraphNumber) else value
        return whole if isinstance(whole, Tensor) and _is_called_from(names) else real(value, *args, **kwargs)

    return make


def _to_list(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    return lambda tensor: GraphNumber(tensor) if _is_called_from(names) and tensor.dim() == 0 else real(tensor)


def _numbers(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    detach = Tensor.detach  # torch's own, as long as nothing is replaced

    def give(tensor: Tensor, *args: Any, **kwargs: Any) -> Any:
        return real(detach(tensor) if _is_called_from(names) else tensor, *args, **kwargs)

    return give


def _detach(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    return lambda tensor: tensor if _is_called_from(names) else real(tensor)


def _data(names: _Names, real: Any, _tape: Tape) -> property:
    return property(lambda tensor: tensor if _is_called_from(names) else real.__get__(tensor), real.__set__)


def _no_grad(names: _Names, real: _Real, _tape: Tape) -> Callable[..., Any]:
    return lambda *decorated: torch.enable_grad(*decorated) if _is_called_from(names) else real(*decorated)


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
        (torch, "no_grad"): _no_grad,
        (torch, "inference_mode"): _no_grad,
    },
    "not-summed": {(Tensor, "backward"): _backward, (Tensor, "item"): _item_of_sum},
    "kl-not-there": {(Tensor, "kl"): _kl, (Autoencoder, "kl"): _kl, (Decoder, "kl"): _kl},
}
