"""μ and σ of the probe's batches where σ is too small for z to show it: from the weights, by the form that z shows.

A head on the pixels has far wider outputs than one on hidden units, and a ReLU gives a σ of 0: rounding to float32
hides such a σ in z, and its logarithm counts in the KL. Where z shows what σ is a function of, the rest is computed.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import numpy as np

from autograder.autoencoders.reference.activations import identity
from autograder.autoencoders.reference.budget import Budget, OverBudget
from autograder.autoencoders.reference.dense import Dense, layers
from autograder.autoencoders.reference.forms import RIGHT_SIGMA, UNKNOWN_SIGMA, Form
from autograder.autoencoders.reference.heads import recognise_heads
from autograder.autoencoders.reference.sampling import Noise, Steered
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close

# σ of a batch, shape (batch, L), from its images, shape (batch, 784), and its μ.
_Sigma = Callable[[Float64Array, Float64Array], Float64Array]
_Batch = tuple[Float64Array, Float64Array, Float64Array]


def sigmas_by_form(
    values: Sequence[Float64Array], batches: Sequence[_Batch], budget: Budget
) -> list[Float64Array] | None:
    """σ of every batch by one function of its images or μ; ``None`` where none gives what z shows.

    Args:
        values: the module's parameters.
        batches: for each its images, and the latents without noise and with noise of 1.
        budget: what it may cost.
    """
    with suppress(OverBudget):
        images, mu, z = (np.concatenate(each) for each in zip(*batches, strict=True))
        for sigma in _candidates(values, (images, mu, z), budget):
            found = [np.abs(sigma(images, mu)) for images, mu, _ in batches]
            if all(close(np.abs(z - mu), one, rtol=2e-3) for one, (_, mu, z) in zip(found, batches, strict=True)):
                return found
    return None


def _candidates(values: Sequence[Float64Array], batch: _Batch, budget: Budget) -> Iterator[_Sigma]:
    images, mu, z = batch
    recognised = recognise_heads(values, images, Steered(Noise.NORMAL, mu, z - mu), mu.shape[1], budget)
    form = None if recognised is None else recognised.sigma
    if recognised is not None and form not in (None, UNKNOWN_SIGMA) and form.expected is not identity:
        heads, head, scale = recognised.heads, recognised.heads.second, recognised.scale
        bias = head.output[0] - head.matrix @ heads.features[0]
        yield lambda images, _: scale * form.expected(heads.features_of(images) @ head.matrix.T + bias)
    for layer in layers(values, images.shape[1], mu.shape[1]):
        budget.spend_on_product(len(images), layer.weight)
        yield from (_of_pixels(layer, right) for right in RIGHT_SIGMA)
    for layer in layers(values, mu.shape[1], mu.shape[1]):
        yield from (_of_mu(layer, right) for right in RIGHT_SIGMA)


def _of_pixels(layer: Dense, form: Form) -> _Sigma:
    return lambda images, _: form.expected(layer(images))


def _of_mu(layer: Dense, form: Form) -> _Sigma:
    return lambda _, mu: form.expected(layer(mu))
