"""What the interpolation is tried with, and what is seen of it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from autograder.autoencoders.probe_data import PIXELS, amplitudes, images
from autograder.course.complete import demand, demand_floats
from autograder.course.draws import Float32Array, Float64Array, parameters
from autograder.course.observation import Array, Failure

KEY = "interpolate"
LATENT_DIMS = 3
AMPLITUDES = amplitudes(image=0.08, latent=0.5, bias=0.3)
COUNTS = (7,)
DEFAULT_COUNT = 12
MOST_ROWS = 512
STRETCH = 2.0
_LARGEST_COSINE = 0.7
_MOST_DRAWN = 200


@dataclass(frozen=True)
class Call:
    """One call of the student's function.

    Attributes:
        count: the number of images asked for; ``None`` where the default was left to the function.
        encoded: every image that the encoder was given, shape (k, 784), in order, the first ``MOST_ROWS``.
        decoded: every latent that the decoder was given, shape (m, LATENT_DIMS), in order, the first ``MOST_ROWS``.
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

    def check_complete(self) -> None:
        """Demand every call, or why there is no function to call.

        Raises:
            Incomplete: something is missing, or is not what ``observe`` gives.
        """
        if self.absent is None:
            demand(tuple(call.count for call in self.calls) == (*COUNTS, None), "one call for each count")
        rows = range(MOST_ROWS + 1)
        for call in self.calls:
            demand_floats(call.encoded, (rows, PIXELS), "the images that the encoder was given")
            demand_floats(call.decoded, (rows, LATENT_DIMS), "the latents that the decoder was given")


@lru_cache(maxsize=4)
def pictures(seed: int) -> Float64Array:
    """The two images, shape (2, 1, 28, 28): the first two drawn whose latents point in clearly different directions.

    Where they do not, an arc between them hardly differs from the line.
    """
    drawn = (images(2, seed, KEY, "images", number) for number in range(_MOST_DRAWN))
    return next((pair for pair in drawn if _apart(encode(pair, seed))), images(2, seed, KEY, "images"))


def _apart(latents: Float64Array) -> bool:
    first, second = latents
    cosine = first @ second / np.sqrt((first @ first) * (second @ second))
    return bool(abs(cosine) < _LARGEST_COSINE)


def weights(seed: int) -> tuple[Float32Array, Float32Array]:
    """Weight (LATENT_DIMS, 784) and bias (LATENT_DIMS,) of the probe's encoder."""
    shapes = [(LATENT_DIMS, PIXELS), (LATENT_DIMS,)]
    weight, bias = parameters(shapes, AMPLITUDES, seed)
    return weight, bias


def encode(given: Float64Array, seed: int) -> Float64Array:
    """What the probe's encoder makes of images, given as (k, …): ``STRETCH · tanh(W x + b)``, shape (k, LATENT_DIMS).

    It is not linear, so that blending pixels and blending latents differ.
    """
    weight, bias = weights(seed)
    latents: Float64Array = STRETCH * np.tanh(given.reshape(len(given), -1) @ weight.T + bias)
    return latents
