"""Judging ``kl`` near N(0, 1), where the divergence is 0: there a bound from below shows, as "free bits" have one."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from autograder.autoencoders.exercises.kl.latents import Encoded
from autograder.autoencoders.exercises.kl.misconceptions import KL
from autograder.autoencoders.exercises.kl.probe import KlRun
from autograder.autoencoders.reference.divergence import BLOG, EXACT, Coefficients, Latents, vector
from autograder.autoencoders.reference.guarded import distances
from autograder.course.draws import Float64Array
from autograder.judging.verdicts import Finding, finding

# So small a bound is none; what guards a logarithm may shift a value by less.
_LEAST = 0.02

# What a bound from below may hold: for terms of shape (batch, L), the sum that is left.
_Held = Callable[[Float64Array, float], float]
_WAYS: Mapping[str, _Held] = {
    " for each dimension": lambda terms, floor: float(np.maximum(terms, floor).sum()),
    " for each image": lambda terms, floor: float(np.maximum(terms.sum(axis=1), floor).sum()),
    "": lambda terms, floor: max(float(terms.sum()), floor),
}


def judge(runs: Sequence[KlRun], encoded: Sequence[Encoded], seen: Float64Array) -> list[Finding]:
    """The finding for a right formula held at a number or more; none where that does not give all that was seen.

    Args:
        runs: what was seen.
        encoded: each run's latents.
        seen: the values of all batches.
    """
    near = [run.near.numbers for run in runs]
    if not all(one.is_sampled_right for one in encoded) or any(value is None or value.size != 1 for value in near):
        return []
    at_rest = {run.latent_dims: float(value.sum()) for run, value in zip(runs, near, strict=True) if value is not None}
    batches = [latents for one in encoded for latents in one.batches]
    for base in (EXACT, BLOG):
        lifted = {dims: value - _at_rest(base, dims) for dims, value in at_rest.items()}
        if min(lifted.values()) < _LEAST:
            continue
        for of, held in _WAYS.items():
            floors = [value / dims if of == " for each dimension" else value for dims, value in at_rest.items()]
            floor = floors[0]
            if np.ptp(floors) > 1e-3 * floor:
                continue
            predicted = [held(_terms(base, one), floor) for one in batches]
            # A bound above everything explains any number.
            is_above_all = predicted == [held(np.zeros_like(one.mu), floor) for one in batches]
            if not is_above_all and np.all(distances(predicted, batches, seen) <= 1.0):
                return [finding(KL, "floored", floor=floor, of=of)]
    return []


def _at_rest(base: Coefficients, latent_dims: int) -> float:
    """A formula's value at N(0, 1) for one image."""
    return latent_dims * (base["σ²"] + base["1"])


def _terms(base: Coefficients, latents: Latents) -> Float64Array:
    """A formula's value for each image and dimension."""
    terms: Float64Array = np.tensordot(vector(base), latents.terms(), axes=1)
    return terms
