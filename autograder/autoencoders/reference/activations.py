"""Elementwise functions that a layer may end in, in float64."""

from collections.abc import Callable, Mapping
from math import sqrt

import numpy as np

from autograder.course.draws import Float64Array

Activation = Callable[[Float64Array], Float64Array]


def identity(x: Float64Array) -> Float64Array:
    """No activation."""
    return x


def relu(x: Float64Array) -> Float64Array:
    """max(x, 0)."""
    return np.maximum(x, 0.0)


def sigmoid(x: Float64Array) -> Float64Array:
    """1 / (1 + exp(-x)), without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def softplus(x: Float64Array) -> Float64Array:
    """log(1 + exp(x)), without overflow."""
    return np.logaddexp(0.0, x)


def _erf(x: Float64Array) -> Float64Array:
    """Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26; absolute error below 1.5e-7."""
    t = 1.0 / (1.0 + 0.3275911 * np.abs(x))
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return np.sign(x) * (1.0 - series * np.exp(-x * x))


def _gelu(x: Float64Array) -> Float64Array:
    return 0.5 * x * (1.0 + _erf(x / sqrt(2.0)))


def _gelu_tanh(x: Float64Array) -> Float64Array:
    return 0.5 * x * (1.0 + np.tanh(sqrt(2.0 / np.pi) * (x + 0.044715 * x**3)))


def _elu(x: Float64Array) -> Float64Array:
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0.0)))


def _selu(x: Float64Array) -> Float64Array:
    return 1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * np.expm1(np.minimum(x, 0.0)))


def _leaky(slope: float) -> Activation:
    return lambda x: np.where(x > 0, x, slope * x)


def softmax(x: Float64Array, axis: int = -1) -> Float64Array:
    """exp(x) normalised to sum 1 along an axis."""
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    shares: Float64Array = powers / powers.sum(axis=axis, keepdims=True)
    return shares


def log_softmax(x: Float64Array) -> Float64Array:
    """The logarithm of the softmax along the last axis."""
    shifted = x - x.max(axis=-1, keepdims=True)
    logarithms: Float64Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logarithms


HIDDEN: Mapping[str, Activation] = {
    "ReLU": relu,
    "no activation": identity,
    "a sigmoid": sigmoid,
    "tanh": np.tanh,
    "a leaky ReLU": _leaky(0.01),
    "a leaky ReLU with slope 0.1": _leaky(0.1),
    "a leaky ReLU with slope 0.2": _leaky(0.2),
    "GELU": _gelu,
    "GELU (tanh form)": _gelu_tanh,
    "ELU": _elu,
    "SELU": _selu,
    "SiLU": lambda x: x * sigmoid(x),
    "softplus": softplus,
    "Mish": lambda x: x * np.tanh(softplus(x)),
    "ReLU6": lambda x: np.clip(x, 0.0, 6.0),
    "hard tanh": lambda x: np.clip(x, -1.0, 1.0),
    "hard sigmoid": lambda x: np.clip(x / 6.0 + 0.5, 0.0, 1.0),
    "hard swish": lambda x: x * np.clip(x / 6.0 + 0.5, 0.0, 1.0),
    "a softmax": softmax,
    "an absolute value": np.abs,
    "a square": np.square,
    "a ReLU with its sign turned": lambda x: np.minimum(x, 0.0),
}
