"""What an encoder is tried with, and what is seen of it."""

from dataclasses import dataclass

from autograder import probes
from autograder.exercises.networks.observation import NetworkRun

KEY = "encoder"
AMPLITUDES = probes.Amplitudes(image=0.25, latent=0.06)


@dataclass(frozen=True)
class Observation:
    """An encoder's runs, one for each latent size."""

    runs: tuple[NetworkRun, ...]


def inputs(seed: int, count: int) -> probes.Float64Array:
    """A batch of ``count`` images, shape (count, 1, 28, 28)."""
    return probes.images(count, seed, KEY, "images", count)
