"""What the notebook's cells that train and plot are made of; nothing here is graded or has part in grading.

- `needs`: one clear line where a cell is run before what it builds on
- `curve`: a curve of the loss that grows while a network trains
- `pictures`: figures with a text for those who cannot see them
- `plane`: the plane in which latent vectors are drawn, however many dimensions they have
- `digit_names`: digits written at the middle of their points
- `plots`: latent spaces, reconstructions, new digits and walks of several networks side by side
"""

from autograder.autoencoders.teaching.curve import LossCurve
from autograder.autoencoders.teaching.digit_names import write_digits
from autograder.autoencoders.teaching.needs import needs
from autograder.autoencoders.teaching.plane import LatentPlane
from autograder.autoencoders.teaching.plots import (
    compare_latent_spaces,
    compare_new_digits,
    compare_reconstructions,
    compare_walks,
)

__all__ = [
    "LatentPlane",
    "LossCurve",
    "compare_latent_spaces",
    "compare_new_digits",
    "compare_reconstructions",
    "compare_walks",
    "needs",
    "write_digits",
]
