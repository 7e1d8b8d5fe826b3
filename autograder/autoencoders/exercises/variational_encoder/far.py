"""Judging z far out, with wide noise and with larger heads, where bounds show."""

from collections.abc import Iterator

import numpy as np

from autograder.autoencoders.exercises.variational_encoder.misconceptions import VARIATIONAL_ENCODER as EXERCISE
from autograder.autoencoders.exercises.variational_encoder.probe import FAR_LEVELS, WIDE, SamplingRun
from autograder.autoencoders.probe_data import FAINT, head_weights
from autograder.autoencoders.reference.bounds import Bound, agree, held, larger_heads
from autograder.autoencoders.reference.heads import RecognisedHeads
from autograder.autoencoders.reference.sampling import Steered
from autograder.course.draws import Float64Array
from autograder.judging.verdicts import Finding, each_once, finding

# Where z is held as far out as this, that is no mistake.
_FAR = 9.5


def judge(run: SamplingRun, steered: Steered, recognised: RecognisedHeads | None) -> list[Finding]:
    """Findings about a z that is right as it comes, and another far out."""
    slope = None if recognised is None else recognised.sigma_slope
    if recognised is None or slope is None or not run.wide or recognised.scale != 1.0 or recognised.heads.are_one:
        return []
    wide, *far = (_rows(result.numbers, steered.mean) for result in (*run.wide, *run.far))
    expected = steered.mean + WIDE * steered.slope
    of_z = held("z", expected, wide)
    if not (np.isfinite(wide).all() and agree(wide, of_z.keep(expected))):
        of_z = Bound("z", -np.inf, np.inf)  # noise made of uniform draws is never so wide
    if of_z.is_mistake:
        return [finding(EXERCISE, "sample-activated", activation=f"a bound ({of_z.in_words})")]
    findings: list[Finding] = []
    for number, place in enumerate(head_weights(run.parameters, run.latent_dims)):
        without, faint = far[number * len(FAR_LEVELS) :][: len(FAR_LEVELS)]
        found = list(_bounds(larger_heads(recognised.heads, slope, place), without, faint, of_z))
        findings += [finding(EXERCISE, "bounded", what=one.of, bounds=one.in_words) for one in found if one is not None]
        findings += [finding(EXERCISE, "far-off") for one in found if one is None]
    return list(each_once(findings))


def _bounds(
    heads: tuple[Float64Array, Float64Array], without: Float64Array, faint: Float64Array, of_z: Bound
) -> Iterator[Bound | None]:
    """The bounds within which μ and log σ are held, of those that are mistakes; ``None`` for what no bound explains."""
    mu, log_sigma = heads
    # Where z itself is held far out, it says nothing else; larger heads may lead further than wide noise.
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
    of_sigma = held("log σ", log_sigma, np.log(np.maximum(seen_sigma, 1e-12)))
    if agree(seen_sigma, np.exp(log_sigma)):
        return
    if not agree(seen_sigma, np.exp(of_sigma.keep(log_sigma))):
        yield None
    elif of_sigma.is_mistake:
        yield of_sigma


def _rows(numbers: Float64Array | None, like: Float64Array) -> Float64Array:
    """The latents; no numbers of the usual shape, where they are of another."""
    if numbers is None or numbers.size != like.size:
        return np.full_like(like, np.nan)
    return numbers.reshape(like.shape)
