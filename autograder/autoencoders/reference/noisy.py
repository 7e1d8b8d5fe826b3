"""Heads that get noise by another way than z = μ + σ·ε: it comes onto the pixels, or onto the hidden units."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import product
from math import erf, sqrt

import numpy as np

from autograder.autoencoders.reference.activations import Activation, identity, relu
from autograder.autoencoders.reference.budget import Budget, OverBudget
from autograder.autoencoders.reference.heads import RecognisedHeads, right_forms
from autograder.autoencoders.reference.two_heads import Head, TwoHeads, two_heads
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close

# How much noise people add.
_SPREADS = (0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 1.0)
_IMAGES = 2


@dataclass(frozen=True)
class Noisy:
    """Heads of the right form that give the latents where noise is added somewhere before them.

    Attributes:
        misconception: its key, which says where.
        recognised: the heads, without that noise.
    """

    misconception: str
    recognised: RecognisedHeads


def _of_uniform(level: float) -> float:
    return 0.5 * (1.0 + erf(level / sqrt(2.0)))


# What is added at a noise level: a normal draw, or a uniform one between 0 and 1 or around 0.
_ADDED: tuple[Callable[[float], float], ...] = (float, _of_uniform, lambda level: _of_uniform(level) - 0.5)


def _to_unit(pixels: Float64Array) -> Float64Array:
    kept: Float64Array = np.clip(pixels, 0.0, 1.0)
    return kept


def _plus(numbers: Float64Array, noise: float) -> Float64Array:
    return numbers + noise


def _times(numbers: Float64Array, noise: float) -> Float64Array:
    return numbers * (1.0 + noise)


_KEPT: tuple[Activation, ...] = (identity, _to_unit)


def recognise_noisy(
    values: Sequence[Float64Array],
    images: Float64Array,
    levels: Mapping[float, Float64Array],
    latent_dims: int,
    budget: Budget,
) -> Noisy | None:
    """Heads of the right form, and where noise is added before them, that give the latents at each noise level.

    Args:
        values: the module's parameters.
        images: shape (batch, 784).
        levels: the latents at each noise level.
        latent_dims: the latent size.
        budget: what it may cost.
    """
    few = images[:_IMAGES]
    apart = Budget()
    for misconception, left, ways in (
        ("noise-on-units", budget, _with_noisy_units(values, few, levels, latent_dims, budget)),
        ("noise-on-pixels", budget, _with_noisy_pixels(values, few, levels, latent_dims, _plus, budget)),
        ("noise-on-pixels", apart, _with_noisy_pixels(values, few, levels, latent_dims, _times, apart)),
    ):
        with suppress(OverBudget):
            for heads in ways:
                for recognised in () if heads.are_one else right_forms(heads):
                    left.spend_on_comparisons(len(levels))
                    if _gives_levels(recognised, levels):
                        clean = heads.of_rows(slice(_IMAGES))
                        return Noisy(misconception, RecognisedHeads(clean, recognised.mu, recognised.sigma))
    return None


def _with_noisy_pixels(
    values: Sequence[Float64Array],
    few: Float64Array,
    levels: Mapping[float, Float64Array],
    dims: int,
    onto: Callable[[Float64Array, float], Float64Array],
    budget: Budget,
) -> Iterator[TwoHeads]:
    """Ways to take the parameters, for the images as they are and then at each level."""
    for spread, kept, added in product(_SPREADS, _KEPT, _ADDED):
        noisy = [kept(onto(few, spread * added(level))) for level in levels]
        yield from two_heads(values, np.concatenate([few, *noisy]), dims, ("ReLU",), budget)


def _with_noisy_units(
    values: Sequence[Float64Array], few: Float64Array, levels: Mapping[float, Float64Array], dims: int, budget: Budget
) -> Iterator[TwoHeads]:
    """The same for noise that comes onto the hidden units: added before or after their ReLU, or a factor."""
    for heads in two_heads(values, few, dims, ("no activation",), budget):
        before = heads.features
        for spread in _SPREADS:
            for added in _ADDED:
                noise = [spread * added(level) for level in levels]
                yield _with_features(heads, [relu(before), *(relu(before) + one for one in noise)])
                yield _with_features(heads, [relu(before), *(relu(before + one) for one in noise)])
                yield _with_features(heads, [relu(before), *(relu(before) * (1.0 + one) for one in noise)])


def _with_features(heads: TwoHeads, batches: Sequence[Float64Array]) -> TwoHeads:
    """The same heads on other hidden units, one batch after the other."""
    features = np.concatenate(batches)

    def output(head: Head) -> Head:
        bias = (head.output - heads.features @ head.matrix.T)[:1]
        return replace(head, output=features @ head.matrix.T + bias)

    first = output(heads.first)
    second = first if heads.are_one else output(heads.second)
    return replace(heads, activation="ReLU", features=features, first=first, second=second)


def _gives_levels(recognised: RecognisedHeads, levels: Mapping[float, Float64Array]) -> bool:
    """Whether heads of few images, followed by the same at each level, give the latents at each level."""
    assert recognised.sigma is not None
    mu, sigma = recognised.heads.first.output, recognised.sigma.expected(recognised.heads.second.output)
    rows = [slice(count * _IMAGES, (count + 1) * _IMAGES) for count in range(1, len(levels) + 1)]
    for sign in (1.0, -1.0):
        pairs = zip(levels.items(), rows, strict=True)
        if all(close(z[:_IMAGES], mu[row] + sign * level * sigma[row], rtol=1e-3) for (level, z), row in pairs):
            return True
    return False
