"""A head of σ that does not work on the hidden layer, but on μ or on the pixels."""

from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from autograder.autoencoders.reference.budget import Budget, OverBudget
from autograder.autoencoders.reference.dense import layers
from autograder.autoencoders.reference.forms import RIGHT_SIGMA
from autograder.autoencoders.reference.sampling import Steered
from autograder.course.draws import Float64Array
from autograder.judging.closeness import close


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
        for source, given in (("μ", steered.mean), ("the pixels", images)):
            for layer in layers(values, int(given.shape[1]), latent_dims):
                budget.spend_on_product(len(given), layer.weight)
                head = layer(given)
                if any(close(np.abs(steered.slope), form.expected(head), rtol=1e-3) for form in RIGHT_SIGMA):
                    return source
    return None
