"""Which heads, and which functions of them, give an observed μ and σ."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.reference.activations import HIDDEN, Activation, identity, relu, sigmoid, softplus
from autograder.autoencoders.reference.budget import Budget, OverBudget
from autograder.autoencoders.reference.sampling import Noise, Steered
from autograder.autoencoders.reference.two_heads import TwoHeads, two_heads
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close
from autograder.judging.explain import Hypothesis, explain

Form = Hypothesis[Activation]


def exp_of_half(head: Float64Array) -> Float64Array:
    """exp(h / 2), which is σ where the head gives log σ²."""
    return np.exp(head / 2.0)


def _named(misconception: str, name: str, function: Activation) -> Form:
    return Hypothesis(misconception, function, {"activation": name})


# What μ may be of its head.
NO_MU = _named("no-mu", "zero", np.zeros_like)
_MU: tuple[Form, ...] = (
    Hypothesis(None, identity),
    _named("mu-activated", "ReLU", relu),
    _named("mu-activated", "tanh", np.tanh),
    _named("mu-activated", "a sigmoid", sigmoid),
    _named("mu-activated", "a leaky ReLU", HIDDEN["a leaky ReLU"]),
    _named("mu-activated", "softplus", softplus),
    _named("exp-on-mu", "exp", np.exp),
    NO_MU,
)

# What σ may be of its head. Both forms in use are right: the head gives log σ or log σ².
CONSTANT_SIGMA = _named("constant-sigma", "constant", np.ones_like)
UNKNOWN_SIGMA = _named("unknown-sigma", "unknown", identity)
_RIGHT_SIGMA: tuple[Form, ...] = (Hypothesis(None, np.exp), Hypothesis(None, exp_of_half))
_SIGMA: tuple[Form, ...] = (
    *_RIGHT_SIGMA,
    _named("no-exp", "the head itself", np.abs),
    _named("softplus-sigma", "softplus", softplus),
    _named("relu-before-exp", "the exponential of a ReLU", lambda h: np.exp(relu(h))),
    _named("variance-as-sigma", "σ²", lambda h: np.exp(2.0 * h)),
    CONSTANT_SIGMA,
    _named("sigma-activated", "a ReLU", relu),
    _named("sigma-activated", "a sigmoid", sigmoid),
    _named("sigma-activated", "a square", np.square),
    _named("sigma-activated", "the exponential of minus", lambda h: np.exp(-h)),
    _named("sigma-activated", "the exponential of a tanh", lambda h: np.exp(np.tanh(h))),
    _named("sigma-activated", "the exponential of a sigmoid", lambda h: np.exp(sigmoid(h))),
)
# dσ/dh as a multiple of σ, for the two right functions of a head.
SIGMA_SLOPES: Mapping[Activation, float] = {np.exp: 1.0, exp_of_half: 0.5}


@dataclass(frozen=True)
class RecognisedHeads:
    """Trunk, heads and functions of them that explain the latents.

    Attributes:
        heads: trunk and heads.
        mu: μ's function of its head.
        sigma: σ's function of its head; ``None`` where z shows no σ.
        scale: constant factor on the noise.
    """

    heads: TwoHeads
    mu: Form
    sigma: Form | None
    scale: float = 1.0

    @property
    def sigma_slope(self) -> float | None:
        """dσ/dh as a multiple of σ; ``None`` unless both functions are right."""
        if self.mu.misconception is not None or self.sigma is None:
            return None
        return SIGMA_SLOPES.get(self.sigma.expected)


def recognise_heads(
    values: Sequence[Float64Array], images: Float64Array, steered: Steered, latent_dims: int, budget: Budget
) -> RecognisedHeads | None:
    """The heads that give the observed mean and slope; where σ stays unknown, those that give the mean alone.

    ``None`` says nothing about what has not been tried where the budget is spent.
    """
    with suppress(OverBudget):
        return _recognised(two_heads(values, images, latent_dims, HIDDEN, budget), steered, budget)
    return None


def _recognised(ways: Iterator[TwoHeads], steered: Steered, budget: Budget) -> RecognisedHeads | None:
    mean_only = None
    for heads in ways:
        budget.spend_on_comparisons(len(_MU))
        mu = explain(_MU, _gives(heads.first.output, steered.mean))
        if mu is None:
            continue
        if steered.noise is Noise.UNSTEERED:
            if mu is not NO_MU:
                return RecognisedHeads(heads, mu, None)
            continue
        budget.spend_on_comparisons(len(_SIGMA))
        sigma = explain(_SIGMA, _gives(heads.second.output, np.abs(steered.slope)))
        if sigma is CONSTANT_SIGMA and mu is NO_MU:
            continue  # noise alone says nothing about any head
        if sigma is not None:
            return RecognisedHeads(heads, mu, sigma)
        if (scaled := _scaled(heads, steered)) is not None:
            return RecognisedHeads(heads, mu, *scaled)
        if mu is not NO_MU:
            mean_only = mean_only or RecognisedHeads(heads, mu, UNKNOWN_SIGMA)
    return mean_only


def _gives(head: Float64Array, seen: Float64Array) -> Callable[[Activation], bool]:
    return lambda function: close(seen, function(head), rtol=1e-3, atol=1e-4)


def _scaled(heads: TwoHeads, steered: Steered) -> tuple[Form, float] | None:
    """A right σ with a constant factor on the noise."""
    for form in _RIGHT_SIGMA:
        ratio = np.abs(steered.slope) / form.expected(heads.second.output)
        if float(ratio.mean()) > 1e-3 and close(ratio, np.full_like(ratio, ratio.mean()), rtol=1e-3):
            return form, float(ratio.mean())
    return None


def right_forms(heads: TwoHeads) -> tuple[RecognisedHeads, ...]:
    """What these heads would be if they were used as the exercise asks: with either right form of σ."""
    return tuple(RecognisedHeads(heads, _MU[0], form) for form in _RIGHT_SIGMA)
