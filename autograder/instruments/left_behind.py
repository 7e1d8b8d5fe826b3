"""Telling what a call leaves behind in a module, such as a running mean, from random draws."""

import random
from copy import deepcopy
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.course.observation import CallResult
from autograder.instruments.calling import Workspace

_GENERATORS = (torch.Generator, np.random.Generator, np.random.RandomState, random.Random)


def leaves_something(workspace: Workspace, module: nn.Module, batch: Tensor, another: Tensor) -> bool:
    """Whether a module gives another output for a batch after another one, and would give the same without that.

    Two copies of it begin with all that it keeps and differ by chance alone: they share its generators.
    """

    def copied() -> nn.Module:
        kept = (value for part in module.modules() for value in vars(part).values())
        # What `deepcopy` finds in here it takes as it is.
        return deepcopy(module, {id(value): value for value in kept if isinstance(value, _GENERATORS)})

    def called(*batches: Tensor) -> CallResult:
        return workspace.call(lambda: _last(copied(), *batches))

    one, again, after = called(batch), called(batch), called(another, batch)
    return _are_alike(one, again) and after.value is not None and not _are_alike(one, after)


def _last(module: nn.Module, *batches: Tensor) -> Any:
    return [module(batch.clone()) for batch in batches][-1]


def _are_alike(one: CallResult, other: CallResult) -> bool:
    return one.value is not None and other.value is not None and np.array_equal(one.value, other.value)
