"""Which heads and which functions of them give an observed μ and σ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.oracle.activations import HIDDEN, Activation, identity, relu, sigmoid, softplus
from autograder.oracle.closeness import close
from autograder.oracle.gaussian_heads import Reading, readings
from autograder.oracle.sampling import Noise, Steered
from autograder.probes import Float64Array

_MU: Mapping[str, Activation] = {
    "identity": identity,
    "ReLU": relu,
    "tanh": np.tanh,
    "a sigmoid": sigmoid,
    "a leaky ReLU": HIDDEN["a leaky ReLU"],
    "softplus": softplus,
    "exp": np.exp,
    "zero": np.zeros_like,
}
_SIGMA: Mapping[str, Activation] = {
    "exp": np.exp,
    "exp-half": lambda h: np.exp(h / 2.0),
    "no-exp": np.abs,
    "softplus": softplus,
    "relu-exp": lambda h: np.exp(relu(h)),
    "exp-twice": lambda h: np.exp(2.0 * h),
    "constant": np.ones_like,
    "a ReLU": relu,
    "a sigmoid": sigmoid,
    "a square": np.square,
    "the exponential of minus": lambda h: np.exp(-h),
    "the exponential of a tanh": lambda h: np.exp(np.tanh(h)),
    "the exponential of a sigmoid": lambda h: np.exp(sigmoid(h)),
}
# dσ/dh as a multiple of σ, for the two right functions of a head.
SIGMA_SLOPES: Mapping[str, float] = {"exp": 1.0, "exp-half": 0.5}


@dataclass(frozen=True)
class Matched:
    """A reading of the parameters that explains the latents.

    Attributes:
        read: trunk and heads.
        mu: name of μ's function of its head.
        sigma: name of σ's function of its head; ``None`` where z shows no σ.
        scale: constant factor on the noise.
    """

    read: Reading
    mu: str
    sigma: str | None
    scale: float = 1.0


def read(values: Sequence[Float64Array], images: Float64Array, steered: Steered, latent_dims: int) -> Matched | None:
    """The reading that gives the observed mean and slope; where σ stays unknown, one that gives the mean alone."""
    mean_only = None
    for name in HIDDEN:
        for reading in readings(values, images, latent_dims, name):
            mu = _form(_MU, reading.first.output, steered.mean)
            if mu is None:
                continue
            if steered.noise is Noise.UNSTEERED:
                if mu != "zero":
                    return Matched(reading, mu, None)
                continue
            sigma = _form(_SIGMA, reading.second.output, np.abs(steered.slope))
            if sigma is not None:
                if sigma == "constant" and mu == "zero":
                    continue
                return Matched(reading, mu, sigma)
            if (scaled := _scaled(reading, steered)) is not None:
                return Matched(reading, mu, *scaled)
            if mu != "zero":
                mean_only = mean_only or Matched(reading, mu, "unknown")
    return mean_only


def _form(forms: Mapping[str, Activation], head: Float64Array, seen: Float64Array) -> str | None:
    return next((name for name, form in forms.items() if close(seen, form(head), rtol=1e-3, atol=1e-4)), None)


def _scaled(reading: Reading, steered: Steered) -> tuple[str, float] | None:
    for name in SIGMA_SLOPES:
        ratio = np.abs(steered.slope) / _SIGMA[name](reading.second.output)
        if float(ratio.mean()) > 1e-3 and close(ratio, np.full_like(ratio, ratio.mean()), rtol=1e-3):
            return name, float(ratio.mean())
    return None


def sigma_of(form: str, head: Float64Array) -> Float64Array:
    """σ for a head's output, by the name of a function."""
    return _SIGMA[form](head)
