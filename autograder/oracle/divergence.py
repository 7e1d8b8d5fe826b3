"""The KL divergence of N(μ, σ²) from N(0, 1), and what is taken for it, as sums of a few terms.

Every formula here is a list of coefficients on the terms in ``TERMS``, summed over images and latent dimensions.

``EXACT`` is Kingma & Welling, "Auto-Encoding Variational Bayes" (2014), appendix B, with the sign of a divergence:
½(σ² + μ² − 1) − log σ. ``BLOG`` is σ² + μ² − log σ − ½, as in the blog post that the notebook follows; up to a constant
it is the divergence from N(0, ½).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log

import numpy as np

from autograder.probes import Float64Array

Coefficients = Mapping[str, float]

TERMS = ("σ²", "μ²", "log σ", "1", "σ", "μ", "(log σ)²", "σ⁴", "1/σ²", "μ²/σ²", "z²", "once")

EXACT: Coefficients = {"σ²": 0.5, "μ²": 0.5, "log σ": -1.0, "1": -0.5}
BLOG: Coefficients = {"σ²": 1.0, "μ²": 1.0, "log σ": -1.0, "1": -0.5}


@dataclass(frozen=True)
class Formula:
    """A formula that a student may have written.

    Attributes:
        key: ``exact``, ``blog``, or the misconception that it shows.
        coefficients: by term.
        values: what the misconception's message needs.
    """

    key: str
    coefficients: Coefficients
    values: Mapping[str, object] = field(default_factory=dict)

    def vector(self) -> Float64Array:
        """The coefficients in the order of ``TERMS``."""
        return np.array([self.coefficients.get(term, 0.0) for term in TERMS])


@dataclass(frozen=True)
class Latents:
    """μ and σ of a batch and the sample z drawn with them, each of shape (batch, L)."""

    mu: Float64Array
    sigma: Float64Array
    z: Float64Array

    def terms(self) -> Float64Array:
        """Each term for each image and dimension, shape (len(TERMS), batch, L); ``once`` is shared out evenly."""
        mu, sigma, z = self.mu, np.maximum(self.sigma, 1e-12), self.z
        ones = np.ones_like(mu)
        logarithm = np.log(sigma)
        return np.stack([
            sigma**2, mu**2, logarithm, ones, sigma, mu, logarithm**2, sigma**4, sigma**-2.0, (mu / sigma) ** 2, z**2,
            ones / ones.size,
        ])  # fmt: skip


def _scaled(base: Coefficients, factor: float) -> Coefficients:
    return {term: factor * coefficient for term, coefficient in base.items()}


def _variants(base: Coefficients) -> list[Formula]:
    """The usual slips, made in one of the two right formulas."""
    constant = base["1"]
    without = [
        Formula("no-sigma-term", {**base, "σ²": 0.0}),
        Formula("no-mu-term", {**base, "μ²": 0.0}),
        Formula("no-log-term", {**base, "log σ": 0.0}),
    ]
    slips = [
        Formula("log-sign", {**base, "log σ": 1.0}),
        Formula("sigma-not-squared", {**base, "σ²": 0.0, "σ": base["σ²"]}),
        Formula("mu-not-squared", {**base, "μ²": 0.0, "μ": base["μ²"]}),
        Formula("log-factor", {**base, "log σ": -2.0}, {"factor": "2"}),
        Formula("log-factor", {**base, "log σ": -0.5}, {"factor": "½"}),
        Formula("log-base", {**base, "log σ": -1.0 / log(2.0)}, {"base": "2", "ratio": "1.44"}),
        Formula("log-base", {**base, "log σ": -1.0 / log(10.0)}, {"base": "10", "ratio": "0.43"}),
        Formula("uses-z", {**base, "μ²": 0.0, "z²": base["μ²"]}),
        Formula("negated", _scaled(base, -1.0)),
        Formula("another-sigma", {**base, "σ²": 0.0, "σ": base["σ²"], "log σ": -0.5}),
        Formula("another-sigma", {**base, "σ²": 0.0, "σ⁴": base["σ²"], "log σ": -2.0}),
        Formula("taken-on-log", {**base, "σ²": 0.0, "(log σ)²": base["σ²"]}),
    ]
    constants = [
        Formula("constant", {**base, "1": value}, {"got": f"{value:+g}", "expected": f"{constant:+g}"})
        for value in (0.0, -1.0, 0.5, 1.0, -0.25)
        if value != constant
    ]
    once = [
        Formula("constant-once", {**base, "1": 0.0, "once": value}, {"got": f"{value:+g}"}) for value in (-0.5, -1.0)
    ]
    return without + slips + constants + once


def _factors() -> list[Formula]:
    names = {2.0: "twice", 0.5: "half of", 4.0: "four times", 0.25: "a quarter of", -0.5: "minus half of"}
    of_exact = [Formula("factor", _scaled(EXACT, f), {"factor": name}) for f, name in names.items()]
    return of_exact + [Formula("factor", _scaled(BLOG, f), {"factor": name}) for f, name in names.items()]


RIGHT: tuple[Formula, ...] = (Formula("exact", EXACT), Formula("blog", BLOG))

WRONG: tuple[Formula, ...] = (
    *_variants(EXACT),
    *_variants(BLOG),
    *_factors(),
    Formula("reverse", {"log σ": 1.0, "1/σ²": 0.5, "μ²/σ²": 0.5, "1": -0.5}),
    Formula("reverse", {"log σ": 1.0, "1/σ²": 1.0, "μ²/σ²": 1.0, "1": -0.5}),
    Formula("one-sample", {"z²": 0.5, "log σ": -1.0, "1": -0.5}),
)


@dataclass(frozen=True)
class Reduction:
    """How the terms of a batch become one number: the right sum, or the misconception ``key`` with its message."""

    key: str
    name: str

    def weights(self, batch: int, latent_dims: int) -> Float64Array:
        """What each image's and dimension's term is multiplied by before all are added, shape (batch, L)."""
        ones = np.ones((batch, latent_dims))
        if self.key == "first-image-only":
            ones[1:] = 0.0
        elif self.key == "averaged-everything":
            ones /= ones.size
        elif self.key == "averaged-images":
            ones /= batch
        elif self.key == "averaged-dimensions":
            ones /= latent_dims
        return ones


SUM = Reduction("sum", "the sum")
REDUCTIONS: tuple[Reduction, ...] = (
    SUM,
    Reduction("averaged-everything", "a mean over images and dimensions"),
    Reduction("averaged-images", "a mean over the images"),
    Reduction("averaged-dimensions", "a mean over the dimensions"),
    Reduction("first-image-only", "the first image's alone"),
)


@dataclass(frozen=True)
class Explained:
    """A formula and a reduction that give all observed values."""

    formula: Formula
    reduction: Reduction


def explain(batches: list[Latents], seen: Float64Array, formulas: tuple[Formula, ...]) -> Explained | None:
    """The first formula and reduction that give the value seen for each batch, shape (len(batches),)."""
    terms = [latents.terms() for latents in batches]
    vectors = np.stack([formula.vector() for formula in formulas])
    for reduction in REDUCTIONS:
        totals = np.stack([(term * reduction.weights(*term.shape[1:])).sum(axis=(1, 2)) for term in terms], axis=1)
        predicted, sizes = vectors @ totals, np.abs(vectors) @ np.abs(totals)
        fits = np.all(np.abs(predicted - seen) <= 1e-5 + 1e-4 * np.abs(predicted) + 2e-6 * sizes, axis=1)
        if fits.any():
            return Explained(formulas[int(np.argmax(fits))], reduction)
    return None


_FITTED = TERMS[:6]


def fit(batches: list[Latents], seen: Float64Array) -> Coefficients | None:
    """Coefficients on the first six terms that give the values seen under a plain sum, by least squares."""
    totals = np.stack([latents.terms()[: len(_FITTED)].sum(axis=(1, 2)) for latents in batches])
    solution, _, rank, _ = np.linalg.lstsq(totals, seen, rcond=None)
    if rank < len(_FITTED) or not np.allclose(totals @ solution, seen, rtol=1e-4, atol=1e-4):
        return None
    return {term: round(float(value), 3) + 0.0 for term, value in zip(_FITTED, solution, strict=True)}
