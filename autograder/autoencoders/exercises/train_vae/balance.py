"""What the weights of the two terms say: plain sums, means of one or of both, a factor, or a schedule."""

from collections.abc import Sequence

import numpy as np

from autograder.autoencoders.probe_data import PIXELS
from autograder.autoencoders.reference import losses
from autograder.autoencoders.training.probe import BATCHES, LATENT_DIMS
from autograder.autoencoders.training.updates import Pass
from autograder.course.draws import Float64Array
from autograder.judging.explain import Hypothesis, explain

_LEAST_PART = 0.05

Balance = Hypothesis[tuple[float | Float64Array, float | Float64Array]]


def explain_balance(weights: Float64Array, factors: Float64Array, batches: Sequence[int]) -> Hypothesis[object]:
    """What the KL term's weight and the reconstruction's factor say, each one number for each update."""
    sizes = np.array(batches, dtype=np.float64)
    ratio = weights / factors
    if losses.constant(ratio, 1.0):
        common = not losses.constant(factors, 1.0)
        return Hypothesis("common-factor", None, {"factor": float(factors[0])}) if common else Hypothesis(None, None)
    # Beside a KL that is a sum, or a large part of it.
    part = float(weights[0]) if losses.constant(weights, float(weights[0])) and weights[0] > _LEAST_PART else 1.0
    seen = explain(_of_both(sizes), lambda both: _fits(factors / part, both[0]) and _fits(weights / part, both[1]))
    if seen is not None:
        return Hypothesis(seen.misconception, None, {"weight": float(ratio[0]), **seen.values})
    seen_ratio = explain(_of_ratio(sizes), lambda expected: losses.constant(ratio, expected))
    if seen_ratio is not None:
        return Hypothesis(seen_ratio.misconception, None, seen_ratio.values)
    if losses.constant(ratio, float(ratio[0])):
        return Hypothesis("kl-weighted", None, {"weight": float(ratio[0])})
    epochs = ratio.reshape(-1, len(BATCHES)) if len(ratio) % len(BATCHES) == 0 else ratio[None]
    if len(epochs) > 1 and all(losses.constant(epoch, float(epoch[0])) for epoch in epochs):
        spelt = ", then ".join(f"{epoch[0]:.3g}" for epoch in epochs)
        return Hypothesis("kl-by-epoch", None, {"weights": spelt})
    return Hypothesis("unbalanced", None, {"low": float(ratio.min()), "high": float(ratio.max())})


def explain_value(value: float, one: Pass) -> Hypothesis[float] | None:
    """What the value of a loss says about its two terms; ``None`` where neither sum nor mean of them gives it."""
    squared, sizes = float(((one.reconstruction - one.images) ** 2).sum()), np.array([float(len(one.images))])
    hypotheses: list[Hypothesis[float]] = [Hypothesis(None, squared + one.kl)]
    for both in _of_both(sizes):
        first, second = (float(np.ravel(part)[0]) for part in both.expected)
        values = {"weight": second / first, **both.values}
        hypotheses.append(Hypothesis(both.misconception, first * squared + second * one.kl, values))
    return explain(hypotheses, lambda expected: abs(value - expected) < 1e-4 * abs(expected))


def _fits(seen: Float64Array, expected: float | Float64Array) -> bool:
    return losses.constant(seen, expected)


def _of_both(sizes: Float64Array) -> list[Balance]:
    """A mean of the reconstruction beside a plain sum of the KL."""
    means = (1.0 / (sizes * PIXELS), 1.0 / sizes, 1.0 / PIXELS)
    return [Hypothesis("mean-beside-sum", (factor * part, 1.0)) for factor in (1.0, 0.5) for part in means]


def _of_ratio(sizes: Float64Array) -> list[Hypothesis[float | Float64Array]]:
    """What one of the two terms is divided by, beside the other that is not."""
    batch = int(sizes[0])
    divisors: list[tuple[float | Float64Array, str]] = [
        (PIXELS, "the 784 pixels"),
        (sizes * PIXELS, f"{batch} images times 784 pixels"),
        (PIXELS * LATENT_DIMS, f"784 pixels times {LATENT_DIMS} latent dimensions"),
        (sizes * PIXELS * LATENT_DIMS, f"{batch} images times 784 pixels times {LATENT_DIMS} dimensions"),
        (sizes * LATENT_DIMS, f"{batch} images times {LATENT_DIMS} latent dimensions"),
        (sum(BATCHES), f"the {sum(BATCHES)} images of the data"),
        (len(BATCHES), f"the {len(BATCHES)} batches of the data here, or by as many latent dimensions"),
    ]
    found: list[Hypothesis[float | Float64Array]] = [Hypothesis("kl-averaged", 1.0 / sizes, {"batch": batch})]
    # A mean of the reconstruction alone, with a factor on both: the KL weighs more in larger batches.
    found += [Hypothesis("mean-beside-sum", part, {"weight": float(part[0])}) for part in (sizes * PIXELS, sizes)]
    for number, what in divisors:
        values = {"factor": f"{np.ravel(number)[0]:,.0f}", "what": what}
        found.append(Hypothesis("kl-divided", 1.0 / np.asarray(number, dtype=np.float64), values))
    return found
