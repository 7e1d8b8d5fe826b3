"""Heads that go astray: of σ, on μ, on pixels, before the ReLU or for many latents; and two split between images."""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from autograder.autoencoders.reference.activations import relu
from autograder.autoencoders.reference.budget import Budget, OverBudget
from autograder.autoencoders.reference.dense import layers
from autograder.autoencoders.reference.forms import RIGHT_SIGMA
from autograder.autoencoders.reference.forward import Forward
from autograder.autoencoders.reference.sampling import Noise, Steered
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close

# Rows that σ would repeat; and what shares it then.
_FIRST_OF = (np.s_[:1, :1], np.s_[:, :1], np.s_[:1, :])
_SHARED_BY = ("all images and dimensions", "all dimensions of an image", "all images")


def source_of_sigma(
    values: Sequence[Float64Array], images: Float64Array, steered: Steered, latent_dims: int, budget: Budget
) -> str | None:
    """What a single layer of which exp, in either right form, gives the σ that was seen: in words; ``None`` for none.

    Args:
        values: the module's parameters.
        images: shape (batch, 784).
        steered: how z depends on the noise.
        latent_dims: the latent size.
        budget: what it may cost.
    """
    with suppress(OverBudget):
        trunks = ((trunk, trunk(images)) for trunk in layers(values, int(images.shape[1]), None))
        before = (("the hidden units before their ReLU", units) for trunk, units in trunks if trunk.width > latent_dims)
        for source, given in (("μ", steered.mean), ("the pixels", images), *before):
            for layer in layers(values, int(given.shape[1]), latent_dims):
                budget.spend_on_product(len(given), layer.weight)
                head = layer(given)
                if any(close(np.abs(steered.slope), form.expected(head), rtol=1e-3) for form in RIGHT_SIGMA):
                    return source
    return None


def shared_sigma(steered: Steered) -> str | None:
    """For what all σ is one and the same number: in words; ``None`` where it is of each image's and dimension's own."""
    sigma = np.abs(steered.slope)
    if steered.noise is not Noise.NORMAL or not np.all(sigma > 0.0):
        return None
    same = [close(sigma, np.broadcast_to(sigma[at], sigma.shape), rtol=1e-3) for at in _FIRST_OF]
    return next((words for words, is_one in zip(_SHARED_BY, same, strict=True) if is_one), None)


def is_split_between_images(
    values: Sequence[Float64Array], images: Float64Array, steered: Steered, latent_dims: int, budget: Budget
) -> bool:
    """Whether the first half of a batch's outputs is taken for μ and the second for log σ, or the other way round.

    The arguments are those of ``source_of_sigma``.
    """
    if len(images) % 2 or steered.noise is not Noise.NORMAL:
        return False
    forward, half = Forward(images, budget), len(images) // 2
    with suppress(OverBudget):
        for trunk in layers(values, int(images.shape[1]), None):
            for both in layers(values, trunk.width, 2 * latent_dims, trunk.places):
                output = forward((trunk, both), (relu,))
                parts = (output[:half], output[half:]), (output[::2], output[1::2])
                for mu, head in (order for one in parts for order in (one, one[::-1])):
                    mu, head = mu.reshape(-1, latent_dims), head.reshape(-1, latent_dims)
                    sigmas = (form.expected(head) for form in RIGHT_SIGMA)
                    is_sigma = any(close(np.abs(steered.slope), sigma, rtol=1e-3) for sigma in sigmas)
                    if is_sigma and close(steered.mean, mu, rtol=1e-3):
                        return True
    return False
