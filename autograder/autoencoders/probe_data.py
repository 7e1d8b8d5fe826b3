"""The images and weights that the course's probes are made of."""

from collections.abc import Sequence
from functools import lru_cache
from math import prod, sqrt

import numpy as np

from autograder.course.draws import Amplitudes, Float64Array, can_be_drawn, parameters, uniform
from autograder.course.observation import Parameter

PIXELS = 784
# One head's weight at a time is made so much larger: then it reaches far out, beyond whatever it may be clamped at.
LARGER = 20.0
# A head is driven to either side by giving it its weight without signs, so many times: hidden units are not negative,
# and all of its outputs go the same way. How far they go grows with an image's brightness: from 1 or 2 to 11 or more.
DRIVEN = (-1.5, 1.5)
_SHADES = (0.05, 0.2, 0.3, 0.4, 0.8, 1.0)
FAR_IMAGES = len(_SHADES)
# The noise with which σ shows without moving z far.
FAINT = 1.0 / 64.0
_MOST_HEADS = 3


def sizes_in_words(batch: int, latent_dims: int) -> str:
    """What a probe's sizes are, for a message that holds one of them."""
    return f"Here a batch has {batch} image{'' if batch == 1 else 's'}, and `latent_dims` is {latent_dims}."


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


@lru_cache(maxsize=32)
def strokes(count: int, seed: int, *label: str | int) -> Float64Array:
    """Random images of shape (count, 1, 28, 28) in which, as in digits, most pixels are exactly 0 and some exactly 1.

    The array is shared by all who ask for it, read-only.
    """
    drawn = uniform(0.0, 1.0, (count, 1, 28, 28), seed, *label)
    kind = uniform(0.0, 1.0, (count, 1, 28, 28), seed, *label, "kind")
    batch = np.where(kind < 0.6, 0.0, np.where(kind > 0.93, 1.0, drawn))
    batch.setflags(write=False)
    return batch


@lru_cache(maxsize=8)
def bold(count: int, seed: int, *label: str | int) -> Float64Array:
    """Random images of shape (count, 1, 28, 28) whose pixels are 1, but for some that are 0: what is far from others.

    The array is shared by all who ask for it, read-only.
    """
    batch = np.where(uniform(0.0, 1.0, (count, 1, 28, 28), seed, *label) < 0.9, 1.0, 0.0)
    batch.setflags(write=False)
    return batch


@lru_cache(maxsize=8)
def shades(seed: int, *label: str | int) -> Float64Array:
    """One random image from dark to bright, shape (FAR_IMAGES, 1, 28, 28), shared by all who ask for it, read-only."""
    drawn = uniform(0.0, 1.0, (1, 1, 28, 28), seed, *label)
    batch: Float64Array = (drawn * np.reshape(_SHADES, (-1, 1, 1, 1))).astype(np.float32).astype(np.float64)
    batch.setflags(write=False)
    return batch


def with_mean_third(batch: Float64Array) -> Float64Array:
    """The batch with its third row the mean of the first two: an affine map sends it to the mean of theirs."""
    batch = batch.copy()
    if len(batch) > 2:
        batch[2] = (batch[0] + batch[1]) / 2
    return batch.astype(np.float32).astype(np.float64)


def loaded(registered: Sequence[Parameter], sizes: Amplitudes, seed: int) -> list[Float64Array]:
    """The values that a worker has loaded into a module's parameters; none for one too large for this course.

    A parameter that keeps a value of its own has no numbers here: no layer is made of it. One of more than two
    dimensions is given as a matrix: a convolution over the whole image is a dense layer.
    """
    shapes = [parameter.shape for parameter in registered]
    if not can_be_drawn(shapes):
        return []
    drawn = parameters(shapes, sizes, seed)
    nothing = np.zeros((0,))
    return [
        _as_matrix(value.astype(np.float64)) if known.drawn else nothing
        for known, value in zip(registered, drawn, strict=True)
    ]


def _as_matrix(value: Float64Array) -> Float64Array:
    return value.reshape(len(value), -1) if value.ndim > 2 and value.size else value


def calming(shape: Sequence[int], sizes: Amplitudes) -> float:
    """By what a matrix of that shape is multiplied for numbers to stay near 1 from layer to layer; vectors keep theirs.

    A sum over so many inputs, half of them off, has the spread of one of them then (He et al., 2015).
    """
    if len(shape) < 2 or 0 in shape:
        return 1.0
    return sqrt(6.0 / (prod(shape) / max(shape))) / sizes.of(shape)


def amplitudes(image: float, latent: float, bias: float = 0.5, least: float = -1.0) -> Amplitudes:
    """How large weights are drawn: ``image`` for matrices with a side of 784 pixels, ``latent`` for all others."""
    return Amplitudes(latent, {PIXELS: image}, bias, least)


def head_weights(registered: Sequence[Parameter], latent_dims: int) -> list[int]:
    """Positions of the first matrices with a side of one or two numbers for each latent: those of heads."""
    sides = {latent_dims, 2 * latent_dims}
    places = [place for place, one in enumerate(registered) if len(one.shape) == 2 and sides & set(one.shape)]
    return [place for place in places if registered[place].drawn][:_MOST_HEADS]
