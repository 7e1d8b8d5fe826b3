"""What the interpolation is tried with, and what is seen of it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from autograder import probes
from autograder.exercises.observation import Array, Failure

KEY = "interpolate"
LATENT_DIMS = 3
AMPLITUDES = probes.Amplitudes(image=0.08, latent=0.5, bias=0.3)
COUNTS = (7,)
DEFAULT_COUNT = 12
STRETCH = 2.0
_LARGEST_COSINE = 0.7
_MOST_DRAWN = 200


@dataclass(frozen=True)
class Call:
    """One call of the student's function.

    Attributes:
        count: the number of images asked for; ``None`` where the default was left to the function.
        encoded: every image that the encoder was given, shape (k, 784), in order.
        decoded: every latent that the decoder was given, shape (m, LATENT_DIMS), in order.
        failure: why it did not return, if so.
    """

    count: int | None
    encoded: Array
    decoded: Array
    failure: Failure | None = None


@dataclass(frozen=True)
class Observation:
    """The calls made, and whether one of the notebook's own models was used instead of the argument."""

    calls: tuple[Call, ...] = ()
    absent: Failure | None = None
    stand_in_called: bool = False


@lru_cache(maxsize=4)
def pictures(seed: int) -> probes.Float64Array:
    """The two images, shape (2, 1, 28, 28): the first two drawn whose latents point in clearly different directions.

    Where they do not, an arc between them can hardly be told from the line.
    """
    drawn = (probes.images(2, seed, KEY, "images", number) for number in range(_MOST_DRAWN))
    return next((images for images in drawn if _apart(encode(images, seed))), probes.images(2, seed, KEY, "images"))


def _apart(latents: probes.Float64Array) -> bool:
    first, second = latents
    cosine = first @ second / np.sqrt((first @ first) * (second @ second))
    return bool(abs(cosine) < _LARGEST_COSINE)


def weights(seed: int) -> tuple[probes.Float32Array, probes.Float32Array]:
    """Weight (LATENT_DIMS, 784) and bias (LATENT_DIMS,) of the probe's encoder."""
    shapes = [(LATENT_DIMS, probes.PIXELS), (LATENT_DIMS,)]
    weight, bias = probes.parameters(shapes, AMPLITUDES, seed)
    return weight, bias


def encode(images: probes.Float64Array, seed: int) -> probes.Float64Array:
    """What the probe's encoder makes of images (k, …): ``STRETCH · tanh(W x + b)``, shape (k, LATENT_DIMS).

    It is not linear, so that blending pixels and blending latents differ.
    """
    weight, bias = weights(seed)
    latents: probes.Float64Array = STRETCH * np.tanh(images.reshape(len(images), -1) @ weight.T + bias)
    return latents
