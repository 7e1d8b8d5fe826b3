"""The autograder is hardly noticed beside the libraries that the notebook imports anyway."""

import subprocess
import sys

import pytest

LIBRARIES = """
import time
from autograder.datasets.torchvision_operators import make_importable
make_importable()
import torch, torch.utils.data, torch.distributions, torchvision, numpy, matplotlib.pyplot
"""
CHECKED = "from autograder import check; check('encoder')\n"
TOLD = "print(time.process_time())"


@pytest.mark.slow
def test_imports_and_a_first_check_take_little_more_than_the_libraries() -> None:
    def seconds(code: str) -> float:
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        return float(done.stdout.splitlines()[-1])

    libraries = min(seconds(LIBRARIES + TOLD) for _ in range(2))
    with_check = min(seconds(LIBRARIES + CHECKED + TOLD) for _ in range(2))
    assert with_check < 1.3 * libraries
