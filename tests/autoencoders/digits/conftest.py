import gzip
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import autograder.autoencoders.digits  # noqa: F401 - the tests here import torchvision themselves, which this lets them do

TRAIN, TEST = 300, 40


def idx(values: np.ndarray) -> bytes:
    return struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape) + values.tobytes()


@pytest.fixture(scope="session")
def small_mnist() -> dict[str, bytes]:
    """Four IDX files like MNIST's, with 300 and 40 images of noise that no bundled digit resembles."""
    draw = np.random.default_rng(7)
    files = {}
    for split, count in (("train", TRAIN), ("t10k", TEST)):
        files[f"{split}-images-idx3-ubyte"] = idx(draw.integers(0, 256, (count, 28, 28), dtype=np.uint8))
        files[f"{split}-labels-idx1-ubyte"] = idx(draw.integers(0, 10, count, dtype=np.uint8))
    return files


@pytest.fixture
def root(tmp_path: Path, small_mnist: dict[str, bytes]) -> Path:
    """A root folder whose MNIST/raw holds the four files of `small_mnist`."""
    raw = tmp_path / "root" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name, content in small_mnist.items():
        (raw / name).write_bytes(content)
    return tmp_path / "root"


@pytest.fixture
def unzip() -> Callable[[Path], np.ndarray]:
    """Reads a gzipped IDX file independently of the package."""

    def read(path: Path) -> np.ndarray:
        content = gzip.decompress(path.read_bytes())
        shape = struct.unpack_from(f">{content[3]}I", content, 4)
        return np.frombuffer(content, np.uint8, offset=4 + 4 * content[3]).reshape(shape)

    return read
