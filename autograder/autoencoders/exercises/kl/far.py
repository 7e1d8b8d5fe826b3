"""Judging ``kl`` with heads that are driven far out, where guards in the formula show: constants, and bounds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

import numpy as np

from autograder.autoencoders.exercises.kl.latents import Encoded
from autograder.autoencoders.exercises.kl.probe import KlRun, far_images
from autograder.autoencoders.probe_data import DRIVEN, FAINT, head_weights
from autograder.autoencoders.reference.bounds import agree, driven_heads, held, sigma_held
from autograder.autoencoders.reference.divergence import Coefficients, Latents
from autograder.autoencoders.reference.guarded import Guard, misfit, read_guards
from autograder.course.draws import Float64Array

# What the heads give far out is off by some rounding.
_RTOL, _ATOL = 2e-4, 1e-3
# Of the guards that explain one side as well, so many are held against the rest; and so many are taken together.
_TRIED, _MOST_GUARDS = 3, 4
# Of a smaller σ faint noise leaves too few digits.
_READABLE = 1e-2


@dataclass(frozen=True)
class Sides:
    """μ, σ and the KL of images for every head that is driven to a side.

    Attributes:
        latents: for each head and side, -1 or 1, one image each.
        seen: the KL of these images.
    """

    latents: Mapping[tuple[int, int], list[Latents]]
    seen: Mapping[tuple[int, int], Float64Array]

    def are_right(self, base: Coefficients) -> bool:
        """Whether the formula gives all that was seen."""
        return self._least_fitting(base, ()) is None

    def guards(self, base: Coefficients, known: tuple[Guard, ...] = ()) -> Iterator[tuple[Guard, ...]]:
        """The guards in the formula that together give all that was seen, these ones among them."""
        if (side := self._least_fitting(base, known)) is None:
            yield known
        elif len(known) < _MOST_GUARDS:
            read = read_guards(base, self.latents[side], self.seen[side], side[1], known, _RTOL, _ATOL)
            for guard in islice(read, _TRIED):
                yield from self.guards(base, (*known, guard))

    def _least_fitting(self, base: Coefficients, guards: Sequence[Guard]) -> tuple[int, int] | None:
        """The side that the formula fits least; ``None`` where it fits all."""
        off = {
            side: float(misfit(base, latents, self.seen[side], guards, _RTOL, _ATOL).max())
            for side, latents in self.latents.items()
        }
        worst = max(off, key=lambda side: off[side])
        return worst if off[worst] > 1.0 else None


def fits(base: Coefficients, batches: Sequence[Latents], seen: Float64Array, guards: Sequence[Guard]) -> bool:
    """Whether the formula with these guards gives what was seen of batches as they come."""
    return bool(np.all(misfit(base, batches, seen, guards) <= 1.0))


def read_sides(seed: int, run: KlRun, known: Encoded) -> Sequence[Sides]:
    """The sides as the heads say, and then as z shows them: what bounds hold in z as well is the sampling's mistake.

    None where the heads are not known, or gave too few numbers.
    """
    recognised = known.recognised
    slope = None if recognised is None else recognised.sigma_slope
    if recognised is None or slope is None or recognised.heads.are_one or not run.far:
        return ()
    images = far_images(seed)
    images = images.reshape(len(images), -1)
    by_heads: dict[tuple[int, int], list[Latents]] = {}
    by_z: dict[tuple[int, int], list[Latents]] = {}
    seen: dict[tuple[int, int], Float64Array] = {}
    driven = product(head_weights(run.parameters, run.latent_dims), DRIVEN)
    for (place, factor), batch in zip(driven, run.far, strict=True):
        mu, log_sigma = driven_heads(recognised.heads, slope, place, factor, images)
        heads = Latents(mu, np.exp(log_sigma), mu)
        numbers = np.array([np.nan if one.numbers is None else float(one.numbers.sum()) for one in batch.values])
        # A product of many σ, say, has no digits left furthest out.
        finite = np.flatnonzero(np.isfinite(numbers))
        if 2 * len(finite) < len(numbers):
            return ()
        side = place, int(np.sign(factor))
        seen[side] = numbers[finite]
        shown = _held(heads, [_rows(one.numbers, mu) for one in batch.latents])
        by_heads[side], by_z[side] = ([_row(each, int(row)) for row in finite] for each in (heads, shown))
    return Sides(by_heads, seen), Sides(by_z, seen)


def _held(heads: Latents, z: Sequence[Float64Array]) -> Latents:
    """The heads' μ and σ within the bounds that z shows; their own digits are better than those of z.

    A bound may be so near that it is none to speak of, and the KL shows it nonetheless.
    """
    without, faint = z
    sigma = np.abs(faint - without) / FAINT
    mu, log_sigma = heads.mu, np.log(heads.sigma)
    of_mu, of_sigma = held("μ", mu, without), sigma_held(heads.sigma, sigma)
    if agree(without, of_mu.keep(mu)):
        mu = np.clip(of_mu.keep(mu), without.min(), without.max())
    if agree(sigma, np.exp(of_sigma.keep(log_sigma))):
        log_sigma = np.clip(of_sigma.keep(log_sigma), *_ends(sigma))
    return Latents(mu, np.exp(log_sigma), mu)


def _ends(sigma: Float64Array) -> tuple[float, float]:
    """Between which log σ was seen; of a small σ noise that is so faint leaves no digits."""
    low, high = float(sigma.min()), float(sigma.max())
    return (np.log(low) if low > _READABLE else -np.inf), (np.log(high) if high > _READABLE else np.inf)


def _row(latents: Latents, row: int) -> Latents:
    rows = slice(row, row + 1)
    return Latents(latents.mu[rows], latents.sigma[rows], latents.z[rows])


def _rows(numbers: Float64Array | None, like: Float64Array) -> Float64Array:
    """The latents; no numbers of the usual shape, where they are of another."""
    if numbers is None or numbers.size != like.size:
        return np.full_like(like, np.nan)
    return numbers.reshape(like.shape)
