"""Moving a network's parameters one by one, in double precision, and seeing what moves with them."""

import time
from collections.abc import Callable, Iterator, Sequence
from math import sqrt
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.autoencoders.networks.moves import MOST_PARAMETERS, Moves
from autograder.autoencoders.networks.observe_line import doubles
from autograder.course import draws
from autograder.course.draws import Amplitudes, Float64Array
from autograder.instruments import weights
from autograder.instruments.calling import Workspace

# How far, beside the parameter's own size: that, and a tenth of it, since over both ways a number moves alike, unless
# something bends on them or is computed in single precision. What bends is not met on a shorter one.
_LENGTHS = (1e-6, 1e-7, 1e-8)
# So alike, of the movement; and what rounding leaves of a number.
_ALIKE, _ROUNDING = 1e-5, 1e-14
# What takes longer than that is not looked at.
_SECONDS = 3.0

# Gives some numbers that a module has computed, shape (numbers,).
Numbers = Callable[[nn.Module], Tensor]


def observe_moves(
    workspace: Workspace, factory: Any, latent_dims: int, numbers: Numbers, amplitudes: Amplitudes, seed: int
) -> Moves | None:
    """How the numbers move with each parameter; ``None`` where that cannot be said.

    Args:
        workspace: where the student's code runs.
        factory: the student's class.
        latent_dims: the latent size.
        numbers: gives them, the same ones each time.
        amplitudes: how large the parameters are.
        seed: the probe's seed.
    """

    def observed() -> Moves | None:
        module = factory(latent_dims).to(workspace.device, torch.float64)
        weights.load(module, amplitudes, seed)
        moved = list(weights.drawn(module))
        first = numbers(module)
        if len(moved) > MOST_PARAMETERS or not torch.allclose(first, numbers(module), rtol=1e-9):
            return None
        until, columns = time.process_time() + _SECONDS, []
        slopes = [_slopes(number, moved) for number in first]
        for place, parameter in enumerate(moved):
            step = _step(parameter, seed, place)
            seen = next((one for one in _movements(module, parameter, step, numbers) if one is not None), None)
            if seen is None or time.process_time() > until:
                return None
            columns.append((seen, [float((of_all[place] * step).sum()) for of_all in slopes]))
        return Moves(*(np.array(side, np.float64).T.copy() for side in zip(*columns, strict=True)))

    with doubles():
        moves = workspace.attempt(observed)
    return moves if isinstance(moves, Moves) else None


def _step(parameter: nn.Parameter, seed: int, place: int) -> Tensor:
    """A direction of the parameter's own, and of its size."""
    direction = draws.generator(seed, "moves", place).uniform(-1.0, 1.0, tuple(parameter.shape))
    size = float(parameter.detach().norm()) / sqrt(max(parameter.numel(), 1))
    return torch.from_numpy(size * direction).to(parameter.device)


def _movements(
    module: nn.Module, parameter: nn.Parameter, step: Tensor, numbers: Numbers
) -> Iterator[Float64Array | None]:
    """How the numbers move along a step, by its length, for each of the lengths; ``None`` where they do so unevenly."""
    rounded_off = _ROUNDING * float(numbers(module).abs().max())
    for far in _LENGTHS:
        near = far / 10.0
        along_near, along = (_difference(module, parameter, way * step, numbers) / way for way in (near, far))
        is_even = np.abs(along - along_near) <= _ALIKE * np.abs(along) + rounded_off / near
        yield along if is_even.all() else None


def _difference(module: nn.Module, parameter: nn.Parameter, step: Tensor, numbers: Numbers) -> Float64Array:
    kept, ends = parameter.detach().clone(), []
    with torch.no_grad():
        for place in (kept + step, kept - step):
            parameter.copy_(place)
            ends.append(numbers(module).double().cpu().numpy())
        parameter.copy_(kept)
    difference: Float64Array = 0.5 * (ends[0] - ends[1])
    return difference


def _slopes(number: Tensor, moved: Sequence[nn.Parameter]) -> list[Tensor]:
    """What autograd says that a number's derivative by each parameter is."""
    if not number.requires_grad:
        return [torch.zeros_like(parameter) for parameter in moved]
    found = torch.autograd.grad(number, moved, retain_graph=True, allow_unused=True)
    return [torch.zeros_like(parameter) if one is None else one for parameter, one in zip(moved, found, strict=True)]
