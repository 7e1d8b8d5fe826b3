"""Let the student's ``train_vae`` train a recording VAE."""

from autograder.autoencoders.training.observe import run_training
from autograder.autoencoders.training.probe import TrainingRun
from autograder.autoencoders.training.recording import variational
from autograder.instruments.calling import Workspace


def observe(workspace: Workspace, seed: int) -> TrainingRun:
    """What the student's ``train_vae`` does with the probe of this seed."""
    return run_training(workspace, "train_vae", variational, seed)
