"""What the notebook's cells that train and plot are made of; nothing here is graded or has part in grading.

- `needs`: one clear line where a cell is run before what it builds on
- `curve`: a curve of the loss that grows while a network trains
- `pictures`: figures with a text for those who cannot see them
- `plots`: latent spaces, new digits and walks of several networks side by side
"""

from autograder.autoencoders.teaching.curve import LossCurve
from autograder.autoencoders.teaching.needs import NotYet, needs
from autograder.autoencoders.teaching.plots import compare_latent_spaces, compare_new_digits, compare_walks

__all__ = ["LossCurve", "NotYet", "compare_latent_spaces", "compare_new_digits", "compare_walks", "needs"]
