"""Full float32 whatever a notebook has set: TF32, autocast, another type or device by default."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import torch

# What says how exactly is computed, and the value of each that stands for float32, beside the precision of matrices.
# PyTorch 2.9 has put `fp32_precision` beside the older ones, and refuses to tell of these where it says otherwise.
_PRECISION = MappingProxyType(
    {
        "backends.cudnn.allow_tf32": False,
        **{
            f"backends.{place}.fp32_precision": "ieee"
            for place in ("cuda.matmul", "cudnn.conv", "cudnn.rnn", "mkldnn.matmul", "mkldnn.conv", "mkldnn.rnn")
        },
    }
)
_CAN_CAST = ("cpu", "cuda", "mps")


@contextmanager
def exact_arithmetic() -> Iterator[None]:
    """Full float32, gradients switched on, new tensors on the CPU by default."""
    with ExitStack() as stack:
        stack.enter_context(_full_precision())
        stack.enter_context(_float32_by_default())
        stack.enter_context(torch.enable_grad())
        for device in _CAN_CAST:
            if torch.is_autocast_enabled(device):
                stack.enter_context(torch.autocast(device, enabled=False))
        # Entering a device costs something with every call of torch.
        if torch.get_default_device().type != "cpu":
            stack.enter_context(torch.device("cpu"))
        yield


@contextmanager
def _full_precision() -> Iterator[None]:
    older = None
    with suppress(RuntimeError):  # it is set in the newer way, which has more to say
        older = torch.get_float32_matmul_precision()
    kept = {path: value for path in _PRECISION if (value := _setting(path)) is not None}
    if older is not None:
        torch.set_float32_matmul_precision("highest")
    for path in kept:
        _set(path, _PRECISION[path])
    try:
        yield
    finally:
        if older is not None:
            torch.set_float32_matmul_precision(older)
        for path, value in kept.items():
            _set(path, value)


def _setting(path: str) -> Any:
    """The value of a setting; ``None`` where this PyTorch has none, or will not tell."""
    with suppress(AttributeError, RuntimeError):
        return attrgetter(path)(torch)


def _set(path: str, value: Any) -> None:
    owner, _, name = path.rpartition(".")
    setattr(attrgetter(owner)(torch), name, value)


@contextmanager
def _float32_by_default() -> Iterator[None]:
    kept = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    try:
        yield
    finally:
        torch.set_default_dtype(kept)
