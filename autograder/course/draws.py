"""Seeded numbers for probes: the same seed gives the same ones in the judge and in the worker, on any machine."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.random.bit_generator import ISeedSequence

Float32Array = npt.NDArray[np.float32]
Float64Array = npt.NDArray[np.float64]

_FEWEST_KEPT, _MOST_KEPT = 1 << 16, 1 << 19
_MOST_PARAMETERS, _MOST_DIMENSIONS = 64, 16
_MOST_NUMBERS = 8_000_000


def generator(seed: int, *label: str | int) -> np.random.Generator:
    """A Philox generator keyed by the seed and a label such as ``("encoder", "weights", 0)``.

    Differently labelled draws are independent, and none depends on how much another one has drawn.
    """
    digest = hashlib.sha256(repr((seed, *label)).encode()).digest()
    return np.random.Generator(np.random.Philox(_Key(digest[:16])))  # type: ignore[arg-type] # NumPy's types forget it


@dataclass(frozen=True)
class _Key(ISeedSequence):
    """A key as it is: ``Philox(key=…)`` draws the same, but first asks the system for random numbers."""

    key: bytes

    def generate_state(self, n_words: int, dtype: npt.DTypeLike = np.uint64) -> npt.NDArray[Any]:
        return np.frombuffer(self.key, dtype=dtype)[:n_words]


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


@dataclass(frozen=True)
class Amplitudes:
    """How large the uniform draws for parameters are at most, by what the parameter touches.

    Larger than PyTorch's defaults, so that a missing activation shows.

    Attributes:
        matrix: for matrices.
        by_side: for matrices with a side of that size, in place of ``matrix``; one of more than two dimensions has the
            sides that it has as a matrix with as many rows.
        bias: for vectors.
        least: the draws begin at this multiple of the largest: at -1 they are of either sign, at 0 none is negative.
    """

    matrix: float
    by_side: Mapping[int, float] = field(default_factory=dict)
    bias: float = 0.5
    least: float = -1.0

    def of(self, shape: Sequence[int]) -> float:
        """The largest draw for a parameter of this shape."""
        if len(shape) < 2:
            return self.bias
        sides = (*shape, prod(shape[1:]))
        return next((most for side, most in self.by_side.items() if side in sides), self.matrix)


def can_be_drawn(shapes: Sequence[Sequence[int]]) -> bool:
    """Whether values for these shapes are drawn at all: a module far larger than any solution would take long."""
    if len(shapes) > _MOST_PARAMETERS or any(len(shape) > _MOST_DIMENSIONS for shape in shapes):
        return False
    sizes = [prod(shape) for shape in shapes if all(side >= 0 for side in shape)]
    return len(sizes) == len(shapes) and sum(sizes) <= _MOST_NUMBERS


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
