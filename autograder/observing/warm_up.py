"""Paying once, before the first probe, for what torch and matplotlib load or prepare on first use."""

import matplotlib.pyplot as plt
import torch
from torch import nn

from autograder import probes
from autograder.observing import prepared_draws, quiet_plots, stand_ins
from autograder.observing.noise import SteeredNoise
from autograder.observing.quiet import random_states_kept

_SETS = 7  # for the cells, and for three exercises that may each be looked at twice


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
            layer = nn.Linear(probes.PIXELS, 512).to(device)
            optimizer = torch.optim.Adam(layer.parameters())
            with SteeredNoise(0.0):
                layer(torch.randn(5, probes.PIXELS, device=device)).sum().backward()
            optimizer.step()
            torch.cuda.synchronize()


def warm_up_for_forks() -> None:
    """Besides, prepare what every process forked from this one would prepare again: products, plots."""
    warm_up()
    prepared_draws.prepare()
    quiet_plots.prepare()
    stand_ins.prepare(_SETS)
    with random_states_kept(), torch.enable_grad(), quiet_plots.quiet_plots():
        layer = nn.Linear(probes.PIXELS, 512)
        for count in (1, 5, 24):
            torch.sigmoid(torch.relu(layer(torch.rand(count, probes.PIXELS)))).sum().backward()
        plt.figure(num="warm-up")
        plt.imshow(torch.zeros(28, 28).numpy())
        plt.xticks([])
        plt.title("μ")
        plt.gcf().canvas.draw()
