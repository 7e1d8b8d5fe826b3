"""Findings about the value of ``kl``: what is wrong about the formula, guards or coefficients that explain it."""

from collections.abc import Iterator, Sequence

import numpy as np

from autograder.autoencoders.exercises.kl.misconceptions import KL
from autograder.autoencoders.exercises.kl.probe import BATCHES
from autograder.autoencoders.reference import divergence
from autograder.autoencoders.reference.bounds import Bound
from autograder.autoencoders.reference.divergence import Explained, Latents
from autograder.autoencoders.reference.guarded import Capped, Guard, Kept, Lifted, Where
from autograder.course.draws import Float64Array
from autograder.judging.verdicts import Finding, finding, not_looked_at

# What is so near to a right formula is not described by a fit's coefficients.
_NEARLY = 0.02
# A constant that counts only for a σ below this one is not always to be seen.
_SEEN_FROM = 5e-6
_LOW = -2.15
_TERM = {Where.LOGARITHM: "logarithm", Where.SQUARE: "square"}


def name_explained(explained: Explained, latent_dims: int, seen: float) -> list[Finding]:
    """What is wrong about a KL that is explained, said with its value for the last and largest batch."""
    findings = []
    formula, reduction = explained.formula, explained.reduction
    batch = BATCHES[latent_dims][-1]
    if formula.misconception is not None:
        findings.append(finding(KL, formula.misconception, batch=batch, seen=seen, **formula.values))
    if reduction.misconception is not None:
        total = seen / float(reduction.expected(batch, latent_dims).max())
        sizes = {"batch": batch, "latents": latent_dims, "factor": batch * latent_dims}
        findings.append(finding(KL, reduction.misconception, seen=seen, total=total, **sizes, **reduction.values))
    return findings


def name_guards(guards: Sequence[Guard]) -> list[Finding]:
    """What is wrong, or to be noted, about the guards in a right formula."""
    named = []
    for guard in guards:
        if isinstance(guard, Lifted) and guard.at_sigma > _SEEN_FROM:
            where = "throughout your KL" if guard.where is Where.THROUGHOUT else "inside the logarithm"
            key = "log-offset" if guard.is_mistake else "log-lifted"
            named.append(finding(KL, key, of=guard.of, added=guard.added, at=guard.at_sigma, where=where))
        if isinstance(guard, Capped) and guard.is_mistake:
            named.append(finding(KL, "capped", of=guard.of.value, most=guard.at))
    kept = [guard for guard in guards if isinstance(guard, Kept)]
    return [*named, *_name_kept(kept)]


def _name_kept(guards: Sequence[Kept]) -> Iterator[Finding]:
    for of, where in dict.fromkeys((guard.bound.of, _shown(guard)) for guard in guards):
        same = [guard.bound for guard in guards if (guard.bound.of, _shown(guard)) == (of, where)]
        bound = Bound(of, max(one.low for one in same), min(one.high for one in same))
        if not Kept(bound, where).is_mistake:
            continue
        if where is Where.THROUGHOUT:
            yield finding(KL, "bounded", what=of, bounds=bound.in_words)
        else:
            of_sigma = Bound("σ", *(float(np.exp(end)) if np.isfinite(end) else end for end in (bound.low, bound.high)))
            yield finding(KL, "bounded-in-part", term=_TERM[where], bounds=of_sigma.in_words)


def _shown(guard: Kept) -> Where:
    """Where a bound stands, as far as it is to be seen: the square of a small σ hardly counts."""
    is_low = guard.where is Where.LOGARITHM and -np.inf < guard.bound.low < _LOW
    return Where.THROUGHOUT if is_low else guard.where


def name_by_fit(batches: list[Latents], seen: Float64Array) -> list[Finding]:
    """What is wrong about a KL that no known formula gives, by the coefficients that would give it."""
    for base in (divergence.EXACT, divergence.BLOG):
        near = np.array([float((divergence.vector(base)[:, None, None] * one.terms()).sum()) for one in batches])
        if np.all(np.abs(seen - near) < _NEARLY * np.abs(near)):
            return [finding(KL, "nearly", batch=len(batches[-1].mu), got=float(seen[-1]), expected=float(near[-1]))]
    # The same number for every batch depends on nothing; a fit would still find coefficients.
    fitted = divergence.fit_coefficients(batches, seen) if np.ptp(seen) > 1e-6 * np.abs(seen).max() else None
    if fitted is None:
        exact = divergence.vector(divergence.EXACT)
        expected = float((exact[:, None, None] * batches[-1].terms()).sum())
        wrong = finding(KL, "wrong-value", batch=len(batches[-1].mu), got=float(seen[-1]), expected=expected)
        return [wrong, *not_looked_at(KL, ("reduction",), "Not looked at: see the value.")]
    if (other := _prior(fitted)) is not None:
        return [finding(KL, "another-prior", mean=f"{other[0]:.3g}", variance=f"{other[1]:.3g}")]
    for base in (divergence.EXACT, divergence.BLOG):
        off = [term for term in fitted if abs(fitted[term] - base.get(term, 0.0)) > 0.01]
        if len(off) == 1:
            [term] = off
            values = {"got": fitted[term], "expected": base.get(term, 0.0)}
            return [finding(KL, "wrong-coefficient", term=_in_words(term), **values)]
    seen_terms = [(_in_words(term), value) for term, value in fitted.items() if abs(value) > 0.005]
    spelt = ", ".join(f"{value:+.3g} on {term}" for term, value in seen_terms)
    return [finding(KL, "wrong-coefficients", got=spelt or "all 0")]


def _prior(fitted: divergence.Coefficients) -> tuple[float, float] | None:
    """Mean and variance of the normal law from which a divergence has these coefficients, if there is one."""
    quadratic = fitted["σ²"]
    if quadratic <= 0.0:
        return None
    mean, variance = -fitted["μ"] / (2.0 * quadratic), 1.0 / (2.0 * quadratic)
    expected = {
        "σ²": quadratic,
        "μ²": quadratic,
        "log σ": -1.0,
        "σ": 0.0,
        "1": quadratic * mean**2 + 0.5 * float(np.log(variance)) - 0.5,
    }
    is_one = all(abs(fitted[term] - value) < 0.005 for term, value in expected.items())
    return (round(mean, 3) + 0.0, variance) if is_one else None


def _in_words(term: str) -> str:
    return "the constant" if term == "1" else term
