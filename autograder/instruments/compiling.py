"""Running as it is written what a notebook would compile."""

from typing import Any

import torch
from torch import nn


def compile_nothing() -> None:
    """From now on, have ``torch.compile`` give back what it is given, in this process.

    A compiler starts programs and writes files, which a sandbox has to refuse; results are the same without it.
    """
    torch.compile = _as_written
    nn.Module.compile = _nothing  # type: ignore[method-assign]


def _as_written(model: Any = None, **_options: Any) -> Any:
    """The model, class or function; a decorator that does so where only options are given."""
    return _same if model is None else model


def _nothing(*_args: Any, **_options: Any) -> None:
    pass


def _same(decorated: Any) -> Any:
    return decorated
