"""Let the student's ``train_vae`` train a recording VAE."""

from autograder.exercises.train_vae.probe import KEY, Observation
from autograder.exercises.training.observe import run_training
from autograder.observing.calling import Workspace
from autograder.observing.recording import variational


def observe(workspace: Workspace, seed: int) -> Observation:
    """What the student's ``train_vae`` does with the probe of this seed."""
    return Observation(run_training(workspace, "train_vae", variational, seed, KEY))
