"""Giving a student's module the weights that the seed draws for it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import nn

from autograder.course import draws
from autograder.course.observation import Parameter

_LARGEST_CONSTANT = 1000


class TooLarge(Exception):
    """The module holds far more parameters than any solution of the exercise."""


def registered(module: nn.Module) -> tuple[Parameter, ...]:
    """The module's parameters, and which of them are drawn: all but those that are frozen and no layer's.

    What a student keeps as a frozen parameter, such as the mean of a prior, is a constant that the code counts on.

    Raises:
        TooLarge: there are so many that drawing them would take long.
    """
    kept = constants(module)
    found = tuple(Parameter(name[:80], tuple(p.shape), id(p) not in kept) for name, p in module.named_parameters())
    if not draws.can_be_drawn([parameter.shape for parameter in found]):
        raise TooLarge(f"the module has {sum(p.numel() for p in module.parameters()):,} parameters")
    return found


def load(module: nn.Module, amplitudes: draws.Amplitudes, seed: int) -> tuple[Parameter, ...]:
    """Fill the module's parameters with the probe's values; returns what it had registered.

    Raises:
        TooLarge: see ``registered``.
    """
    described = registered(module)
    values = draws.parameters([parameter.shape for parameter in described], amplitudes, seed)
    with torch.no_grad():
        for known, parameter, array in zip(described, module.parameters(), values, strict=True):
            if known.drawn:
                parameter.copy_(torch.from_numpy(array))
    return described


def constants(module: nn.Module) -> frozenset[int]:
    """The ids of frozen parameters that are no layer's: neither of torch's own, nor as large as weights are."""
    return frozenset(
        id(parameter)
        for owner in module.modules()
        for parameter in owner.parameters(recurse=False)
        if not parameter.requires_grad and parameter.numel() <= _LARGEST_CONSTANT and not _is_layer(owner)
    )


def drawn(module: nn.Module) -> Iterator[nn.Parameter]:
    """The parameters that are no constants."""
    kept = constants(module)
    return (parameter for parameter in module.parameters() if id(parameter) not in kept)


def _is_layer(module: nn.Module) -> bool:
    containers = (nn.ParameterList, nn.ParameterDict)
    return type(module).__module__.startswith("torch.nn.") and not isinstance(module, containers)


def put(module: nn.Module, values: Sequence[draws.Float32Array]) -> None:
    """Fill the module's parameters with these values."""
    with torch.no_grad():
        for parameter, array in zip(module.parameters(), values, strict=True):
            parameter.copy_(torch.from_numpy(array))


def change(module: nn.Module) -> None:
    """Give every parameter that is drawn other values, so that an output which comes from them changes."""
    with torch.no_grad():
        for parameter in drawn(module):
            parameter.mul_(-0.75)


@contextmanager
def one_larger(module: nn.Module, place: int, factor: float) -> Iterator[None]:
    """Have one parameter multiplied, by its position."""
    parameter = list(module.parameters())[place]
    kept = parameter.detach().clone()
    with torch.no_grad():
        parameter.mul_(factor)
    try:
        yield
    finally:
        with torch.no_grad():
            parameter.copy_(kept)


@contextmanager
def one_driven(module: nn.Module, place: int, factor: float) -> Iterator[None]:
    """Have one parameter without signs, multiplied, by its position."""
    parameter = list(module.parameters())[place]
    kept = parameter.detach().clone()
    with torch.no_grad():
        parameter.abs_().mul_(factor)
    try:
        yield
    finally:
        with torch.no_grad():
            parameter.copy_(kept)


@contextmanager
def all_smaller(module: nn.Module, factor: float) -> Iterator[None]:
    """Have every parameter that is drawn multiplied."""
    drawn_ones = list(drawn(module))
    kept = [parameter.detach().clone() for parameter in drawn_ones]
    with torch.no_grad():
        for parameter in drawn_ones:
            parameter.mul_(factor)
    try:
        yield
    finally:
        with torch.no_grad():
            for parameter, value in zip(drawn_ones, kept, strict=True):
                parameter.copy_(value)


def absolute_gradients(module: nn.Module) -> tuple[float, ...]:
    """The sum of the gradient's absolute values for each parameter; 0 where none has arrived."""
    return tuple(0.0 if p.grad is None else float(p.grad.norm(1)) for p in module.parameters())
