"""The digits of the notebook: ``from autograder.autoencoders.digits import MNIST``.

Importing this package also makes ``import torchvision`` work beside a torch without CUDA (`torchvision_operators`).
"""

from autograder.instruments.torchvision_operators import make_importable

make_importable()

from autograder.autoencoders.digits.mnist import MNIST  # noqa: E402

__all__ = ["MNIST"]
