"""What a decoder is tried with, and what is seen of it."""

from dataclasses import dataclass

from autograder import probes
from autograder.exercises.networks.observation import NetworkRun

KEY = "decoder"
AMPLITUDES = probes.Amplitudes(image=0.22, latent=1.5)


@dataclass(frozen=True)
class Observation:
    """A decoder's runs, one for each latent size."""

    runs: tuple[NetworkRun, ...]


def inputs(seed: int, latent_dims: int, count: int) -> probes.Float64Array:
    """A batch of ``count`` latents, shape (count, latent_dims); the third is the mean of the first two."""
    latents = probes.uniform(-2.0, 2.0, (count, latent_dims), seed, KEY, "latents", latent_dims, count)
    return probes.with_mean_third(latents)
