"""Building modules without drawing the weights that the probe's own replace at once."""

from functools import cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode

_FEWEST, _MOST, _STEP = 1 << 14, 1 << 19, 1013


class PreparedDraws(TorchDispatchMode):
    """While active, large uniform draws on the CPU are numbers drawn earlier: a layer's first weights cost nothing.

    They are fit to compute with, for layers that a module does not register keep them; no two layers' are the same.

    Args:
        start: where among them to begin; another place gives a module other weights.
    """

    def __init__(self, start: int = 0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._start = start

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Nothing is compiled here.
        return False

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is not torch.ops.aten.uniform_.default:
            return func(*args, **kwargs)
        tensor, count = args[0], args[0].numel()
        if not _FEWEST <= count <= _MOST or tensor.device.type != "cpu" or tensor.dtype is not torch.float32:
            return func(*args, **kwargs)
        low = args[1] if len(args) > 1 else kwargs.get("from", 0.0)
        high = args[2] if len(args) > 2 else kwargs.get("to", 1.0)
        self._start = (self._start + _STEP) % (_MOST - count + 1)
        prepared = _prepared()[self._start : self._start + count].reshape(tensor.shape)
        torch.mul(prepared, (high - low) / 2, out=tensor)
        return tensor if low == -high else tensor.add_((high + low) / 2)


def prepare() -> None:
    """Draw the numbers ahead, for all processes that are forked from this one."""
    _prepared()


@cache
def _prepared() -> torch.Tensor:
    """Numbers between -1 and 1, always the same."""
    return torch.rand(_MOST, generator=torch.Generator().manual_seed(0)) * 2.0 - 1.0
