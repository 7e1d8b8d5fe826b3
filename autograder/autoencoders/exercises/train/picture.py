"""How hard the loss of the student's ``train`` pulls at each pixel."""

from autograder.autoencoders.training.picture import chart_of_pull, picture_of_pull
from autograder.autoencoders.training.probe import TrainingRun
from autograder.course.picture import Picture

chart = chart_of_pull


def picture(seed: int, run: TrainingRun, mistakes: frozenset[str]) -> Picture | None:
    """The pull, where the error is no squared one."""
    return picture_of_pull(seed, "train", run, mistakes)
