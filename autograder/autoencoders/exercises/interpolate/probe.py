"""What the interpolation is tried with, and what is seen of it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from autograder.autoencoders.probe_data import PIXELS, amplitudes, strokes
from autograder.course.complete import demand, demand_floats
from autograder.course.draws import Float32Array, Float64Array, parameters, uniform
from autograder.course.observation import Array, Failure

KEY = "interpolate"
LATENT_DIMS = 3
AMPLITUDES = amplitudes(image=0.15, latent=0.5, bias=0.3)
COUNTS = (7,)
DEFAULT_COUNT = 12
MOST_ROWS = 512
STRETCH = 12.0
# In one more call the encoder gives another latent each time, as a variational one does.
VARIED_COUNT = 5
_SHIFTS = 64
_LARGEST_COSINE = 0.7
# The two latents differ by at least this much in a coordinate that rises and in one that falls, and one of them lies
# further out than this.
_LEAST_CHANGE, _FURTHEST = 3.0, 10.0
_MOST_DRAWN = 200
UNFIT = ("", "list", "tuple", "ndarray", "float64", "pictures", "row", "columns")
MENDED = ("", "unpacked", "linspace", "tensor", "numpy", "rewritten")


@dataclass(frozen=True)
class Call:
    """One call of the student's function.

    Attributes:
        count: the number of images asked for; ``None`` where the default was left to the function.
        encoded: every image that the encoder was given, shape (k, 784), in order, the first ``MOST_ROWS``.
        decoded: every latent that the decoder was given, shape (m, LATENT_DIMS), in order, the first ``MOST_ROWS``.
        failure: why it did not return, if so.
        decoded_twice: whether the decoder was given pictures, which it returned as they were.
        unfit: what the decoder was given that the notebook's would not take, one of ``UNFIT``; empty if nothing. It
            was decoded all the same, but for pictures.
        mended: what the function was allowed in a second try that it had stopped at, one of ``MENDED``; what is seen
            is that try then. ``rewritten`` is for a line that was mended in its text. Empty if there was none.
        stopped: then why it had stopped.
    """

    count: int | None
    encoded: Array
    decoded: Array
    failure: Failure | None = None
    decoded_twice: bool = False
    unfit: str = ""
    mended: str = ""
    stopped: Failure | None = None

    @property
    def decodes_all(self) -> bool:
        """Whether as many latents were decoded as were asked for."""
        return self.failure is None and self.count in (None, len(self.decoded))


@dataclass(frozen=True)
class Observation:
    """The calls made.

    Attributes:
        calls: one for each of ``COUNTS``, and one that leaves the count to the function.
        absent: why there is no function, if so.
        stand_in_called: whether one of the notebook's own models was used instead of the argument.
        other_model: whether that was so, and in these calls it uses the one that it was given.
        varied: a call with an encoder that shifts what it gives by another of ``shifts`` for each image.
    """

    calls: tuple[Call, ...] = ()
    absent: Failure | None = None
    stand_in_called: bool = False
    other_model: bool = False
    varied: Call | None = None

    @property
    def is_of_another_model(self) -> bool:
        """Whether one of the notebook's own models has encoded, and the argument has not."""
        return self.stand_in_called and not any(len(call.encoded) for call in self.calls)

    def check_complete(self) -> None:
        """Demand every call, or why there is no function to call.

        Raises:
            Incomplete: something is missing, or is not what ``observe`` gives.
        """
        if self.absent is None:
            demand(tuple(call.count for call in self.calls) == (*COUNTS, None), "one call for each count")
            demand(self.varied is not None and self.varied.count == VARIED_COUNT, "the call with a varied encoder")
            is_decoded = all(call.decodes_all for call in self.calls) and not self.is_of_another_model
            if self.varied is not None and is_decoded:
                both = len(self.varied.encoded) > 1
                demand(self.varied.decodes_all and both, "what the others give from the call with a varied encoder")
            demand(not self.other_model or not self.is_of_another_model, "calls with its argument")
        rows = range(MOST_ROWS + 1)
        for call in (*self.calls, *(() if self.varied is None else (self.varied,))):
            demand(
                call.mended in MENDED and bool(call.mended) == (call.stopped is not None), "why there was a second try"
            )
            demand(call.unfit in UNFIT, "a known kind of what the decoder was given")
            demand_floats(call.encoded, (rows, PIXELS), "the images that the encoder was given")
            demand_floats(call.decoded, (rows, LATENT_DIMS), "the latents that the decoder was given")


@lru_cache(maxsize=4)
def pictures(seed: int) -> Float64Array:
    """The two images, shape (2, 1, 28, 28): the first two drawn whose latents are clearly apart.

    Where their directions hardly differ, an arc between them hardly differs from the line; and where all coordinates
    rise, a walk from the smaller to the larger one of each is the right one.
    """
    drawn = (strokes(2, seed, KEY, "images", number) for number in range(_MOST_DRAWN))
    return next((pair for pair in drawn if _apart(encode(pair, seed))), strokes(2, seed, KEY, "images"))


def shifts(seed: int) -> Float64Array:
    """What the varied encoder adds to the latent of each image it is given, in order, shape (64, LATENT_DIMS)."""
    return uniform(-1.0, 1.0, (_SHIFTS, LATENT_DIMS), seed, KEY, "shifts")


def _apart(latents: Float64Array) -> bool:
    first, second = latents
    cosine = first @ second / np.sqrt((first @ first) * (second @ second))
    change = second - first
    spread = change.max() > _LEAST_CHANGE and change.min() < -_LEAST_CHANGE
    return bool(abs(cosine) < _LARGEST_COSINE and spread and np.abs(latents).max() > _FURTHEST)


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
