"""What a decoder is tried with."""

from autograder.autoencoders.probe_data import amplitudes, with_mean_third
from autograder.course.draws import Float64Array, uniform

KEY = "decoder"
AMPLITUDES = amplitudes(image=0.22, latent=1.5)


def inputs(seed: int, latent_dims: int, count: int) -> Float64Array:
    """A batch of ``count`` latents, shape (count, latent_dims); the third is the mean of the first two."""
    return with_mean_third(uniform(-2.0, 2.0, (count, latent_dims), seed, KEY, "latents", latent_dims, count))
