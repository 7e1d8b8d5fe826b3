"""Paying once, before the first probe, for what torch and matplotlib load or prepare on first use."""

import torch
from torch import nn

from autograder.instruments import prepared_draws, quiet_plots
from autograder.instruments.noise import SteeredNoise
from autograder.instruments.quiet import random_states_kept

_SIZE = 512


def warm_up() -> None:
    """Let torch load its dispatch modes, its distributions and its optimizers."""
    with random_states_kept(), torch.enable_grad():
        layer = nn.Linear(2, 2)
        optimizer = torch.optim.Adam(layer.parameters())
        with SteeredNoise(0.0):
            layer(torch.randn(1, 2)).sum().backward()
        optimizer.step()
        torch.distributions.Normal(0.0, 1.0).sample()


def warm_up_device(device: str) -> None:
    """Open the device's driver and libraries, while files can still be opened; nothing for the CPU.

    Raises:
        RuntimeError, AssertionError: torch cannot use the device.
    """
    if device != "cpu":
        with random_states_kept(), torch.enable_grad():
            layer = nn.Linear(_SIZE, _SIZE).to(device)
            optimizer = torch.optim.Adam(layer.parameters())
            with SteeredNoise(0.0):
                layer(torch.randn(5, _SIZE, device=device)).sum().backward()
            optimizer.step()
            torch.cuda.synchronize()


def warm_up_for_forks() -> None:
    """Besides, prepare what every process forked from this one would prepare again: draws, plots."""
    warm_up()
    prepared_draws.prepare()
    quiet_plots.prepare()
