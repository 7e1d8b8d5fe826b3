"""The μ and σ that the KL is to be compared with: those that z was sampled with, or those that the heads say."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

import numpy as np

from autograder.autoencoders.exercises.kl.forms import sigmas_by_form
from autograder.autoencoders.exercises.kl.probe import BATCHES, GRADIENT_BATCH, KlRun, inputs
from autograder.autoencoders.probe_data import loaded
from autograder.autoencoders.reference.activations import HIDDEN
from autograder.autoencoders.reference.budget import Budget, OverBudget
from autograder.autoencoders.reference.divergence import LEAST_SIGMA, Latents
from autograder.autoencoders.reference.forms import CONSTANT_SIGMA
from autograder.autoencoders.reference.heads import RecognisedHeads, other_forms, recognise_heads, right_forms
from autograder.autoencoders.reference.sampling import Noise, Steered
from autograder.autoencoders.reference.two_heads import TwoHeads, two_heads
from autograder.course.draws import Amplitudes, Float64Array

# The heads can be read in many ways (their order, two forms of σ, hidden activations). The likeliest come first, and
# each further one makes it likelier that a wrong KL is explained by chance.
_MOST = 24
# Functions that σ may be of its head, for each order of the two.
_MOST_OTHERS = 60


@dataclass(frozen=True)
class Encoded:
    """μ, σ and z of every batch.

    Attributes:
        batches: one for each batch.
        recognised: the heads that give them, where these are known.
        is_shown: whether z shows which σ they are.
    """

    batches: list[Latents]
    recognised: RecognisedHeads | None
    is_shown: bool = False

    @property
    def is_sampled_right(self) -> bool:
        """Whether z = μ + σ·ε, with both from the heads as the exercise asks."""
        recognised = self.recognised
        return (
            recognised is not None
            and recognised.sigma_slope is not None
            and recognised.scale == 1.0
            and not recognised.heads.are_one
        )


def encodings(seed: int, runs: Sequence[KlRun], amplitudes: Amplitudes, budget: Budget) -> list[tuple[Encoded, ...]]:
    """The possible μ and σ of the probe's batches, for each a tuple with one for every run.

    Where z is sampled as it should be, its μ and σ are the only ones. Where it is not, that is another exercise's
    mistake, and the KL may as well be one of the heads'.
    """
    seen = shown(seed, runs, amplitudes, budget)
    if seen is not None and all(one.is_sampled_right for one in seen):
        return [seen]
    of_heads = by_heads(seed, runs, amplitudes, budget)
    return of_heads if seen is None else [seen, *of_heads]


def by_heads(seed: int, runs: Sequence[KlRun], amplitudes: Amplitudes, budget: Budget) -> list[tuple[Encoded, ...]]:
    """The μ and σ that the heads may have without any noise, for each way to read them a tuple with one for every run.

    A network may have more readings at one latent size than at another; what is tried has to be there at both.
    """
    return list(zip(*(islice(_from_heads(seed, run, amplitudes, budget), _MOST) for run in runs), strict=False))


def by_other_forms(
    seed: int, runs: Sequence[KlRun], amplitudes: Amplitudes, budget: Budget
) -> list[tuple[Encoded, ...]]:
    """The same with functions of σ's head that are known as mistakes of the sampling."""
    found = (_from_heads(seed, run, amplitudes, budget, _other_sigmas) for run in runs)
    return list(zip(*(islice(one, _MOST_OTHERS) for one in found), strict=False))


def is_in_proportion(one: Sequence[Encoded], other: Sequence[Encoded]) -> bool:
    """Whether μ is the same in both, and σ up to one factor, as where noise of another law stretches it."""
    pairs = [
        (mine, its)
        for mines, others in zip(one, other, strict=True)
        for mine, its in zip(mines.batches, others.batches, strict=True)
    ]
    ratios = np.concatenate([(mine.sigma / np.maximum(its.sigma, 1e-12)).ravel() for mine, its in pairs])
    same = all(np.allclose(mine.mu, its.mu, rtol=1e-3, atol=1e-4) for mine, its in pairs)
    return same and float(np.ptp(ratios)) < 1e-2 * float(ratios.mean())


def _other_sigmas(heads: TwoHeads) -> Iterator[RecognisedHeads]:
    for one in other_forms(heads):
        # A σ of 1 leaves μ alone in the formula, and so does a formula without σ.
        if one.mu.misconception is None and one.sigma is not CONSTANT_SIGMA:
            yield one


def shown(seed: int, runs: Sequence[KlRun], amplitudes: Amplitudes, budget: Budget) -> tuple[Encoded, ...] | None:
    """μ and σ as the steered latents of each run show them; ``None`` where they do not."""
    found = [_shown(seed, run, amplitudes, budget) or _by_form(seed, run, amplitudes, budget) for run in runs]
    return None if any(one is None for one in found) else tuple(one for one in found if one is not None)


def as_heads_say(
    seed: int, runs: Sequence[KlRun], seen: Sequence[Encoded], amplitudes: Amplitudes, budget: Budget
) -> tuple[Encoded, ...] | None:
    """The same heads' own μ and σ, where z is known to be made of them: z may be held within bounds.

    ``None`` where that is not known, or where z shows nothing else.
    """
    found: list[Encoded] = []
    for run, one in zip(runs, seen, strict=True):
        known = one.recognised
        if known is None or not one.is_sampled_right:
            return None
        every = _from_heads(seed, run, amplitudes, budget)
        same = (other for other in every if other.recognised is not None and _is_same(other.recognised, known))
        if (own := next(same, None)) is None:
            return None
        found.append(own)
    return tuple(found)


def _is_same(one: RecognisedHeads, other: RecognisedHeads) -> bool:
    pairs = ((one.heads.first, other.heads.first), (one.heads.second, other.heads.second))
    alike = one.sigma is other.sigma and one.heads.activation == other.heads.activation
    return alike and all(np.allclose(mine.output, theirs.output) for mine, theirs in pairs)


def is_lost_in_rounding(run: KlRun) -> bool:
    """Whether σ is so small for some latents, and not for others, that rounding to float32 hides it in z."""
    moved = []
    for batch, count in zip(run.batches, BATCHES[run.latent_dims], strict=True):
        without_noise, with_noise = (_rows(outcome.numbers, count, run.latent_dims) for outcome in batch.latents)
        if without_noise is not None and with_noise is not None:
            moved.append(np.abs(with_noise - without_noise).ravel())
    sigma = np.concatenate(moved) if moved else np.zeros(0)
    return bool(np.any(sigma < LEAST_SIGMA) and np.any(sigma > 100 * LEAST_SIGMA))


def reaches_z(run: KlRun) -> bool:
    """Whether every batch has given a latent for each image and dimension, so that a KL can be asked for."""
    if run.build_failure is not None:
        return False
    counts = BATCHES[run.latent_dims]
    return all(
        _rows(outcome.numbers, count, run.latent_dims) is not None
        for batch, count in zip(run.batches, counts, strict=True)
        for outcome in batch.latents
    )


def _images(seed: int, count: int) -> Float64Array:
    return inputs(seed, count).reshape(count, -1)


def _shown(seed: int, run: KlRun, amplitudes: Amplitudes, budget: Budget) -> Encoded | None:
    batches = []
    for batch, count in zip(run.batches, BATCHES[run.latent_dims], strict=True):
        without_noise, with_noise = (_rows(outcome.numbers, count, run.latent_dims) for outcome in batch.latents)
        if without_noise is None or with_noise is None:
            return None
        sigma = np.abs(with_noise - without_noise)
        if np.any(sigma < LEAST_SIGMA):
            return None
        batches.append(Latents(without_noise, sigma, with_noise))
    (again,) = (_rows(outcome.numbers, len(batches[0].mu), run.latent_dims) for outcome in run.again.latents)
    if again is None or np.any(np.abs(again - batches[0].mu) > 1e-5):
        return None
    latents = batches[BATCHES[run.latent_dims].index(GRADIENT_BATCH)]
    steered = Steered(Noise.NORMAL, latents.mu, latents.z - latents.mu)
    values = loaded(run.parameters, amplitudes, seed)
    images = _images(seed, GRADIENT_BATCH)
    return Encoded(batches, recognise_heads(values, images, steered, run.latent_dims, budget), is_shown=True)


def _by_form(seed: int, run: KlRun, amplitudes: Amplitudes, budget: Budget) -> Encoded | None:
    """The same where some σ is too small for z, and is known by what the others are."""
    seen = []
    counts = BATCHES[run.latent_dims]
    for batch, count in zip(run.batches, counts, strict=True):
        without_noise, with_noise = (_rows(outcome.numbers, count, run.latent_dims) for outcome in batch.latents)
        if without_noise is None or with_noise is None:
            return None
        seen.append((_images(seed, count), without_noise, with_noise))
    values = loaded(run.parameters, amplitudes, seed)
    sigmas = sigmas_by_form(values, seen, budget)
    if sigmas is None:
        return None
    return Encoded([Latents(mu, one, z) for one, (_, mu, z) in zip(sigmas, seen, strict=True)], None, is_shown=True)


def _rows(numbers: Float64Array | None, count: int, latent_dims: int) -> Float64Array | None:
    if numbers is None or numbers.size != count * latent_dims:
        return None
    return numbers.reshape(count, latent_dims)


def _from_heads(
    seed: int,
    run: KlRun,
    amplitudes: Amplitudes,
    budget: Budget,
    forms: Callable[[TwoHeads], Iterable[RecognisedHeads]] = right_forms,
) -> Iterator[Encoded]:
    """μ and σ from the heads: every order of the heads, each of the forms of σ, ReLU before others."""
    counts = BATCHES[run.latent_dims]
    values = loaded(run.parameters, amplitudes, seed)
    images = np.concatenate([_images(seed, count) for count in counts])
    ends = np.cumsum(counts)
    rows = [slice(int(end) - count, int(end)) for end, count in zip(ends, counts, strict=True)]
    with suppress(OverBudget):
        for heads in two_heads(values, images, run.latent_dims, HIDDEN, budget):
            if heads.are_one:
                continue
            for recognised in forms(heads.of_rows(rows[counts.index(GRADIENT_BATCH)])):
                yield Encoded(list(_latents(run, [heads.of_rows(one) for one in rows], recognised)), recognised)


def _latents(run: KlRun, heads: Sequence[TwoHeads], recognised: RecognisedHeads) -> Iterator[Latents]:
    """Each batch's latents, from its own heads' outputs."""
    assert recognised.sigma is not None
    for ways, batch, count in zip(heads, run.batches, BATCHES[run.latent_dims], strict=True):
        mu, sigma = ways.first.output, recognised.sigma.expected(ways.second.output)
        z = _rows(batch.latents[-1].numbers, count, run.latent_dims)
        yield Latents(mu, sigma, mu + sigma if z is None else z)
