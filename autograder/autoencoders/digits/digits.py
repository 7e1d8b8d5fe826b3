"""Images of digits with their labels, from a folder of IDX files or from those that travel with the package."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import torch

from autograder.autoencoders.bundled import bundled
from autograder.autoencoders.digits.idx import IdxError, read_idx

BUNDLED_FOLDER = "data/mnist-10k"
BUNDLED_TOTAL = 10_000

_SIDE = 28
_in_memory: "dict[bool, Digits]" = {}


@dataclass(frozen=True, eq=False)
class Digits:
    """Images, uint8 of shape (n, 28, 28), and their labels 0…9, int64 of shape (n,)."""

    images: torch.Tensor
    labels: torch.Tensor


def digit_files(train: bool, suffix: str = "") -> tuple[str, str]:
    """File names of the images and of the labels of one split, as MNIST is distributed."""
    split = "train" if train else "t10k"
    return f"{split}-images-idx3-ubyte{suffix}", f"{split}-labels-idx1-ubyte{suffix}"


def read_digits(images: Path, labels: Path) -> Digits:
    """The digits of two IDX files.

    Raises:
        IdxError: a file is damaged, or the two do not belong together.
        OSError: a file is missing or cannot be read.
    """
    pixels, classes = read_idx(images), read_idx(labels)
    if pixels.ndim != 3 or pixels.shape[1:] != (_SIDE, _SIDE) or classes.shape != pixels.shape[:1]:
        raise IdxError(f"{images.name} of shape {pixels.shape} and {labels.name} of shape {classes.shape} do not match")
    return Digits(torch.from_numpy(pixels), torch.from_numpy(classes).long())


def bundled_digits(train: bool) -> Digits:
    """8,000 digits to train on, or 2,000 others to test with; nothing is written anywhere.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    if (kept := _in_memory.get(train)) is not None:
        return Digits(kept.images.clone(), kept.labels.clone())
    images, labels = (bundled(f"{BUNDLED_FOLDER}/{name}") for name in digit_files(train, suffix=".gz"))
    return read_digits(images, labels)


def keep_in_memory() -> None:
    """Read the bundled digits ahead, for this process and those forked from it, which may read no files."""
    with suppress(OSError, IdxError):  # an incomplete installation, which is told where they are asked for
        _in_memory.update({train: bundled_digits(train) for train in (True, False)})
