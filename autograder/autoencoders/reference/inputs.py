"""What an image or a latent may be changed to before the first layer, in float64."""

import numpy as np

from autograder.autoencoders.reference.activations import Activation, identity
from autograder.course.draws import Float64Array
from autograder.judging.explain import Hypothesis

# What PyTorch's normalisation layers add to a variance.
_EPSILON = 1e-5


def _by_length(rows: Float64Array) -> Float64Array:
    lengths: Float64Array = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(lengths, 1e-12)


def _by_largest(rows: Float64Array) -> Float64Array:
    brightest: Float64Array = np.abs(rows).max(axis=1, keepdims=True)
    return rows / np.maximum(brightest, 1e-12)


def _centred(rows: Float64Array) -> Float64Array:
    mean: Float64Array = rows.mean(axis=1, keepdims=True)
    return rows - mean


def _standardised(rows: Float64Array) -> Float64Array:
    deviation: Float64Array = rows.std(axis=1, ddof=1, keepdims=True)
    return _centred(rows) / deviation


def _normalised(rows: Float64Array) -> Float64Array:
    """As a layer normalises: with the deviation of all pixels there are, and a little added to its square."""
    spread: Float64Array = np.sqrt(rows.var(axis=1, keepdims=True) + 1e-5)
    return _centred(rows) / spread


def _columns_first(rows: Float64Array) -> Float64Array:
    return rows.reshape(-1, 28, 28).transpose(0, 2, 1).reshape(len(rows), -1)


def _kept_within(bound: float) -> Activation:
    return lambda z: np.clip(z, -bound, bound)


def _changed(change: str, function: Activation) -> Hypothesis[Activation]:
    return Hypothesis("input-changed", function, {"change": change})


UNCHANGED: Hypothesis[Activation] = Hypothesis(None, identity)

# Images as rows, shape (batch, 784), to what the first layer is given in their place.
INPUT_CHANGES: tuple[Hypothesis[Activation], ...] = (
    _changed("the pixels divided by 255", lambda x: x / 255.0),
    _changed("the pixels divided by 256", lambda x: x / 256.0),
    _changed("the pixels times 255", lambda x: x * 255.0),
    _changed("2x - 1 in place of each pixel x", lambda x: 2.0 * x - 1.0),
    _changed("the pixels minus 0.5", lambda x: x - 0.5),
    _changed("the pixels standardised with 0.1307 and 0.3081", lambda x: (x - 0.1307) / 0.3081),
    _changed("1 - x in place of each pixel x", lambda x: 1.0 - x),
    _changed("1 - 2x in place of each pixel x", lambda x: 1.0 - 2.0 * x),
    _changed("the pixels times 2", lambda x: 2.0 * x),
    _changed("the pixels divided by 2", lambda x: x / 2.0),
    _changed("the pixels less 0.1307", lambda x: x - 0.1307),
    _changed("the pixels rounded to 0 and 1", lambda x: np.where(x > 0.5, 1.0, 0.0)),
    _changed("a 1 for every pixel above 0", lambda x: np.where(x > 0.0, 1.0, 0.0)),
    _changed("each image divided by its length", _by_length),
    _changed("each image divided by its brightest pixel", _by_largest),
    _changed("each image less its mean", _centred),
    _changed("each image standardised", _standardised),
    _changed("each image normalised to mean 0 and variance 1", _normalised),
    _changed("the square of each pixel", np.square),
    _changed("the root of each pixel", lambda x: np.sqrt(np.maximum(x, 0.0))),
    _changed("a sigmoid of each pixel", lambda x: 0.5 * (1.0 + np.tanh(0.5 * x))),
    _changed("tanh of each pixel", np.tanh),
)

# The same pixels in another order, which a layer's weights can have as well.
ANOTHER_ORDER: Hypothesis[Activation] = Hypothesis(None, _columns_first)

# Those by which an image's latent depends on the other images in its batch.
BATCH_CHANGES: tuple[Hypothesis[Activation], ...] = (
    _changed("the pixels less the mean of all", lambda x: x - x.mean()),
    _changed("the whole batch standardised", lambda x: (x - x.mean()) / x.std(ddof=1)),
    _changed("the whole batch standardised", lambda x: (x - x.mean()) / np.sqrt(x.var() + _EPSILON)),
)

# Latents, shape (batch, L).
LATENT_CHANGES: tuple[Hypothesis[Activation], ...] = (
    *(
        _changed(f"latents kept between -{bound} and {bound}", _kept_within(bound))
        for bound in (1, 2, 3, 4, 5, 6, 8, 10)
    ),
    _changed("tanh of each latent", np.tanh),
    _changed("a sigmoid of each latent", lambda z: 0.5 * (1.0 + np.tanh(0.5 * z))),
    _changed("each latent divided by its length", _by_length),
    _changed("latents times 2", lambda z: 2.0 * z),
    _changed("latents times 3", lambda z: 3.0 * z),
    _changed("latents times 10", lambda z: 10.0 * z),
    _changed("latents divided by 10", lambda z: z / 10.0),
    _changed("latents divided by 2", lambda z: z / 2.0),
    _changed("latents with their sign turned", lambda z: -z),
)
