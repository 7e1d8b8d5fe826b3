"""NumPy's functions done by torch, where they are given tensors, so that gradients flow through what is written so."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.autoencoders.training.graph_number import GraphNumber

# What makes numbers of a tensor and no more.
_AS_IT_IS = ("array", "asarray", "asanyarray", "float32", "float64", "float_", "copy")
_OTHER_NAMES = {"power": "pow", "average": "mean", "absolute": "abs", "multiply": "mul", "linalg": "linalg"}


class TorchForNumpy:
    """Stands for NumPy, or for a part of it: what is given no tensor is NumPy's own."""

    def __init__(self, numpy: ModuleType = np, of_torch: ModuleType = torch) -> None:
        self._numpy, self._torch = numpy, of_torch

    def __getattr__(self, name: str) -> Any:
        """What NumPy has under that name, or what goes over to torch as soon as it is given a tensor."""
        real = getattr(self._numpy, name)
        other = getattr(self._torch, _OTHER_NAMES.get(name, name), None)
        if isinstance(real, ModuleType):
            return TorchForNumpy(real, other) if isinstance(other, ModuleType) else real
        if name in _AS_IT_IS:
            return _for_tensors(real, lambda value, *_others, **_options: value)
        return _for_tensors(real, other) if callable(real) and callable(other) else real


def _for_tensors(real: Callable[..., Any], of_torch: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        wholes = [one.tensor if isinstance(one, GraphNumber) else one for one in args]
        is_of_tensors = any(isinstance(one, Tensor) for one in wholes)
        return of_torch(*wholes, **kwargs) if is_of_tensors else real(*args, **kwargs)

    return call
