"""The digits of the notebook: ``from autograder.datasets import MNIST``.

Importing this package also makes ``import torchvision`` work beside a torch without CUDA (`torchvision_operators`).
"""

from autograder.datasets.torchvision_operators import make_importable

make_importable()

from autograder.datasets.mnist import MNIST  # noqa: E402 - torchvision must be importable first

__all__ = ["MNIST"]
