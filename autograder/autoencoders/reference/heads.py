"""Which heads, and which functions of them, give an observed μ and σ."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from autograder.autoencoders.reference.activations import HIDDEN, Activation
from autograder.autoencoders.reference.bounds import Bound
from autograder.autoencoders.reference.budget import Budget, OverBudget
from autograder.autoencoders.reference.forms import (
    ABSOLUTE_SIGMA,
    AFTER_SAMPLING,
    CONSTANT_SIGMA,
    ELU_SIGMA,
    FORMULAS,
    MU,
    NO_EXP,
    NO_MU,
    RIGHT_SIGMA,
    SIGMA,
    SIGMA_SLOPES,
    SWAPPED,
    UNKNOWN_SIGMA,
    Form,
    Formula,
    is_never_turned,
    moved_noise,
    of_a_family,
)
from autograder.autoencoders.reference.sampling import Noise, Steered
from autograder.autoencoders.reference.two_heads import TRUNK, TwoHeads, two_heads
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close
from autograder.judging.explain import explain

# What share of μ or σ shows its form where a bound holds the rest.
_FEW = 0.1
# By how much z in float32 shows a μ or σ of about 1 otherwise.
_ROUNDING = 1e-5


@dataclass(frozen=True)
class RecognisedHeads:
    """Trunk, heads and functions of them that explain the latents.

    Attributes:
        heads: trunk and heads.
        mu: μ's function of its head.
        sigma: σ's function of its head; ``None`` where z shows no σ.
        scale: constant factor on the noise.
        formula: how they are put together, where that is not μ + σ·ε.
        mu_free: where μ follows its head and is not held at a bound, shape (batch, L); ``None`` where no bound shows.
        sigma_free: the same of σ.
    """

    heads: TwoHeads
    mu: Form
    sigma: Form | None
    scale: float = 1.0
    formula: Formula | None = None
    mu_free: npt.NDArray[np.bool_] | None = None
    sigma_free: npt.NDArray[np.bool_] | None = None

    def reached(self, by_mu: Float64Array, by_sigma: Float64Array) -> tuple[Float64Array, Float64Array]:
        """What of the gradients at μ and σ reaches their heads: none where they are held at a bound."""
        return (
            by_mu if self.mu_free is None else by_mu * self.mu_free,
            by_sigma if self.sigma_free is None else by_sigma * self.sigma_free,
        )

    @property
    def sigma_slope(self) -> float | None:
        """dσ/dh as a multiple of σ; ``None`` unless both functions are right."""
        if self.mu.misconception is not None or self.sigma is None or self.formula is not None:
            return None
        return SIGMA_SLOPES.get(self.sigma.expected)


def recognise_heads(
    values: Sequence[Float64Array],
    images: Float64Array,
    steered: Steered,
    latent_dims: int,
    budget: Budget,
    hidden: Collection[str] = tuple(TRUNK),
) -> RecognisedHeads | None:
    """The heads that give the observed mean and slope; where σ stays unknown, those that give the mean alone.

    ``None`` says nothing about what has not been tried where the budget is spent.
    """
    with suppress(OverBudget):
        return _recognised(two_heads(values, images, latent_dims, hidden, budget), steered, budget)
    return None


def _recognised(ways: Iterator[TwoHeads], steered: Steered, budget: Budget) -> RecognisedHeads | None:
    mean_only = None
    for heads in ways:
        budget.spend_on_comparisons(len(MU) + len(FORMULAS))
        if (mixed := _mixed(heads, steered)) is not None:
            return mixed
        mu, mu_free = explain(MU, _gives(heads.first.output, steered.mean)), None
        if steered.noise is Noise.UNSTEERED:
            if mu not in (None, NO_MU):
                return RecognisedHeads(heads, mu, None)
            continue
        if mu is None and (of_mu := _held(MU[:1], heads.first.output, steered.mean)) is not None:
            mu, mu_free = of_mu
        if mu is None:
            continue
        budget.spend_on_comparisons(len(SIGMA))
        sigma = explain(SIGMA, _gives(heads.second.output, np.abs(steered.slope)))
        if sigma is CONSTANT_SIGMA and mu is NO_MU:
            continue  # noise alone says nothing about any head
        if sigma is NO_EXP and is_never_turned(heads.second.output, steered.slope):
            sigma = ABSOLUTE_SIGMA
        if sigma is NO_EXP and mu.misconception == "exp-on-mu" and not heads.are_one:
            return _swapped(heads, mu)
        if sigma is not None:
            return RecognisedHeads(heads, mu, sigma, mu_free=mu_free)
        is_one_number = bool(np.ptp(np.abs(steered.slope)) <= _ROUNDING * np.abs(steered.slope).max())
        if not is_one_number and (scaled := of_a_family(heads.second.output, np.abs(steered.slope))) is not None:
            return RecognisedHeads(heads, mu, *scaled)
        if (of_sigma := _held(RIGHT_SIGMA, heads.second.output, np.abs(steered.slope))) is not None:
            return RecognisedHeads(heads, mu, of_sigma[0], mu_free=mu_free, sigma_free=of_sigma[1])
        if mu is not NO_MU and heads.activation in HIDDEN:
            mean_only = mean_only or RecognisedHeads(heads, mu, UNKNOWN_SIGMA)
    return mean_only


def _swapped(heads: TwoHeads, exponential: Form) -> RecognisedHeads:
    """The heads where the exponential stands at the other one than it should: z = σ + μ·ε in other words."""
    exchanged = replace(heads, first=heads.second, second=heads.first)
    sigma = RIGHT_SIGMA[0 if exponential.expected is RIGHT_SIGMA[0].expected else 1]
    return RecognisedHeads(exchanged, MU[0], sigma, formula=SWAPPED)


def _held(forms: Sequence[Form], head: Float64Array, seen: Float64Array) -> tuple[Form, npt.NDArray[np.bool_]] | None:
    """The form that some of μ or σ has, where all the rest stands at a bound, and where it has that form.

    How near the bound is, is judged far out, where it shows on every seed.
    """
    low, high = seen.min(), seen.max()
    for form in forms:
        expected = form.expected(head)
        free = ~(_beyond(low - expected) | _beyond(expected - high))
        # Few of them, down to one of a dozen, say it where nothing but rounding is left.
        within = 1e-3 if free.mean() > _FEW else _ROUNDING
        if close(seen, np.clip(expected, low, high), rtol=within, atol=max(0.1 * within, _ROUNDING)) and free.any():
            return form, free
    return None


def _beyond(by: Float64Array) -> npt.NDArray[np.bool_]:
    """What is held at a bound that it would exceed by so much, where one clearly would: the rest is rounding else."""
    beyond: npt.NDArray[np.bool_] = by > (0.0 if (by > _ROUNDING).any() else _ROUNDING)
    return beyond


def _gives(head: Float64Array, seen: Float64Array) -> Callable[[Activation], bool]:
    return lambda function: close(seen, function(head), rtol=1e-3, atol=1e-4)


def _mixed(heads: TwoHeads, steered: Steered) -> RecognisedHeads | None:
    """Two heads of right forms that are put together in another way than they should be."""
    if heads.are_one:
        return None
    mu = heads.first.output
    for form in RIGHT_SIGMA:
        sigma = form.expected(heads.second.output)
        for formula in FORMULAS:
            if close(steered.mean, formula.mean(mu, sigma), 1e-3) and close(
                np.abs(steered.slope), np.abs(formula.slope(mu, sigma)), 1e-3
            ):
                return RecognisedHeads(heads, MU[0], form, formula=formula)
        if close(np.abs(steered.slope), sigma, 1e-3) and (moved := _moved(mu, sigma, steered)) is not None:
            return RecognisedHeads(heads, MU[0], form, formula=moved)
    return None


def _moved(mu: Float64Array, sigma: Float64Array, steered: Steered) -> Formula | None:
    """The formula with noise whose mean is not 0, where that is what moves z."""
    by = float(np.sum((steered.mean - mu) * sigma) / np.sum(sigma**2))
    formula = moved_noise(by)
    return formula if abs(by) > 1e-2 and close(steered.mean, formula.mean(mu, sigma), 1e-3) else None


def recognise_activated(
    values: Sequence[Float64Array],
    images: Float64Array,
    levels: Mapping[float, Float64Array],
    latent_dims: int,
    budget: Budget,
) -> tuple[str, RecognisedHeads] | None:
    """What a sample of the right form passes through, and its heads; ``levels`` are the latents at each noise level.

    Its name is empty where it is a bound so far out that it is no mistake.
    """
    with suppress(OverBudget):
        for heads in two_heads(values, images, latent_dims, ("ReLU",), budget):
            for recognised in () if heads.are_one else right_forms(heads):
                assert recognised.sigma is not None
                mu, sigma = heads.first.output, recognised.sigma.expected(heads.second.output)
                held = _held_within(list(levels.values()))
                for name, function in (*AFTER_SAMPLING.items(), *held):
                    budget.spend_on_comparisons(len(levels))
                    for sign in (1.0, -1.0):
                        samples = {level: function(mu + sign * level * sigma) for level in levels}
                        if all(close(seen, samples[level], rtol=1e-3) for level, seen in levels.items()):
                            return name, recognised
    return None


def _held_within(latents: Sequence[Float64Array]) -> list[tuple[str, Activation]]:
    """What may hold latents within bounds, at their largest size or at one end, with its name."""
    every = np.concatenate([one.ravel() for one in latents])
    size = float(np.abs(every).max())
    ends = Bound("z", float(every.min()), np.inf), Bound("z", -np.inf, float(every.max()))
    bounds = (*ends, Bound("z", -size, size))
    return [(f"a bound ({bound.in_words})" if bound.is_mistake else "", bound.keep) for bound in bounds]


def other_forms(heads: TwoHeads) -> tuple[RecognisedHeads, ...]:
    """What these heads would be with one of μ and σ in a form that is known as a mistake, and told from a right one."""
    wrong = (form for form in SIGMA if form not in (*RIGHT_SIGMA, ELU_SIGMA))
    of_sigma = (RecognisedHeads(heads, MU[0], form) for form in wrong)
    # Without μ first: a ReLU of negative numbers is zero, too.
    of_mu = (RecognisedHeads(heads, mu, form) for mu in (NO_MU, *MU[1:-1]) for form in RIGHT_SIGMA)
    return (*of_sigma, *of_mu)


def right_forms(heads: TwoHeads) -> tuple[RecognisedHeads, ...]:
    """What these heads would be if they were used as the exercise asks: with either right form of σ."""
    return tuple(RecognisedHeads(heads, MU[0], form) for form in RIGHT_SIGMA)
