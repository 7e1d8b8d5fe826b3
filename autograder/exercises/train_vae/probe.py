"""What the VAE's training function is tried with, and what is seen of it."""

from dataclasses import dataclass

from autograder.exercises.training.probe import TrainingRun

KEY = "train_vae"


@dataclass(frozen=True)
class Observation:
    """One training run."""

    run: TrainingRun
