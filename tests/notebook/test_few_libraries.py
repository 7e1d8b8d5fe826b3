"""What a student runs in a notebook needs few libraries, so that a hosted notebook installs the package alone."""

import subprocess
import sys

# Of the package's dependencies, those that are for grading, for the terminal and for the course.
NOT_NEEDED = [
    "jupyterlab",
    "nbconvert",
    "nbformat",
    "nbgrader",
    "py_landlock",
    "pyseccomp",
    "rich",
    "safetensors",
    "typer",
    "watchfiles",
]
A_NOTEBOOK = """
import sys
sys.modules.update(dict.fromkeys(sys.argv[1:]))  # importing them is an error
from autograder import check, drill, facts, hint, progress
from autograder.datasets import MNIST
from autograder.teaching import LossCurve, compare_latent_spaces, compare_new_digits, compare_walks, needs
check("encoder"), hint("encoder"), drill("encoder"), progress(), facts()
"""


def test_a_notebook_needs_the_libraries_of_a_hosted_one_only() -> None:
    command = [sys.executable, "-c", A_NOTEBOOK, *NOT_NEEDED]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    for heading in ("Encoder: not attempted yet", "Hints for Encoder", "0 of 15 points"):
        assert heading in done.stdout
