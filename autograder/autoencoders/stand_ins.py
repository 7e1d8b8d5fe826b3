"""Models and data that stand in for the notebook's own (see ``instruments.stand_ins``)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from autograder.autoencoders.digits.digits import keep_in_memory
from autograder.autoencoders.probe_data import PIXELS, images
from autograder.autoencoders.training.recording import Tape, plain, variational
from autograder.course.draws import uniform
from autograder.instruments.calling import Workspace
from autograder.instruments.quiet import random_states_kept
from autograder.instruments.quiet_plots import quiet_plots
from autograder.instruments.stand_ins import in_place

_SEED = -1  # no probe's, so that their numbers are not those of a model that is judged
_SETS = 7  # for the cells, and for three exercises that may each be looked at twice


@dataclass(frozen=True)
class _Set:
    """One set of stand-ins, by name, and the tape of their use."""

    names: Mapping[str, Any]
    tape: Tape


_prepared: list[_Set] = []


def make(workspace: Workspace) -> Mapping[str, Any]:
    """A set of stand-ins for the names that the notebook's driver cells give."""
    return _take(workspace).names


@contextmanager
def recorded(workspace: Workspace) -> Iterator[Tape]:
    """Have a new set of stand-ins in place; yields the tape of their use."""
    taken = _take(workspace)
    with in_place(workspace, taken.names):
        yield taken.tape


def prepare() -> None:
    """Make sets for the CPU ahead, and run once what every process forked from this one would run anew."""
    # Student code asks for these where no file of the package can be read.
    import_module("autograder.datasets").MNIST  # noqa: B018
    import_module("autograder.teaching").needs  # noqa: B018
    keep_in_memory()
    _prepared.extend(_made(Workspace({})) for _ in range(_SETS))
    with random_states_kept(), torch.enable_grad(), quiet_plots():
        layer = nn.Linear(PIXELS, 512)
        for count in (1, 5, 24):
            torch.sigmoid(torch.relu(layer(torch.rand(count, PIXELS)))).sum().backward()
        plt.figure(num="warm-up")
        plt.imshow(torch.zeros(28, 28).numpy())
        plt.xticks([])
        plt.title("μ")
        plt.gcf().canvas.draw()


def _take(workspace: Workspace) -> _Set:
    return _prepared.pop() if _prepared and workspace.device == "cpu" else _made(workspace)


def _made(workspace: Workspace) -> _Set:
    tape = Tape()
    batch = workspace.tensor(images(4, _SEED, "stand-in")).cpu()
    labels = workspace.tensor(uniform(0, 10, (4,), _SEED, "stand-in")).cpu().long()
    names: dict[str, Any] = {
        "device": workspace.device,  # Apple's MPS has no float64, so checks run on the CPU there
        "latent_dims": 2,
        "autoencoder": plain(tape, _SEED, workspace.device),
        "vae": variational(tape, _SEED, workspace.device),
        "data": DataLoader(TensorDataset(batch, labels), batch_size=2),
    }
    return _Set(names, tape)
