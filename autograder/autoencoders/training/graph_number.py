"""Numbers that gradients flow through."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

_OPERATIONS = (
    *("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__", "__rtruediv__"),
    *("__pow__", "__neg__"),
)


class GraphNumber(float):
    """A number made of a tensor that is sent backwards through it all the same, as what is computed with it is."""

    tensor: Tensor

    def __new__(cls, value: Any = 0.0) -> Any:
        """The number; a plain one where it is made of nothing that gradients flow through."""
        if not isinstance(value, Tensor) or not value.requires_grad or value.numel() != 1:
            return float(value)
        made = super().__new__(cls, value.detach())
        made.tensor = value.reshape(())
        return made

    def __round__(self, _digits: Any = None) -> Any:
        """As it is: no gradient flows through what is rounded."""
        return self

    def __getattr__(self, name: str) -> Any:
        """What its tensor has, such as ``backward``, and ``item`` for who prints it."""
        return getattr(self.tensor, name)


def _on_tensors(operation: str) -> Callable[..., Any]:
    def operate(number: GraphNumber, *others: Any) -> Any:
        whole = [other.tensor if isinstance(other, GraphNumber) else other for other in others]
        result = getattr(number.tensor, operation)(*whole)
        is_number = isinstance(result, Tensor) and not any(isinstance(other, Tensor) for other in others)
        return GraphNumber(result) if is_number else result

    return operate


for _operation in _OPERATIONS:
    setattr(GraphNumber, _operation, _on_tensors(_operation))
