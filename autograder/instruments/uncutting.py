"""Having the student's code cut nothing off from its graph, where only the function that it computes is asked for."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor


@contextmanager
def uncut(names: Mapping[str, Any]) -> Iterator[None]:
    """Have ``detach``, ``data`` and ``no_grad`` cut nothing off inside, where the student's functions ask for them.

    Args:
        names: the globals of these functions.
    """
    detach: Any = Tensor.detach
    data: Any = Tensor.data

    def attached(tensor: Tensor) -> Any:
        return tensor if sys._getframe(1).f_globals is names else detach(tensor)

    def itself(tensor: Tensor) -> Any:
        return tensor if sys._getframe(1).f_globals is names else data.__get__(tensor)

    enter: Any = torch.no_grad.__enter__

    def entered(context: torch.no_grad) -> None:
        if sys._getframe(1).f_globals is names:
            context.prev = torch.is_grad_enabled()
        else:
            enter(context)

    setattr(Tensor, "detach", attached)  # noqa: B010
    setattr(Tensor, "data", property(itself, data.__set__))  # noqa: B010
    setattr(torch.no_grad, "__enter__", entered)  # noqa: B010
    try:
        yield
    finally:
        setattr(torch.no_grad, "__enter__", enter)  # noqa: B010
        # torch's own `data` stands in the class below.
        delattr(Tensor, "data")
        setattr(Tensor, "detach", detach)  # noqa: B010
