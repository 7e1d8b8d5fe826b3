"""Heads of the right form with a dropout written by hand: masks that keep everything, and masks that keep nothing."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.reference.budget import Budget, OverBudget
from autograder.autoencoders.reference.heads import RecognisedHeads, right_forms
from autograder.autoencoders.reference.sampling import Noise, Steered
from autograder.autoencoders.reference.two_heads import Head, TwoHeads, two_heads
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close

# The share that usual dropouts keep; what is kept may be divided by it.
_SHARES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
_TIMES = (1.0, *(1.0 / kept for kept in _SHARES))
# An alpha dropout puts minus this number in place of what it drops, and then moves and stretches all.
_ALPHA = 1.7580993408473766
# With each of its coins at the mean, nothing is moved, and all is so much smaller.
_SMALLER = tuple((share / (_ALPHA**2 * (1.0 - share) + 1.0)) ** 0.5 for share in _SHARES)


@dataclass(frozen=True)
class _Sample:
    """μ and σ of a batch, each (batch, L) or one row for all."""

    mu: Float64Array
    sigma: Float64Array

    def gives(self, seen: Steered) -> bool:
        """Whether that is what was seen."""
        return _alike(seen.mean, self.mu) and _alike(np.abs(seen.slope), self.sigma)


def recognise_dropped(
    values: Sequence[Float64Array],
    images: Float64Array,
    kept: Steered,
    dropped: Steered,
    latent_dims: int,
    budget: Budget,
) -> RecognisedHeads | None:
    """The heads that give the latents where everything is kept and, from zeros in place of it, where nothing is.

    Args:
        values: the module's parameters.
        images: shape (batch, 784).
        kept: how z depends on the noise where everything is kept.
        dropped: the same where nothing is.
        latent_dims: the latent size.
        budget: what it may cost.
    """
    if kept.noise is not Noise.NORMAL or dropped.noise not in (Noise.NORMAL, Noise.UNSTEERED):
        return None
    with suppress(OverBudget):
        for heads in two_heads(values, images, latent_dims, ("ReLU",), budget):
            for recognised in () if heads.are_one else right_forms(heads):
                budget.spend_on_comparisons(2 * len(_TIMES))
                if any(one.gives(kept) and other.gives(dropped) for one, other in _dropouts(recognised, images)):
                    return recognised
    return None


def recognise_alpha_dropped(
    values: Sequence[Float64Array], images: Float64Array, steered: Steered, latent_dims: int, budget: Budget
) -> RecognisedHeads | None:
    """The heads that give the latents where an alpha dropout has each of its coins at the mean."""
    if steered.noise is not Noise.NORMAL:
        return None
    with suppress(OverBudget):
        for heads in two_heads(values, images, latent_dims, ("ReLU",), budget):
            for recognised in () if heads.are_one else right_forms(heads):
                budget.spend_on_comparisons(2 * len(_SMALLER))
                if any(one.gives(steered) for times in _SMALLER for one in _smaller(recognised, images, times)):
                    return recognised
    return None


def _smaller(recognised: RecognisedHeads, images: Float64Array, times: float) -> Iterator[_Sample]:
    own = _sample(recognised, recognised.heads.features)
    yield _Sample(times * own.mu, times * own.sigma)
    yield _Sample(times * own.mu, own.sigma)
    yield _sample(recognised, times * recognised.heads.features)
    yield _of_pixels(recognised, times * images)


def _dropouts(recognised: RecognisedHeads, images: Float64Array) -> Iterator[tuple[_Sample, _Sample]]:
    """What a dropout gives where it keeps everything and where it keeps nothing: of units, pixels, μ, and z."""
    heads = recognised.heads
    nothing = np.zeros_like(images)
    own = _sample(recognised, heads.features)
    for times in _TIMES:
        yield _sample(recognised, times * heads.features), _sample(recognised, 0.0 * heads.features)
        yield _of_pixels(recognised, times * images), _of_pixels(recognised, nothing)
        yield _Sample(times * own.mu, own.sigma), _Sample(0.0 * own.mu, own.sigma)
        yield _Sample(times * own.mu, times * own.sigma), _Sample(0.0 * own.mu, 0.0 * own.sigma)


def _of_pixels(recognised: RecognisedHeads, images: Float64Array) -> _Sample:
    return _sample(recognised, recognised.heads.features_of(images))


def _sample(recognised: RecognisedHeads, features: Float64Array) -> _Sample:
    heads, form = recognised.heads, recognised.sigma
    assert form is not None
    return _Sample(_output(heads, heads.first, features), form.expected(_output(heads, heads.second, features)))


def _output(heads: TwoHeads, head: Head, features: Float64Array) -> Float64Array:
    bias = head.output[0] - head.matrix @ heads.features[0]
    output: Float64Array = features @ head.matrix.T + bias
    return output


def _alike(seen: Float64Array, expected: Float64Array) -> bool:
    return close(seen, expected, rtol=1e-3, atol=1e-4)
