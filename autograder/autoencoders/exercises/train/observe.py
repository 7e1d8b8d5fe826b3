"""Let the student's ``train`` train a recording autoencoder."""

from autograder.autoencoders.training.observe import run_training
from autograder.autoencoders.training.probe import TrainingRun
from autograder.autoencoders.training.recording import plain
from autograder.instruments.calling import Workspace


def observe(workspace: Workspace, seed: int) -> TrainingRun:
    """What the student's ``train`` does with the probe of this seed."""
    return run_training(workspace, "train", plain, seed)
