"""Draws for the probes: the same seed gives the same numbers in the judge and in the worker, on any machine."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
import numpy.typing as npt

Float32Array = npt.NDArray[np.float32]
Float64Array = npt.NDArray[np.float64]

PIXELS = 784
_FEWEST_KEPT, _MOST_KEPT = 1 << 16, 1 << 19


def generator(seed: int, *label: str | int) -> np.random.Generator:
    """A Philox generator keyed by the seed and a label such as ``("encoder", "weights", 0)``.

    Differently labelled draws are independent, and none depends on how much another one has drawn.
    """
    digest = hashlib.sha256(repr((seed, *label)).encode()).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(digest[:16], dtype=np.uint64)))


def uniform(low: float, high: float, shape: Sequence[int], seed: int, *label: str | int) -> Float64Array:
    """Uniform draws in ``[low, high)``, float64, in C order, rounded to what float32 can hold.

    The rounding lets the judge compute in float64 with exactly the numbers that the student's float32 code is given.
    Each number takes one of 65,536 values: matrices are drawn for every check, and this takes a quarter of the time.
    """
    return _single(low, high, tuple(shape), seed, *label).astype(np.float64)


def _single(low: float, high: float, shape: tuple[int, ...], seed: int, *label: str | int) -> Float32Array:
    count = prod(shape)
    words = generator(seed, *label).bit_generator.random_raw(-(-count // 4))
    halves = words.astype("<u8", copy=False).view("<u2")[:count]
    drawn = halves.astype(np.float32).reshape(shape)
    drawn *= np.float32((high - low) / 65536.0)
    drawn += np.float32(low)
    return drawn


@lru_cache(maxsize=32)
def images(count: int, seed: int, *label: str | int) -> Float64Array:
    """Random images of shape (count, 1, 28, 28), pixels in [0, 1), some bright and some dark.

    From three images on, the third is the mean of the first two. The array is shared by all who ask for it, read-only.
    """
    drawn = uniform(0.0, 1.0, (count, 1, 28, 28), seed, *label)
    brightness = uniform(0.1, 1.0, (count, 1, 1, 1), seed, *label, "brightness")
    batch = with_mean_third(drawn * brightness)
    batch.setflags(write=False)
    return batch


def with_mean_third(batch: Float64Array) -> Float64Array:
    """The batch with its third row the mean of the first two: an affine map sends it to the mean of theirs."""
    batch = batch.copy()
    if len(batch) > 2:
        batch[2] = (batch[0] + batch[1]) / 2
    return batch.astype(np.float32).astype(np.float64)


@dataclass(frozen=True)
class Amplitudes:
    """How large the uniform draws for parameters are at most, by what the parameter touches.

    Larger than PyTorch's defaults, so that a missing activation shows.

    Attributes:
        image: for matrices with a side of 784, the number of pixels.
        latent: for all other matrices.
        bias: for vectors.
        least: the draws begin at this multiple of the largest: at -1 they are of either sign, at 0 none is negative.
    """

    image: float
    latent: float
    bias: float = 0.5
    least: float = -1.0

    def of(self, shape: Sequence[int]) -> float:
        """The largest draw for a parameter of this shape."""
        if len(shape) < 2:
            return self.bias
        return self.image if PIXELS in shape else self.latent


def parameters(shapes: Sequence[Sequence[int]], amplitudes: Amplitudes, seed: int) -> list[Float32Array]:
    """The values for a module's parameters, by their position and shape: the same in every exercise."""
    return [_parameter(tuple(shape), amplitudes, seed, index) for index, shape in enumerate(shapes)]


def _parameter(shape: tuple[int, ...], amplitudes: Amplitudes, seed: int, index: int) -> Float32Array:
    draw = _kept if _FEWEST_KEPT <= prod(shape) <= _MOST_KEPT else _single
    most = amplitudes.of(shape)
    return draw(amplitudes.least * most, most, shape, seed, "parameter", index)


@lru_cache(maxsize=16)
def _kept(low: float, high: float, shape: tuple[int, ...], seed: int, *label: str | int) -> Float32Array:
    """Draws that several modules share, such as an encoder's first weights for every latent size."""
    return _single(low, high, shape, seed, *label)
