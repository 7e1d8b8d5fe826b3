"""What a variational encoder makes of images with its noise steered: μ and log σ, and each one's part of the KL."""

import torch
from torch import Tensor, nn

from autograder.instruments.noise import SteeredNoise


def mu_of(module: nn.Module, images: Tensor) -> Tensor:
    """Shape (batch, L)."""
    with SteeredNoise(0.0):
        latent: Tensor = module(images)
        return latent


def mu_and_log_sigma(module: nn.Module, images: Tensor) -> Tensor:
    """Shape (batch, 2L); at any noise z = μ + σ · noise."""
    mu = mu_of(module, images)
    with SteeredNoise(1.0):
        return torch.cat([mu, (module(images) - mu).abs().log()], dim=1)


def parts_of_divergence(module: nn.Module, images: Tensor) -> Tensor:
    """Σ ½μ² and Σ (½σ² - log σ), shape (2,): the KL divergence to N(0, 1) has them both, and no more but a constant."""
    mu, log_sigma = mu_and_log_sigma(module, images).chunk(2, dim=1)
    return torch.stack([0.5 * (mu * mu).sum(), (0.5 * (2.0 * log_sigma).exp() - log_sigma).sum()])
