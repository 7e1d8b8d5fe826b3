"""Let the student's ``interpolate`` work on a recording encoder and decoder.

They have the names of the notebook's, since PyTorch's error messages show them to the student.
"""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.autoencoders.exercises.interpolate.probe import (
    COUNTS,
    KEY,
    LATENT_DIMS,
    MOST_ROWS,
    STRETCH,
    Call,
    Observation,
    pictures,
    weights,
)
from autograder.autoencoders.probe_data import PIXELS
from autograder.autoencoders.stand_ins import recorded
from autograder.course.observation import Failure
from autograder.instruments.calling import Workspace
from autograder.instruments.quiet_plots import quiet_plots


class Encoder(nn.Module):
    """784 → L, not linear, so that a walk between images is no walk between latents."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.layer = nn.Linear(PIXELS, LATENT_DIMS)
        self.seen: list[Tensor] = []
        with torch.no_grad():
            for parameter, values in zip(self.layer.parameters(), weights(seed), strict=True):
                parameter.copy_(torch.from_numpy(values))

    def forward(self, x: Tensor) -> Tensor:
        """Latents of shape (batch, L)."""
        rows = x.reshape(-1, PIXELS)
        self.seen.append(rows.detach().to("cpu", torch.float32, copy=True))
        return STRETCH * torch.tanh(self.layer(rows))


class Decoder(nn.Module):
    """L → 784, as images."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(LATENT_DIMS, PIXELS)
        self.seen: list[Tensor] = []

    def forward(self, z: Tensor) -> Tensor:
        """Images of shape (batch, 1, 28, 28)."""
        images = torch.sigmoid(self.layer(z)).reshape(-1, 1, 28, 28)
        self.seen.append(z.detach().to("cpu", torch.float32, copy=True).reshape(-1, LATENT_DIMS))
        return images


class Autoencoder(nn.Module):
    """Encoder and decoder together."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.encoder = Encoder(seed)
        self.decoder = Decoder()

    def forward(self, x: Tensor) -> Tensor:
        """Reconstructions of shape (batch, 1, 28, 28)."""
        images: Tensor = self.decoder(self.encoder(x))
        return images


def observe(workspace: Workspace, seed: int) -> Observation:
    """What the student's ``interpolate`` encodes and decodes for the probe of this seed."""
    function = workspace.find("interpolate", KEY)
    if isinstance(function, Failure):
        return Observation(absent=function)
    with recorded(workspace) as tape, quiet_plots():
        calls = tuple(_call(workspace, function, seed, count) for count in (*COUNTS, None))
        return Observation(calls, None, bool(tape.passes))


def _call(workspace: Workspace, function: Any, seed: int, count: int | None) -> Call:
    model = Autoencoder(seed).to(workspace.device)
    first, second = (workspace.tensor(picture[None]) for picture in pictures(seed))
    extra = () if count is None else (count,)
    result = workspace.attempt(lambda: function(model, first, second, *extra))
    failure = result if isinstance(result, Failure) else None
    return Call(count, _joined(model.encoder.seen, PIXELS), _joined(model.decoder.seen, LATENT_DIMS), failure)


def _joined(seen: list[Tensor], width: int) -> np.ndarray[Any, np.dtype[Any]]:
    if not seen:
        return np.zeros((0, width), dtype=np.float32)
    return torch.cat(seen)[:MOST_ROWS].numpy()
