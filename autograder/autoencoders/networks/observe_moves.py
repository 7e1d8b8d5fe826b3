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

# How far, beside the parameter's own size: twice, since over both ways a number moves alike, unless something bends on
# them or is computed in single precision.
_NEAR, _FAR = 1e-7, 1e-6
_ALIKE = 1e-3
# Another direction may not meet what bends.
_DIRECTIONS = 3
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
            for step in _steps(parameter, seed, place):
                seen = _movement(module, parameter, step, numbers)
                if seen is not None or time.process_time() > until:
                    break
            if seen is None:
                return None
            columns.append((seen, [float((of_all[place] * step).sum()) for of_all in slopes]))
        return Moves(*(np.array(side, np.float64).T.copy() for side in zip(*columns, strict=True)))

    with doubles():
        moves = workspace.attempt(observed)
    return moves if isinstance(moves, Moves) else None


def _steps(parameter: nn.Parameter, seed: int, place: int) -> Iterator[Tensor]:
    """Directions of the parameter's own, and of its size."""
    size = float(parameter.detach().norm()) / sqrt(max(parameter.numel(), 1))
    for attempt in range(_DIRECTIONS):
        direction = draws.generator(seed, "moves", place, attempt).uniform(-1.0, 1.0, tuple(parameter.shape))
        yield torch.from_numpy(size * direction).to(parameter.device)


def _movement(module: nn.Module, parameter: nn.Parameter, step: Tensor, numbers: Numbers) -> Float64Array | None:
    """How the numbers move along a step, by its length; ``None`` where they do so unevenly."""
    near, far = (_difference(module, parameter, length * step, numbers) / length for length in (_NEAR, _FAR))
    return far if (np.abs(near - far) <= _ALIKE * np.abs(far).max()).all() else None


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
