"""What μ and σ may be of their heads, and how z may be put together of them: what is right, and what is seen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.reference.activations import (
    HIDDEN,
    Activation,
    identity,
    relu,
    sigmoid,
    softmax,
    softplus,
)
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close
from autograder.judging.explain import Hypothesis

Form = Hypothesis[Activation]


def exp_of_half(head: Float64Array) -> Float64Array:
    """exp(h / 2), which is σ where the head gives log σ²."""
    return np.exp(head / 2.0)


def _named(misconception: str, name: str, function: Activation) -> Form:
    return Hypothesis(misconception, function, {"activation": name})


# What μ may be of its head.
NO_MU = _named("no-mu", "zero", np.zeros_like)
MU: tuple[Form, ...] = (
    Hypothesis(None, identity),
    _named("mu-activated", "ReLU", relu),
    _named("mu-activated", "tanh", np.tanh),
    _named("mu-activated", "a sigmoid", sigmoid),
    _named("mu-activated", "a leaky ReLU", HIDDEN["a leaky ReLU"]),
    _named("mu-activated", "softplus", softplus),
    _named("exp-on-mu", "exp", np.exp),
    _named("exp-on-mu", "exp of half", exp_of_half),
    NO_MU,
)

# What σ may be of its head. Both forms in use are right: the head gives log σ or log σ².
# For negative heads it is the exponential itself.
ELU_SIGMA = _named("sigma-activated", "ELU(h) + 1", lambda h: np.where(h > 0, h + 1.0, np.exp(np.minimum(h, 0.0))))
CONSTANT_SIGMA = _named("constant-sigma", "constant", np.ones_like)
UNKNOWN_SIGMA = _named("unknown-sigma", "unknown", identity)
# Of σ only the size is seen. Where its sign shows that the noise is never turned round, it is this one.
ABSOLUTE_SIGMA = _named("sigma-activated", "|h|", np.abs)
NO_EXP = _named("no-exp", "h", np.abs)
RIGHT_SIGMA: tuple[Form, ...] = (Hypothesis(None, np.exp), Hypothesis(None, exp_of_half))
SIGMA: tuple[Form, ...] = (
    *RIGHT_SIGMA,
    NO_EXP,
    Hypothesis("softplus-sigma", softplus, {"activation": "softplus(h)", "at_zero": np.log(2.0)}),
    _named("relu-before-exp", "exp(ReLU(h))", lambda h: np.exp(relu(h))),
    _named("variance-as-sigma", "exp(2h)", lambda h: np.exp(2.0 * h)),
    CONSTANT_SIGMA,
    _named("sigma-activated", "ReLU(h)", relu),
    _named("sigma-activated", "sigmoid(h)", sigmoid),
    _named("sigma-activated", "tanh(h)", lambda h: np.abs(np.tanh(h))),
    _named("sigma-activated", "h²", np.square),
    _named("sigma-activated", "√|h|", lambda h: np.sqrt(np.abs(h))),
    _named("sigma-activated", "log |h|", lambda h: np.abs(np.log(np.abs(h)))),
    ELU_SIGMA,
    _named("sigma-activated", "softplus(h) + 1", lambda h: 1.0 + softplus(h)),
    _named("sigma-activated", "softmax(h)", softmax),
    _named("sigma-activated", "exp(h) + 1", lambda h: np.exp(h) + 1.0),
    _named("sigma-activated", "exp(|h|)", lambda h: np.exp(np.abs(h))),
    _named("sigma-activated", "exp(exp(h))", lambda h: np.exp(np.exp(h))),
    _named("sigma-activated", "exp(tanh(h))", lambda h: np.exp(np.tanh(h))),
    _named("sigma-activated", "exp(sigmoid(h))", lambda h: np.exp(sigmoid(h))),
)
# A constant that may be added to σ without a mistake: it only keeps σ off 0.
_FREE = 1.1e-3
# What a head may pass through before some multiple of it is exponentiated.
_IN_THE_EXPONENT: Mapping[str, Activation] = {
    "h": identity,
    "tanh(h)": np.tanh,
    "sigmoid(h)": sigmoid,
    "|h|": np.abs,
    "ReLU(h)": relu,
    "softplus(h)": softplus,
}
# dσ/dh as a multiple of σ, for the two right functions of a head.
SIGMA_SLOPES: Mapping[Activation, float] = {np.exp: 1.0, exp_of_half: 0.5}


@dataclass(frozen=True)
class Formula:
    """A way to put μ, σ and ε together that is not μ + σ·ε.

    Attributes:
        misconception: its key.
        written: it, as a formula.
        mean: z without noise, of μ and σ.
        slope: what the noise is multiplied by, of μ and σ, up to its sign.
    """

    misconception: str
    written: str
    mean: Callable[[Float64Array, Float64Array], Float64Array]
    slope: Callable[[Float64Array, Float64Array], Float64Array]


# What z itself may pass through after it was sampled.
AFTER_SAMPLING: Mapping[str, Activation] = {
    "tanh": np.tanh,
    "a sigmoid": sigmoid,
    "a ReLU": relu,
    "an exponential": np.exp,
    "a softplus": softplus,
    "a softmax": softmax,
}


def moved_noise(by: float) -> Formula:
    """Noise whose mean is that number."""
    written = f"μ + σ·(ε {'+' if by > 0 else '−'} {abs(by):.3g})"
    return Formula("another-formula", written, lambda mu, sigma: mu + by * sigma, lambda _, sigma: sigma)


SWAPPED = Formula("swapped", "σ + μ·ε", lambda _, sigma: sigma, lambda mu, _: mu)
FORMULAS = (
    Formula("another-formula", "(μ + σ)·ε", lambda mu, _: 0.0 * mu, lambda mu, sigma: mu + sigma),
    Formula("another-formula", "(μ − σ)·ε", lambda mu, _: 0.0 * mu, lambda mu, sigma: mu - sigma),
    Formula("another-formula", "μ·σ·ε", lambda mu, _: 0.0 * mu, lambda mu, sigma: mu * sigma),
    Formula("another-formula", "μ + μ·σ·ε", lambda mu, _: mu, lambda mu, sigma: mu * sigma),
    Formula("another-formula", "μ + (μ + σ)·ε", lambda mu, _: mu, lambda mu, sigma: mu + sigma),
    Formula("another-formula", "μ + σ + ε", lambda mu, sigma: mu + sigma, lambda mu, _: 1.0 + 0.0 * mu),
    Formula("another-formula", "μ + σ + σ·ε", lambda mu, sigma: mu + sigma, lambda _, sigma: sigma),
    Formula("another-formula", "μ·σ + ε", lambda mu, sigma: mu * sigma, lambda mu, _: 1.0 + 0.0 * mu),
    Formula("another-formula", "μ·σ + σ·ε", lambda mu, sigma: mu * sigma, lambda _, sigma: sigma),
    Formula("another-formula", "μ + σ·(μ + σ·ε)", lambda mu, sigma: mu + mu * sigma, lambda _, sigma: sigma * sigma),
    SWAPPED,
    Formula("no-epsilon", "μ + σ", lambda mu, sigma: mu + sigma, lambda mu, _: 0.0 * mu),
    Formula("no-epsilon", "μ − σ", lambda mu, sigma: mu - sigma, lambda mu, _: 0.0 * mu),
    Formula("no-epsilon", "μ·σ", lambda mu, sigma: mu * sigma, lambda mu, _: 0.0 * mu),
)


def is_never_turned(head: Float64Array, slope: Float64Array) -> bool:
    """Whether the noise keeps its sign where the head is negative and where it is positive."""
    signs = np.sign(slope[np.abs(head) > 1e-3])
    return len(np.unique(np.sign(head))) > 1 and len(np.unique(signs)) == 1


def of_a_family(head: Float64Array, sigma: Float64Array) -> tuple[Form, float] | None:
    """A form with one number that is read off, and a constant factor on the noise.

    These are σ + c, c·σ, softplus(h) + c, softplus(h + c) and exp(c·h).
    """
    if sigma.min() < 1e-6:
        return None
    for form in RIGHT_SIGMA:
        added = float(np.mean(sigma - form.expected(head)))
        if added > 0.0 and close(sigma, form.expected(head) + added, rtol=1e-4, atol=2e-5):
            if added < _FREE:
                return Hypothesis("sigma-lifted", identity, {"added": added}), 1.0
            written = "exp(h)" if form.expected is np.exp else "exp(h/2)"
            return _named("sigma-activated", f"{written} + {added:.3g}", identity), 1.0
    for form in RIGHT_SIGMA:
        if (factor := _constant(sigma / form.expected(head))) is not None:
            return form, factor
    added = float(np.mean(sigma - softplus(head)))
    if added > 0.0 and close(sigma, softplus(head) + added, rtol=1e-4, atol=2e-5):
        values = {"activation": f"softplus(h) + {added:.3g}", "at_zero": np.log(2.0) + added}
        return Hypothesis("softplus-sigma", identity, values), 1.0
    if (moved := _constant(np.exp(np.log(np.expm1(sigma)) - head))) is not None:
        shift = float(np.log(moved))
        values = {"activation": f"softplus(h {'+' if shift > 0 else '−'} {abs(shift):.3g})", "at_zero": np.log1p(moved)}
        return Hypothesis("softplus-sigma", softplus, values), 1.0
    for written, inner in _IN_THE_EXPONENT.items():
        activated = inner(head)
        rate = float(np.sum(np.log(sigma) * activated) / max(np.sum(activated**2), 1e-12))
        if close(sigma, np.exp(rate * activated), rtol=1e-3, atol=0.0):
            times = "-" if abs(rate + 1.0) < 1e-3 else f"{rate:.3g}·"
            return _named("sigma-activated", f"exp({times}{written})", identity), 1.0
    return None


def _constant(ratio: Float64Array) -> float | None:
    """The positive number that all of these are; ``None`` where they differ."""
    mean = float(ratio.mean())
    return mean if mean > 0.0 and close(ratio / mean, np.ones_like(ratio), rtol=1e-3, atol=0.0) else None
