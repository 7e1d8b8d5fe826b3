"""MNIST as torchvision offers it, but quick to load and there without a network."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
import torchvision
from torchvision.transforms import ToTensor

from autograder.autoencoders.digits.batches import Batch
from autograder.autoencoders.digits.digits import BUNDLED_TOTAL, Digits, bundled_digits, digit_files, read_digits
from autograder.autoencoders.digits.download import DownloadError, TimeLimits, download_files
from autograder.autoencoders.digits.idx import IdxError


class MNIST(torchvision.datasets.MNIST):  # type: ignore[misc] # torchvision has no types
    """Handwritten digits: `torchvision.datasets.MNIST`, except for where the images come from and how fast they load.

    All of MNIST where its four files lie in ``<root>/MNIST/raw``, or where ``download=True`` gets them there; else the
    bundled digits, 8,000 to train on and 2,000 to test with. One printed line says which.

    A sample is an image, float32 of shape (1, 28, 28) with values in [0, 1], and its label, an ``int``. A
    ``DataLoader`` gives ``[images, labels]`` of shapes (b, 1, 28, 28) and (b,), bit for bit what it gives with
    torchvision's own class and ``ToTensor()``, many times as fast.

    Args:
        root: folder that has, or gets, ``MNIST/raw``. Nothing is written to it unless ``download`` is true.
        train: the training split, or the test split.
        transform: what to do with the PIL image of a digit. None means ``ToTensor()``.
        target_transform: what to do with a label.
        download: download MNIST (11 MB) when it is not there yet. When that fails, the line says why and the bundled
            digits are used.

    Attributes:
        data: the images, uint8 of shape (n, 28, 28).
        targets: the labels, int64 of shape (n,).

    Raises:
        FileNotFoundError: the bundled digits are needed but the installation is incomplete.
    """

    time_limits = TimeLimits()

    def __init__(
        self,
        root: str | Path = "./data",
        train: bool = True,
        transform: Callable[[Any], Any] | None = None,
        target_transform: Callable[[Any], Any] | None = None,
        download: bool = False,
    ) -> None:
        # Not torchvision's own MNIST.__init__, which raises where the files are missing.
        torchvision.datasets.VisionDataset.__init__(
            self, str(root), transform=transform or ToTensor(), target_transform=target_transform
        )
        self.train = train
        digits, self._origin, remark = self._find_digits(download)
        self.data, self.targets = digits.images, digits.labels
        print(f"MNIST: {self._origin}{remark}")  # noqa: T201 - students are to see which digits they train on

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        """The sample at an index: (image, label), transformed."""
        if not self._gives_tensors:
            return super().__getitem__(index)  # type: ignore[no-any-return] # torchvision has no types
        label = int(self.targets[index])
        image = _to_float(self.data[index].unsqueeze(0))
        return image, label if self.target_transform is None else self.target_transform(label)

    def __getitems__(self, indices: Sequence[int]) -> Batch | list[tuple[Any, Any]]:
        """The samples at many indices, as a ``DataLoader`` asks for a batch."""
        if not self._gives_tensors or self.target_transform is not None:
            return [self[index] for index in indices]
        chosen = torch.as_tensor(indices)
        return Batch(_to_float(self.data[chosen].unsqueeze(1)), self.targets[chosen])

    def download(self) -> None:
        """Download MNIST into ``<root>/MNIST/raw`` unless it is there.

        Raises:
            DownloadError: it could not be had within the `time_limits`, or not be stored.
        """
        if not self._is_complete:
            download_files(self.mirrors, self.resources, self._raw, self.time_limits)

    def extra_repr(self) -> str:
        """The split and where the digits come from, for ``repr``."""
        return f"{super().extra_repr()}\nDigits: {self._origin}"

    @property
    def _gives_tensors(self) -> bool:
        # Asked anew each time: `transform` is public and students reassign it.
        return self.transform is None or type(self.transform) is ToTensor

    @property
    def _raw(self) -> Path:
        return Path(self.raw_folder)

    @property
    def _is_complete(self) -> bool:
        return all((self._raw / name).is_file() for train in (True, False) for name in digit_files(train))

    def _find_digits(self, may_download: bool) -> tuple[Digits, str, str]:
        """The digits, where they come from, and what else to say of that."""
        try:
            if may_download:
                self.download()
            if self._is_complete:
                digits = read_digits(*(self._raw / name for name in digit_files(self.train)))
                return digits, f"{len(digits.labels):,} digits of {self._raw}", ""
            remark = "; pass download=True for all 60,000"
        except DownloadError as error:
            remark = f"; the download failed: {error}"
        except (OSError, IdxError) as error:
            remark = f"; what lies in {self._raw} cannot be used: {error}"
        digits = bundled_digits(self.train)
        return digits, f"{len(digits.labels):,} of the bundled digits ({BUNDLED_TOTAL:,} real MNIST images)", remark


def _to_float(images: torch.Tensor) -> torch.Tensor:
    # What ToTensor computes, so that not a bit differs. Converting a batch is as quick as copying it out of a tensor of
    # floats kept for the purpose, and follows `data` when students filter it. (`images / 255` is 25 times as slow.)
    return images.to(torch.get_default_dtype()).div(255)
