"""Whole batches of digits through the default ``collate_fn`` of a ``DataLoader``.

A ``DataLoader`` asks a dataset that has ``__getitems__`` for a whole batch at once, but its ``default_collate`` then
takes that batch apart and stacks the samples again. `Sample` is registered where ``default_collate`` documents that
new types go, with a rule that takes the batch as it is. Any other ``collate_fn`` sees a sequence of (image, label).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, overload

import torch
from torch.utils.data._utils.collate import collate, default_collate_fn_map


class Sample(tuple[torch.Tensor, int]):
    """An image (1, 28, 28) and its label, out of a `Batch`."""

    __slots__ = ()


@dataclass(frozen=True, eq=False)
class Batch(Sequence[Sample]):
    """A sequence of samples that already lie together: images (b, 1, 28, 28), float, and labels (b,), int64."""

    images: torch.Tensor
    labels: torch.Tensor

    def __len__(self) -> int:
        return len(self.labels)

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> "Batch": ...
    def __getitem__(self, index: int | slice) -> "Sample | Batch":
        if isinstance(index, slice):
            return Batch(self.images[index], self.labels[index])
        return Sample((self.images[index], int(self.labels[index])))


def _collate_samples(
    batch: Sequence[Sample], *, collate_fn_map: dict[type | tuple[type, ...], Callable[..., Any]] | None = None
) -> list[torch.Tensor]:
    if isinstance(batch, Batch):
        return [batch.images, batch.labels]
    collated: list[torch.Tensor] = collate([tuple(sample) for sample in batch], collate_fn_map=collate_fn_map)
    return collated


default_collate_fn_map[Sample] = _collate_samples
