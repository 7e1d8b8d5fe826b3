"""Giving a student's module the weights that the seed draws for it."""

from collections.abc import Sequence

import torch
from torch import nn

from autograder.course import draws
from autograder.course.observation import Parameter


class TooLarge(Exception):
    """The module holds far more parameters than any solution of the exercise."""


def registered(module: nn.Module) -> tuple[Parameter, ...]:
    """Names and shapes of the module's parameters.

    Raises:
        TooLarge: there are so many that drawing them would take long.
    """
    found = tuple(Parameter(name[:80], tuple(p.shape)) for name, p in module.named_parameters())
    if not draws.can_be_drawn([parameter.shape for parameter in found]):
        raise TooLarge(f"the module has {sum(p.numel() for p in module.parameters()):,} parameters")
    return found


def load(module: nn.Module, amplitudes: draws.Amplitudes, seed: int) -> tuple[Parameter, ...]:
    """Fill the module's parameters with the probe's values; returns what it had registered.

    Raises:
        TooLarge: see ``registered``.
    """
    described = registered(module)
    put(module, draws.parameters([parameter.shape for parameter in described], amplitudes, seed))
    return described


def put(module: nn.Module, values: Sequence[draws.Float32Array]) -> None:
    """Fill the module's parameters with these values."""
    with torch.no_grad():
        for parameter, array in zip(module.parameters(), values, strict=True):
            parameter.copy_(torch.from_numpy(array))


def change(module: nn.Module) -> None:
    """Give every parameter other values, so that an output which comes from them changes."""
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.mul_(-0.75)


def absolute_gradients(module: nn.Module) -> tuple[float, ...]:
    """The sum of the gradient's absolute values for each parameter; 0 where none has arrived."""
    return tuple(0.0 if p.grad is None else float(p.grad.norm(1)) for p in module.parameters())
