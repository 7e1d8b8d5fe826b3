"""What stops a function once may be let pass, so that the rest of it is seen: in the notebook it stops there."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor

from autograder.course.observation import Failure

_TO_UNPACK = re.compile(r"values? to unpack \(expected (\d)")
_NUMPY_ON_TENSOR = "Can't call numpy() on Tensor that requires grad"


def parts_wanted(failure: Failure) -> int:
    """How many values the failed line wanted of one; 0 where it failed otherwise."""
    found = _TO_UNPACK.search(failure.message) if failure.error == "ValueError" else None
    return int(found[1]) if found else 0


def leniency(failure: Failure) -> str:
    """What would let pass the line that failed, one of the probe's ``MENDED``; empty where nothing would."""
    if parts_wanted(failure):
        return "unpacked"
    if "linspace only supports 0-dimensional" in failure.message:
        return "linspace"
    if "only one element tensors can be converted" in failure.message and "tensor(" in failure.line:
        return "tensor"
    return "numpy" if _NUMPY_ON_TENSOR in failure.message else ""


@contextmanager
def lenient(kind: str) -> Iterator[None]:
    """Have torch do what a line of that kind wants of it."""
    if kind == "linspace":
        with patch.object(torch, "linspace", _from_tensor_to_tensor(torch.linspace)):
            yield
    elif kind == "tensor":
        with patch.object(torch, "tensor", _of_tensors(torch.tensor)):
            yield
    elif kind == "numpy":
        with torch.no_grad():
            yield
    else:
        yield


def _from_tensor_to_tensor(linspace: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def between(start: Any, end: Any, steps: int, *args: Any, **options: Any) -> Tensor:
        if isinstance(start, Tensor) and isinstance(end, Tensor) and start.numel() > 1:
            t = linspace(0.0, 1.0, steps, dtype=start.dtype, device=start.device)
            return start + t.reshape(-1, *[1] * start.ndim) * (end - start)
        return linspace(start, end, steps, *args, **options)

    return between


def _of_tensors(tensor: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def joined(data: Any, *args: Any, **options: Any) -> Tensor:
        is_of_tensors = isinstance(data, (list, tuple)) and data and all(isinstance(one, Tensor) for one in data)
        return torch.stack(list(data)) if is_of_tensors else tensor(data, *args, **options)

    return joined
