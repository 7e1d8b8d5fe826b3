"""What an encoder is tried with."""

from autograder.autoencoders.probe_data import amplitudes, images
from autograder.course.draws import Float64Array

KEY = "encoder"
AMPLITUDES = amplitudes(image=0.25, latent=0.06)


def inputs(seed: int, count: int) -> Float64Array:
    """A batch of ``count`` images, shape (count, 1, 28, 28)."""
    return images(count, seed, KEY, "images", count)
