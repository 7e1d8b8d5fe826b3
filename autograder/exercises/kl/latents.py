"""The μ and σ that the KL is to be compared with: those that z was sampled with, else those of the heads."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from autograder.exercises.kl.probe import AMPLITUDES, BATCHES, GRADIENT_BATCH, KlRun, inputs
from autograder.exercises.networks.judge import drawn
from autograder.oracle.activations import HIDDEN
from autograder.oracle.divergence import Latents
from autograder.oracle.gaussian_heads import Reading, readings
from autograder.oracle.heads import SIGMA_SLOPES, Matched, read, sigma_of
from autograder.oracle.sampling import Noise, Steered
from autograder.probes import Float64Array

_MOST = 24


@dataclass(frozen=True)
class Encoded:
    """μ, σ and z of every batch, and the reading of the parameters that gives them where one is known."""

    batches: list[Latents]
    matched: Matched | None


def encodings(seed: int, run: KlRun) -> list[Encoded]:
    """The possible μ and σ of the probe's batches; one where z shows both."""
    values = drawn(run.parameters, AMPLITUDES, seed)
    images = {count: inputs(seed, count).reshape(count, -1) for count in BATCHES[run.latent_dims]}
    shown = _shown(run)
    if shown is not None:
        place = BATCHES[run.latent_dims].index(GRADIENT_BATCH)
        steered = Steered(Noise.NORMAL, shown[place].mu, shown[place].z - shown[place].mu)
        return [Encoded(shown, read(values, images[GRADIENT_BATCH], steered, run.latent_dims))]
    return list(islice(_from_heads(run, values, images), _MOST))


def _shown(run: KlRun) -> list[Latents] | None:
    """μ, σ and z as the steered latents show them; ``None`` where they show no σ."""
    shown = []
    for batch, count in zip(run.batches, BATCHES[run.latent_dims], strict=True):
        zero, one = (_rows(outcome.numbers, count, run.latent_dims) for outcome in batch.latents)
        if zero is None or one is None:
            return None
        sigma = np.abs(one - zero)
        if np.any(sigma < 1e-6):
            return None
        shown.append(Latents(zero, sigma, one))
    (again,) = (_rows(outcome.numbers, len(shown[0].mu), run.latent_dims) for outcome in run.again.latents)
    return None if again is None or np.any(np.abs(again - shown[0].mu) > 1e-5) else shown


def _rows(numbers: Float64Array | None, count: int, latent_dims: int) -> Float64Array | None:
    if numbers is None or numbers.size != count * latent_dims:
        return None
    return numbers.reshape(count, latent_dims)


def _from_heads(run: KlRun, values: list[Float64Array], images: dict[int, Float64Array]) -> Iterator[Encoded]:
    """μ and σ from the heads: every order of the heads, each of the two right forms of σ, ReLU before others."""
    for name in HIDDEN:
        per_batch = [list(readings(values, batch, run.latent_dims, name)) for batch in images.values()]
        for candidates in zip(*per_batch, strict=True):
            if candidates[0].first is candidates[0].second:
                continue
            for form in SIGMA_SLOPES:
                yield _encoded(candidates, form, list(images).index(GRADIENT_BATCH))


def _encoded(candidates: tuple[Reading, ...], form: str, place: int) -> Encoded:
    batches = []
    for reading in candidates:
        mu, sigma = reading.first.output, sigma_of(form, reading.second.output)
        batches.append(Latents(mu, sigma, mu + sigma))
    return Encoded(batches, Matched(candidates[place], "identity", form))
