"""The KL divergence of N(μ, σ²) from N(0, 1), and what is taken for it, as sums of a few terms.

Every formula here is a hypothesis that gives coefficients on the terms in ``TERMS``, summed over images and latent
dimensions.

``EXACT`` is Kingma & Welling, "Auto-Encoding Variational Bayes" (2014), appendix B, with the sign of a divergence:
½(σ² + μ² − 1) − log σ. ``BLOG`` is σ² + μ² − log σ − ½, as in the blog post that the notebook follows; up to a constant
it is the divergence from N(0, ½).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from autograder.course.draws import Float64Array
from autograder.judging.explain import Hypothesis

Coefficients = Mapping[str, float]
Mask = npt.NDArray[np.bool_]

TERMS = (
    *("σ²", "μ²", "log σ", "1", "σ", "μ", "(log σ)²", "σ⁴", "1/σ²", "μ²/σ²", "z²", "once"),
    *("exp σ", "exp 2σ", "exp σ²", "exp μ", "exp 2μ"),
)
# Whoever has an exponential of so much has no number either.
_LARGEST_EXPONENT = 300.0
# Of a smaller σ rounding to float32 leaves too few digits in z for its logarithm.
LEAST_SIGMA = 1e-4
# So many of the values have to be given, where the others are of a σ that is lost.
_NEARLY_ALL = 0.65

EXACT: Coefficients = {"σ²": 0.5, "μ²": 0.5, "log σ": -1.0, "1": -0.5}
BLOG: Coefficients = {"σ²": 1.0, "μ²": 1.0, "log σ": -1.0, "1": -0.5}


Formula = Hypothesis[Coefficients]


def vector(coefficients: Coefficients) -> Float64Array:
    """The coefficients in the order of ``TERMS``."""
    return np.array([coefficients.get(term, 0.0) for term in TERMS])


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
        exponentials = (
            np.exp(np.minimum(one, _LARGEST_EXPONENT)) for one in (sigma, 2.0 * sigma, sigma**2, mu, 2.0 * mu)
        )
        return np.stack([
            sigma**2, mu**2, logarithm, ones, sigma, mu, logarithm**2, sigma**4, sigma**-2.0, (mu / sigma) ** 2, z**2,
            ones / ones.size, *exponentials,
        ])  # fmt: skip


def _scaled(base: Coefficients, factor: float) -> Coefficients:
    return {term: factor * coefficient for term, coefficient in base.items()}


def _variants(base: Coefficients) -> list[Formula]:
    """The usual slips, made in one of the two right formulas."""
    constant = base["1"]
    form = "" if base is EXACT else " in the blog's form, whose other terms these are"
    without: list[Formula] = [
        Hypothesis("no-sigma-term", {**base, "σ²": 0.0}),
        Hypothesis("no-mu-term", {**base, "μ²": 0.0}),
        Hypothesis("no-log-term", {**base, "log σ": 0.0}),
    ]
    slips: list[Formula] = [
        Hypothesis("log-sign", {**base, "log σ": 1.0}),
        Hypothesis("sigma-not-squared", {**base, "σ²": 0.0, "σ": base["σ²"]}),
        Hypothesis("mu-not-squared", {**base, "μ²": 0.0, "μ": base["μ²"]}),
        Hypothesis("log-factor", {**base, "log σ": -2.0}, {"factor": "2"}),
        Hypothesis("log-factor", {**base, "log σ": -0.5}, {"factor": "½"}),
        Hypothesis("log-base", {**base, "log σ": -1.0 / log(2.0)}, {"base": "2", "ratio": "1.44"}),
        Hypothesis("log-base", {**base, "log σ": -1.0 / log(10.0)}, {"base": "10", "ratio": "0.43"}),
        Hypothesis("uses-z", {**base, "μ²": 0.0, "z²": base["μ²"]}),
        Hypothesis("negated", _scaled(base, -1.0)),
        # What the code calls σ is the √σ or the σ² of the sampling; the right formula of that.
        Hypothesis("another-sigma", {**base, "σ²": 0.0, "σ": base["σ²"], "log σ": -0.5}),
        Hypothesis("another-sigma", {**base, "σ²": 0.0, "σ⁴": base["σ²"], "log σ": -2.0}),
        Hypothesis("taken-on-log", {**base, "σ²": 0.0, "(log σ)²": base["σ²"]}),
        Hypothesis("taken-on-log", {**base, "σ²": 0.0, "(log σ)²": 4.0 * base["σ²"]}),
        *_read_otherwise(base),
    ]
    constants: list[Formula] = [
        Hypothesis("constant", {**base, "1": value}, {"got": f"{value:+g}", "expected": f"{constant:+g}", "form": form})
        for value in (0.0, -1.0, 0.5, 1.0, -0.25)
        if value != constant
    ]
    once: list[Formula] = [
        Hypothesis("constant-once", {**base, "1": 0.0, "once": value}, {"got": f"{value:+g}"}) for value in (-0.5, -1.0)
    ]
    return without + slips + constants + once


def _read_otherwise(base: Coefficients) -> list[Formula]:
    """A right formula of log σ or log σ² that is given something else in the place of one of these."""
    square, rest = base["σ²"], {"μ²": base["μ²"], "1": base["1"]}
    given_sigma: list[Coefficients] = [
        {**rest, "exp 2σ": square, "σ": -1.0},
        {**rest, "exp σ": square, "σ": -0.5},
        {**rest, "exp σ²": square, "σ²": -0.5},
        {**rest, "σ²": square, "σ": -1.0},
        {**rest, "exp 2σ": square, "log σ": -1.0},
    ]
    exchanged: list[Coefficients] = [
        {"exp 2μ": square, "(log σ)²": base["μ²"], "μ": -1.0, "1": base["1"]},
        {"exp μ": square, "(log σ)²": 4.0 * base["μ²"], "μ": -0.5, "1": base["1"]},
    ]
    return [
        *(Hypothesis("sigma-for-log", coefficients) for coefficients in given_sigma),
        *(Hypothesis("exchanged", coefficients) for coefficients in exchanged),
    ]


def _factors() -> list[Formula]:
    names = {2.0: "twice", 0.5: "half of", 4.0: "four times", 0.25: "a quarter of", -0.5: "minus half of"}
    of_exact: list[Formula] = [Hypothesis("factor", _scaled(EXACT, f), {"factor": name}) for f, name in names.items()]
    return of_exact + [Hypothesis("factor", _scaled(BLOG, f), {"factor": name}) for f, name in names.items()]


# Both earn full marks, the second with a note.
RIGHT: tuple[Formula, ...] = (Hypothesis(None, EXACT), Hypothesis("blog-form", BLOG))

WRONG: tuple[Formula, ...] = (
    # The exact form without its ½, and as well the blog's with another constant.
    Hypothesis("half-missing", {"σ²": 1.0, "μ²": 1.0, "log σ": -1.0, "1": -1.0}),
    *_variants(EXACT),
    *_variants(BLOG),
    *_factors(),
    # The divergence of N(0, 1) from N(μ, σ²), and what the blog's form of it would be.
    Hypothesis("reverse", {"log σ": 1.0, "1/σ²": 0.5, "μ²/σ²": 0.5, "1": -0.5}),
    Hypothesis("reverse", {"log σ": 1.0, "1/σ²": 1.0, "μ²/σ²": 1.0, "1": -0.5}),
    Hypothesis("one-sample", {"z²": 0.5, "log σ": -1.0, "1": -0.5}),
    Hypothesis("negated", {"z²": -0.5, "log σ": 1.0, "1": 0.5}),
)


# What each image's and dimension's term is multiplied by before all are added, for (batch, L): of that shape.
Reduction = Hypothesis[Callable[[int, int], Float64Array]]


def _one_image(place: int) -> Callable[[int, int], Float64Array]:
    def only(batch: int, latent_dims: int) -> Float64Array:
        kept = np.zeros((batch, latent_dims))
        kept[place] = 1.0
        return kept

    return only


def _one_dimension(place: int) -> Callable[[int, int], Float64Array]:
    return lambda batch, latent_dims: _one_image(place)(latent_dims, batch).T


REDUCTIONS: tuple[Reduction, ...] = (
    Hypothesis(None, lambda batch, latent_dims: np.ones((batch, latent_dims))),
    Hypothesis("averaged-everything", lambda b, latent_dims: np.full((b, latent_dims), 1.0 / (b * latent_dims))),
    Hypothesis("averaged-images", lambda batch, latent_dims: np.full((batch, latent_dims), 1.0 / batch)),
    Hypothesis("averaged-dimensions", lambda batch, latent_dims: np.full((batch, latent_dims), 1.0 / latent_dims)),
    Hypothesis("multiplied-by-images", lambda batch, latent_dims: np.full((batch, latent_dims), float(batch))),
    Hypothesis("one-image-only", _one_image(0), {"which": "first"}),
    Hypothesis("one-image-only", _one_image(-1), {"which": "last"}),
    Hypothesis("one-dimension-only", _one_dimension(0), {"which": "first"}),
    Hypothesis("one-dimension-only", _one_dimension(-1), {"which": "last"}),
)


@dataclass(frozen=True)
class Explained:
    """A formula and a reduction that give all observed values."""

    formula: Formula
    reduction: Reduction

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong about them."""
        return self.formula in RIGHT and self.reduction.misconception is None


def explain_values(batches: list[Latents], seen: Float64Array, formulas: tuple[Formula, ...]) -> Explained | None:
    """The reduction, and for it the first formula, that give the value seen for each batch, shape (len(batches),)."""
    for reduction, given in _given(batches, seen, formulas):
        fits = given.all(axis=1)
        if fits.any():
            return Explained(formulas[int(np.argmax(fits))], reduction)
    return None


def explain_most(batches: list[Latents], seen: Float64Array) -> Explained | None:
    """A right formula and a reduction that give nearly all the values; for the others some σ is lost in rounding.

    Of a σ that is nearly 0 neither z nor a head says how small it is, and its logarithm counts.
    """
    free = lost(batches)
    for reduction, given in _given(batches, seen, RIGHT):
        for formula, fitting in zip(RIGHT, given, strict=True):
            if are_nearly_all(fitting, free):
                return Explained(formula, reduction)
    return None


def lost(batches: Sequence[Latents]) -> Mask:
    """In which batches some σ is lost in rounding."""
    return np.array([bool((latents.sigma < LEAST_SIGMA).any()) for latents in batches])


def are_nearly_all(given: Mask, free: Mask) -> bool:
    """Whether all values are given, but for a few of those that are free to be others."""
    return bool((given | free).all()) and float(given.mean()) >= _NEARLY_ALL


def _given(
    batches: list[Latents], seen: Float64Array, formulas: tuple[Formula, ...]
) -> Iterator[tuple[Reduction, Mask]]:
    """For every reduction which values each formula gives, shape (formulas, batches)."""
    terms = [latents.terms() for latents in batches]
    vectors = np.stack([vector(formula.expected) for formula in formulas])
    for reduction in REDUCTIONS:
        totals = np.stack([(term * reduction.expected(*term.shape[1:])).sum(axis=(1, 2)) for term in terms], axis=1)
        predicted, sizes = vectors @ totals, np.abs(vectors) @ np.abs(totals)
        # Student code sums in float32: what may differ grows with the terms, which may cancel, not just with the sum.
        yield reduction, np.abs(predicted - seen) <= 1e-5 + 1e-4 * np.abs(predicted) + 2e-6 * sizes


def explain_scaled(batches: list[Latents], seen: Float64Array) -> Explained | None:
    """A right formula and a reduction that give all the values seen but for one factor, whatever that is."""
    terms = [latents.terms() for latents in batches]
    for reduction in REDUCTIONS:
        totals = np.stack([(term * reduction.expected(*term.shape[1:])).sum(axis=(1, 2)) for term in terms], axis=1)
        for base in (EXACT, BLOG):
            predicted, sizes = vector(base) @ totals, np.abs(vector(base)) @ np.abs(totals)
            factor = float(predicted @ seen / max(predicted @ predicted, 1e-300))
            apart = np.abs(factor * predicted - seen)
            # A factor as near to 1 as this is nobody's: something small is added.
            if (
                abs(factor - 1.0) > 2e-3
                and factor
                and np.all(apart <= abs(factor) * (1e-4 * np.abs(predicted) + 2e-6 * sizes))
            ):
                formula: Formula = Hypothesis("factor", _scaled(base, factor), {"factor": _factor_in_words(factor)})
                return Explained(formula, reduction)
    return None


def explain_pooled(batches: list[Latents], seen: Float64Array) -> Explained | None:
    """A right formula of μ and σ that were averaged or added up before they went into it."""
    for over, axes in (("images and dimensions", (0, 1)), ("images", (0,)), ("dimensions", (1,))):
        for how, pool in (("averaged", np.mean), ("added up", np.sum)):
            pooled = [
                Latents(*(pool(part, axis=axes, keepdims=True) for part in (one.mu, one.sigma, one.z)))
                for one in batches
            ]
            found = explain_values(pooled, seen, RIGHT)
            if found is not None:
                formula: Formula = Hypothesis("pooled", found.formula.expected, {"how": how, "over": over})
                return Explained(formula, found.reduction)
    return None


def _factor_in_words(factor: float) -> str:
    whole = round(1.0 / factor)
    if abs(factor) < 0.6 and abs(1.0 / factor - whole) < 1e-3 * abs(whole):
        return f"{'minus ' if whole < 0 else ''}1/{abs(whole):,} of"
    return f"{factor:.3g} times"


# The terms of the right formulas and their slips; of more, a handful of batches would not give the coefficients.
_FITTED = TERMS[:6]


def fit_coefficients(batches: list[Latents], seen: Float64Array) -> Coefficients | None:
    """Coefficients on the first six terms that give the values seen under a plain sum, by least squares."""
    totals = np.stack([latents.terms()[: len(_FITTED)].sum(axis=(1, 2)) for latents in batches])
    solution, _, rank, _ = np.linalg.lstsq(totals, seen, rcond=None)
    if rank < len(_FITTED) or not np.allclose(totals @ solution, seen, rtol=1e-4, atol=1e-4):
        return None
    return {term: round(float(value), 3) + 0.0 for term, value in zip(_FITTED, solution, strict=True)}
