"""What the student's KL asks of σ or of μ, beside what the divergence asks."""

from collections.abc import Sequence

import numpy as np

from autograder.autoencoders.exercises.kl.probe import KlRun, Observation
from autograder.autoencoders.reference import divergence
from autograder.autoencoders.reference.divergence import BLOG, EXACT, Latents
from autograder.course.chart import Chart, Layer
from autograder.course.draws import Float64Array
from autograder.course.picture import Picture, draw

_FITTED = frozenset({"wrong-coefficient", "wrong-coefficients"})
_OF_SIGMA = _FITTED | {
    "no-sigma-term", "no-log-term", "log-sign", "sigma-not-squared", "log-factor", "log-base", "negated",
    "another-sigma", "taken-on-log", "reverse", "sigma-for-log",
}  # fmt: skip
_OF_MU = frozenset({"no-mu-term", "mu-not-squared"})
_SIGMAS, _MUS = np.linspace(0.1, 2.5, 49), np.linspace(-2.5, 2.5, 51)
_SAME = 0.05
_LOWEST, _HIGHEST, _MARGIN = -3.0, 4.0, 0.2


def picture(_seed: int, seen: Observation, mistakes: frozenset[str]) -> Picture | None:
    """The formula that gives what was seen, for one latent, along σ or μ; ``None`` where none is sure to."""
    named = mistakes & (_OF_SIGMA | _OF_MU)
    batches, values = _encoded(seen.runs)
    if not named or not batches:
        return None
    coefficients = _explained(batches, values, named)
    if coefficients is None:
        return None
    right = min((EXACT, BLOG), key=lambda form: int((divergence.vector(form) != coefficients).sum()))
    first, second = (_along_mu, _along_sigma) if named & _OF_MU else (_along_sigma, _along_mu)
    return first(coefficients, divergence.vector(right)) or second(coefficients, divergence.vector(right))


def _along_sigma(yours: Float64Array, right: Float64Array) -> Picture | None:
    one = _SIGMAS[:, None]
    return _curves("along-sigma", _SIGMAS, Latents(0.0 * one, one, 0.0 * one), yours, right)


def _along_mu(yours: Float64Array, right: Float64Array) -> Picture | None:
    one = _MUS[:, None]
    return _curves("along-mu", _MUS, Latents(one, np.ones_like(one), one), yours, right)


def _curves(
    kind: str, places: Float64Array, latents: Latents, yours: Float64Array, right: Float64Array
) -> Picture | None:
    """What one latent adds at each place, by both formulas; ``None`` where that is the same."""
    terms = latents.terms()[..., 0]
    seen, asked = yours @ terms, right @ terms
    return draw(kind, places=places, yours=seen, asked=asked) if np.abs(seen - asked).max() > _SAME else None


def _encoded(runs: Sequence[KlRun]) -> tuple[list[Latents], Float64Array]:
    """μ, σ and z of each batch as the steered latents show them, and the value of its ``kl``."""
    batches, values = [], []
    for run in runs:
        for batch in run.batches:
            (mu, z), kept = (result.numbers for result in batch.latents), batch.values[-1].numbers
            if mu is None or z is None or kept is None or kept.size != 1 or mu.ndim != 2 or mu.shape != z.shape:
                return [], np.zeros(0)
            batches.append(Latents(mu, np.abs(z - mu), z))
            values.append(float(kept.sum()))
    return batches, np.array(values)


def _explained(batches: list[Latents], values: Float64Array, named: frozenset[str]) -> Float64Array | None:
    formulas = tuple(one for one in divergence.WRONG if one.misconception in named)
    if formulas:
        explained = divergence.explain_values(batches, values, formulas)
        return None if explained is None else divergence.vector(explained.formula.expected)
    fitted = divergence.fit_coefficients(batches, values)
    return None if fitted is None else divergence.vector(fitted)


def chart(picture: Picture) -> Chart:
    """Both curves, and where each is smallest: training goes there."""
    places, yours, asked = (picture.series[name] for name in ("places", "yours", "asked"))
    letter, other = ("μ", "σ = 1") if picture.kind == "along-mu" else ("σ", "μ = 0")
    mine, right = (_smallest(places, values, letter) for values in (yours, asked))
    said = f"both are smallest {mine}" if mine == right else f"yours is smallest {mine}, a right one {right}"
    return Chart(
        caption=f"What one latent adds to `kl` as {letter} changes, with {other}. Training makes `kl` small: {said}.",
        alt=f"Two curves over {letter}: {said}.",
        x=letter,
        y="part of kl",
        layers=(
            Layer("a right kl", places, asked, "dashed", "asked"),
            Layer("yours", places, yours, "line"),
        ),
        shown=(max(_LOWEST, min(*yours, *asked) - _MARGIN), min(_HIGHEST, max(*yours, *asked) + _MARGIN)),
    )


def _smallest(places: Sequence[float], values: tuple[float, ...], letter: str) -> str:
    low = min(values)
    if max(values) - low < 1e-3:
        return f"everywhere alike, whatever {letter} is"
    place = values.index(low)
    if place == 0:
        return f"where {letter} is smallest"
    return f"where {letter} is largest" if place == len(places) - 1 else f"near {letter} = {places[place]:.1f}"
