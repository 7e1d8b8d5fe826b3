"""What student code draws at random: the same for the same seed, wherever it is tried."""

import random
from typing import Any

import numpy as np
import torch

from autograder.course.course import Course
from autograder.instruments.calling import Workspace


def observe_seeded(course: Course, key: str, workspace: Workspace, seed: int) -> Any:
    """An exercise's observation for this seed, with what student code draws itself seeded by it, too."""
    seed_draws(seed)
    return course.observe(key)(workspace, seed)


def seed_draws(seed: int) -> None:
    """Start torch's, NumPy's and Python's random numbers at a place that the seed gives."""
    # Not `torch.manual_seed`, which takes a traceback for every kind of device that is not there.
    torch.default_generator.manual_seed(seed)
    if torch.cuda.is_initialized():
        torch.cuda.manual_seed_all(seed)
    np.random.seed(seed % 2**32)
    random.seed(seed)
