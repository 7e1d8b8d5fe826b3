"""Judging z far out, with wide noise and with heads that are driven, where bounds show."""

from collections.abc import Iterator, Sequence

import numpy as np

from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER as EXERCISE
from autograder.autoencoders.exercises.variational_encoder.probe import FAR_LEVELS, WIDE, SamplingRun
from autograder.autoencoders.probe_data import DRIVEN, FAINT, head_weights
from autograder.autoencoders.reference.bounds import Bound, agree, driven_heads, held, sigma_held
from autograder.autoencoders.reference.heads import RecognisedHeads
from autograder.autoencoders.reference.sampling import Noise, Steered
from autograder.course.draws import Float64Array
from autograder.judging.verdicts import Finding, each_once, finding

# Where z is held as far out as this, that is no mistake.
_FAR = 9.5


def judge(
    run: SamplingRun, steered: Steered, recognised: RecognisedHeads | None, images: Float64Array
) -> list[Finding]:
    """Findings about a z that is right as it comes, and another far out.

    Args:
        run: what was seen.
        steered: how z depends on the noise.
        recognised: what the heads were recognised as.
        images: those that are encoded with heads that are driven, shape (FAR_IMAGES, 784).
    """
    slope = None if recognised is None else recognised.sigma_slope
    if recognised is None or slope is None or not run.wide or recognised.scale != 1.0 or recognised.heads.are_one:
        return []
    if steered.noise is not Noise.NORMAL:
        return []  # the law of the noise is another, and the sampling is charged for it
    wide = _rows(run.wide[0].numbers, steered.mean.shape)
    expected = steered.mean + WIDE * steered.slope
    of_z = held("z", expected, wide)
    if not (np.isfinite(wide).all() and agree(wide, of_z.keep(expected))):
        of_z = Bound("z", -np.inf, np.inf)  # noise made of uniform draws is never so wide
    if of_z.is_mistake:
        return [finding(EXERCISE, "sample-activated", activation=f"a bound ({of_z.in_words})")]
    findings: list[Finding] = []
    far = [_rows(result.numbers, (len(images), run.latent_dims)) for result in run.far]
    per_place = len(DRIVEN) * len(FAR_LEVELS)
    for number, place in enumerate(head_weights(run.parameters, run.latent_dims)):
        seen = far[number * per_place :][:per_place]
        without, faint = (np.concatenate(seen[level :: len(FAR_LEVELS)]) for level in range(len(FAR_LEVELS)))
        found = list(_bounds(_driven(recognised, slope, place, images), without, faint, of_z))
        findings += [finding(EXERCISE, "bounded", what=one.of, bounds=one.in_words) for one in found if one is not None]
        findings += [finding(EXERCISE, "far-off") for one in found if one is None]
    return list(each_once(findings))


def _driven(
    recognised: RecognisedHeads, slope: float, place: int, images: Float64Array
) -> tuple[Float64Array, Float64Array]:
    """μ and log σ of all images, with the head driven to one side and then to the other."""
    sides = [driven_heads(recognised.heads, slope, place, factor, images) for factor in DRIVEN]
    mu, log_sigma = (np.concatenate(each) for each in zip(*sides, strict=True))
    return mu, log_sigma


def _bounds(
    heads: tuple[Float64Array, Float64Array], without: Float64Array, faint: Float64Array, of_z: Bound
) -> Iterator[Bound | None]:
    """The bounds within which μ and log σ are held, of those that are mistakes; ``None`` for what no bound explains."""
    mu, log_sigma = heads
    # Where z itself is held far out, it says nothing else; driven heads may lead further than wide noise.
    sizes = np.abs(np.stack([without, faint]))
    at_end = sizes.max() if np.sum(sizes == sizes.max()) > 1 and sizes.max() > _FAR else np.inf
    outside = min(-of_z.low, of_z.high, float(at_end)) - 1e-3
    without_free, faint_free = np.abs(without) < outside, np.abs(faint) < outside
    seen_mu, seen_sigma = np.where(without_free, without, mu), np.abs(faint - without) / FAINT
    of_mu = held("μ", mu, seen_mu)
    if not agree(seen_mu, of_mu.keep(mu)):
        yield None
    elif of_mu.is_mistake:
        yield of_mu
    seen_sigma = np.where(without_free & faint_free, seen_sigma, np.exp(log_sigma))
    of_sigma = sigma_held(np.exp(log_sigma), seen_sigma)
    if not agree(seen_sigma, np.exp(of_sigma.keep(log_sigma))):
        yield None
    elif of_sigma.is_mistake:
        yield of_sigma


def _rows(numbers: Float64Array | None, shape: Sequence[int]) -> Float64Array:
    """The latents; no numbers of the usual shape, where they are of another."""
    if numbers is None or numbers.size != np.prod(shape):
        return np.full(shape, np.nan)
    return numbers.reshape(shape)
