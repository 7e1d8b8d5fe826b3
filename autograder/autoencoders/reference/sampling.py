"""What a sample says about the noise in it: its kind, its law, and whether every number has noise of its own."""

from dataclasses import dataclass
from enum import Enum
from math import sqrt

import numpy as np

from autograder.course.draws import Float64Array
from autograder.judging.closeness import close

# Standard normal quantiles Φ(0), Φ(1), Φ(-2), which steered uniform draws take in place of 0, 1, -2.
_UNIFORM = (0.5, 0.8413447460685429, 0.02275013194817921)
_SIGMAS = 6.0
# Fewer numbers say too little about the law's shape: by chance alone, a few of them lie far out.
_FEWEST_FOR_SHAPE = 1000


class Noise(Enum):
    """How the latents answer to steered noise."""

    NORMAL = "normal"
    UNIFORM = "uniform"
    UNSTEERED = "unsteered"
    OTHER = "other"


@dataclass(frozen=True)
class Steered:
    """Latents at the noise levels 0, 1 and -2, each (batch, L), and what they say.

    Attributes:
        noise: the kind of noise.
        mean: the latent without noise.
        slope: how the latent moves with the noise; its absolute value is the σ used.
    """

    noise: Noise
    mean: Float64Array
    slope: Float64Array


def steer(zero: Float64Array, one: Float64Array, minus_two: Float64Array, zero_again: Float64Array) -> list[Steered]:
    """Tell the kind of noise from the latents at three levels, the first of them twice.

    Uniform noise leaves open where it is centred and how wide it is; then the usual possibilities are given.
    """
    rise, fall, drift = one - zero, minus_two - zero, zero_again - zero
    still = all(close(change, 0.0 * change, atol=1e-6) for change in (rise, fall))
    if still or not close(drift, 0.0 * drift, atol=1e-6):
        return [Steered(Noise.UNSTEERED, zero, 0.0 * rise)]
    if close(fall, -2.0 * rise, rtol=1e-3, atol=1e-3):
        return [Steered(Noise.NORMAL, zero, rise)]
    middle, high, low = _UNIFORM
    if close(fall * (high - middle), rise * (low - middle), rtol=1e-3, atol=1e-3):
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
    SHIFTED = "mean is not 0"
    SCALED = "spread is not 1"
    NOT_NORMAL = "not normal"


def law(residuals: Float64Array) -> Law:
    """Judge noise of shape (copies, L) that should be standard normal and independent.

    The bounds lie six standard errors out: right noise crosses one about once in a hundred million runs.
    """
    copies, dims = residuals.shape
    same_rows = bool(np.ptp(residuals, axis=0).max() < 1e-2)
    same_columns = dims > 1 and bool(np.ptp(np.abs(residuals), axis=1).max() < 1e-2)
    if same_rows:
        return Law.ONE_NUMBER if same_columns else Law.SHARED_BY_IMAGES
    if same_columns:
        return Law.SHARED_BY_DIMENSIONS
    count = copies * dims
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
