"""What a sample says about the noise in it: its kind, its law, and whether every number has noise of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import sqrt

import numpy as np

from autograder.course.draws import Float64Array
from autograder.judging.closeness import close

# Standard normal quantiles Φ(0), Φ(1), Φ(-2), Φ(-3), which steered uniform draws take in place of 0, 1, -2, -3.
_UNIFORM = (0.5, 0.8413447460685429, 0.02275013194817921, 0.0013498980316300933)
_SIGMAS = 6.0
# Fewer numbers say too little about the law's shape: by chance alone, a few of them lie far out.
_FEWEST_FOR_SHAPE = 1000
# Of independent numbers, a quarter at most has another as near as this, even of ten thousand; of shared ones, all have.
_TWINS_WITHIN, _SHARE_WITH_TWINS = 1e-5, 0.5
# So few different values are a law of steps, such as that of a coin, in which many are alike by themselves.
_FEWEST_VALUES = 40


class Noise(Enum):
    """How the latents answer to steered noise."""

    NORMAL = "normal"
    UNIFORM = "uniform"
    UNSTEERED = "unsteered"
    OTHER = "other"


@dataclass(frozen=True)
class Steered:
    """Latents at several noise levels, each (batch, L), and what they say.

    Attributes:
        noise: the kind of noise.
        mean: the latent without noise.
        slope: how the latent moves with the noise; its absolute value is the σ used.
    """

    noise: Noise
    mean: Float64Array
    slope: Float64Array


def steer(levels: Sequence[Float64Array]) -> list[Steered]:
    """Tell the kind of noise from the latents at the levels 0, 1, -2, -3, and 0 once more.

    Uniform noise leaves open where it is centred and how wide it is; then the usual possibilities are given.
    """
    zero, one, *lower, zero_again = levels
    rise, falls, drift = one - zero, [fallen - zero for fallen in lower], zero_again - zero
    still = all(close(change, 0.0 * change, atol=1e-6) for change in (rise, *falls))
    if still or not close(drift, 0.0 * drift, atol=1e-6):
        return [Steered(Noise.UNSTEERED, zero, 0.0 * rise)]
    if all(close(fall, level * rise, rtol=1e-3, atol=1e-3) for fall, level in zip(falls, (-2.0, -3.0), strict=True)):
        return [Steered(Noise.NORMAL, zero, rise)]
    middle, high, *low = _UNIFORM
    if all(
        close(fall * (high - middle), rise * (quantile - middle), rtol=1e-3, atol=1e-3)
        for fall, quantile in zip(falls, low, strict=True)
    ):
        width = rise / (high - middle)
        centred = [Steered(Noise.UNIFORM, zero, width / scale) for scale in (1.0, 2.0, sqrt(12.0))]
        return [Steered(Noise.UNIFORM, zero - middle * width, width), *centred]
    return [Steered(Noise.OTHER, zero, rise)]


class Law(Enum):
    """What is wrong with noise that should be standard normal, each number independent; ``RIGHT`` if nothing."""

    RIGHT = "right"
    ONE_NUMBER = "one number for the whole batch"
    SHARED_BY_IMAGES = "one number a dimension, shared by all images"
    SHARED_BY_DIMENSIONS = "one number an image, shared by all dimensions"
    SHARED = "some numbers are shared"
    SHIFTED = "its mean is not 0"
    SCALED = "its spread is not 1"
    NOT_NORMAL = "its shape is another"


SHARED = (Law.ONE_NUMBER, Law.SHARED_BY_IMAGES, Law.SHARED_BY_DIMENSIONS, Law.SHARED)


def law(residuals: Float64Array) -> Law:
    """Judge noise of shape (copies, L) that should be standard normal and independent.

    The bounds lie six standard errors out: right noise crosses one about once in a hundred million runs.
    """
    if (shared := sharing(residuals)) is not Law.RIGHT:
        return shared
    count = residuals.size
    if abs(residuals.mean()) > _SIGMAS / sqrt(count):
        return Law.SHIFTED
    if abs(residuals.var() - 1.0) > _SIGMAS * sqrt(2.0 / count):
        return Law.SCALED
    if count < _FEWEST_FOR_SHAPE:
        return Law.RIGHT
    kurtosis = float(np.mean(residuals**4) / np.mean(residuals**2) ** 2)
    if abs(kurtosis - 3.0) > 1.2 * _SIGMAS * sqrt(24.0 / count):
        return Law.NOT_NORMAL
    return Law.RIGHT


def sharing(residuals: Float64Array, images: int = 0) -> Law:
    """Whether images or dimensions share the numbers of a continuous law, up to their sign.

    Args:
        residuals: shape (copies, L).
        images: so many images follow each other again and again; then numbers count as shared by different images or
            dimensions only, since z may be cut off where it is the same each time.
    """
    copies, dims = residuals.shape
    same_rows = bool(np.ptp(residuals, axis=0).max() < 1e-2)
    same_columns = dims > 1 and bool(np.ptp(np.abs(residuals), axis=1).max() < 1e-2)
    if same_rows:
        return Law.ONE_NUMBER if same_columns else Law.SHARED_BY_IMAGES
    if len(np.unique(np.round(residuals, 3))) <= _FEWEST_VALUES:
        return Law.RIGHT
    if same_columns:
        return Law.SHARED_BY_DIMENSIONS
    places = np.arange(copies)[:, None] % (images or copies) * dims + np.arange(dims)
    order = np.argsort(np.abs(residuals), axis=None)
    sizes, places = np.abs(residuals).ravel()[order], places.ravel()[order]
    near = (np.diff(sizes) < _TWINS_WITHIN * (1.0 + sizes[1:])) & (places[1:] != places[:-1])
    with_twin = np.append(near, False) | np.insert(near, 0, False)
    return Law.SHARED if float(with_twin.mean()) > _SHARE_WITH_TWINS else Law.RIGHT
