"""What a decoder is tried with."""

import numpy as np

from autograder.autoencoders.probe_data import amplitudes, with_mean_third
from autograder.course.draws import Float64Array, uniform

KEY = "decoder"
_FAR = 10.0
AMPLITUDES = amplitudes(image=0.22, latent=1.5)


def inputs(seed: int, latent_dims: int, count: int) -> Float64Array:
    """A batch of ``count`` latents, shape (count, latent_dims).

    From three on, the third is the mean of the first two, and one number of the last lies further out than any that is
    met. More of them would drive an exponential in a sigmoid written by hand beyond float32.
    """
    drawn = uniform(-2.0, 2.0, (count, latent_dims), seed, KEY, "latents", latent_dims, count)
    if count > 2:
        drawn[-1, 0] = np.copysign(_FAR, drawn[-1, 0]) + 0.25 * drawn[-1, 0]
    return with_mean_third(drawn)
