"""Let the student's ``train`` train a recording autoencoder."""

from autograder.exercises.train.probe import KEY, Observation
from autograder.exercises.training.observe import run_training
from autograder.observing.calling import Workspace
from autograder.observing.recording import plain


def observe(workspace: Workspace, seed: int) -> Observation:
    """What the student's ``train`` does with the probe of this seed."""
    return Observation(run_training(workspace, "train", plain, seed, KEY))
