"""Paying once, before the first probe, for what torch loads on first use."""

import torch
from torch import nn

from autograder.observing.noise import SteeredNoise
from autograder.observing.quiet import random_states_kept


def warm_up() -> None:
    """Let torch load its dispatch modes, its distributions and its optimizers."""
    with random_states_kept(), torch.enable_grad():
        layer = nn.Linear(2, 2)
        optimizer = torch.optim.Adam(layer.parameters())
        with SteeredNoise(0.0):
            layer(torch.randn(1, 2)).sum().backward()
        optimizer.step()
        torch.distributions.Normal(0.0, 1.0).sample()
