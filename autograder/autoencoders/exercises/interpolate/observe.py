"""Let the student's ``interpolate`` work on a recording encoder and decoder.

They have the names of the notebook's, since PyTorch's error messages show them to the student.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.autoencoders.exercises.interpolate.lenient import leniency, lenient, parts_wanted
from autograder.autoencoders.exercises.interpolate.probe import (
    COUNTS,
    KEY,
    LATENT_DIMS,
    MOST_ROWS,
    STRETCH,
    UNFIT,
    VARIED_COUNT,
    Call,
    Observation,
    pictures,
    shifts,
    weights,
)
from autograder.autoencoders.exercises.interpolate.retrying import Stop, stop_of, without_slips
from autograder.autoencoders.probe_data import PIXELS
from autograder.autoencoders.rewriting.definitions import rewritten
from autograder.autoencoders.rewriting.guesses.of_models import its_argument
from autograder.autoencoders.stand_ins import recorded
from autograder.course.observation import Failure
from autograder.instruments.calling import Workspace
from autograder.instruments.quiet_plots import quiet_plots


class Encoder(nn.Module):
    """784 → L, not linear, so that a walk between images is no walk between latents."""

    def __init__(self, seed: int, is_varied: bool, parts: int = 0) -> None:
        super().__init__()
        self.parts = parts
        self.layer = nn.Linear(PIXELS, LATENT_DIMS)
        self.shifts = torch.tensor(shifts(seed), dtype=torch.float32) if is_varied else None
        self.seen: list[Tensor] = []
        with torch.no_grad():
            for parameter, values in zip(self.layer.parameters(), weights(seed), strict=True):
                parameter.copy_(torch.from_numpy(values))

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        """Latents of shape (batch, L); in parts, all of them are these."""
        rows = x.reshape(-1, PIXELS)
        before = sum(map(len, self.seen))
        self.seen.append(rows.detach().to("cpu", torch.float32, copy=True))
        latents = STRETCH * torch.tanh(self.layer(rows))
        if self.shifts is not None:
            places = torch.arange(before, before + len(rows)) % len(self.shifts)
            latents = latents + self.shifts[places].to(latents.device)
        return (latents,) * self.parts if self.parts else latents


class Decoder(nn.Module):
    """L → 784, as images."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(LATENT_DIMS, PIXELS)
        self.seen: list[Tensor] = []
        self.was_given_pictures = False
        self.unfit = ""

    def forward(self, z: Any) -> Tensor:
        """Images of shape (batch, 1, 28, 28); of what it has made already, the same once more.

        In the notebook that is an error, as are latents that are no tensor of float32, but here what comes after it is
        to be seen as well.
        """
        z = self._fit(z)
        z = self._in_rows(z)
        if isinstance(z, Tensor) and z.shape[-1] != LATENT_DIMS and z.numel() > 0 and z.numel() % PIXELS == 0:
            self.was_given_pictures = self.was_given_pictures or bool(self.seen)
            if self.seen:
                return z
            self.unfit = "pictures"
        images = torch.sigmoid(self.layer(z)).reshape(-1, 1, 28, 28)
        self.seen.append(z.detach().to("cpu", torch.float32, copy=True).reshape(-1, LATENT_DIMS))
        return images

    def _in_rows(self, z: Any) -> Any:
        """A row for each latent, where they stand one after the other or side by side; what it was instead is noted."""
        if not isinstance(z, Tensor) or z.numel() == 0 or z.shape[-1] == LATENT_DIMS or z.numel() % PIXELS == 0:
            return z
        if z.numel() == z.shape[-1] and z.numel() % LATENT_DIMS == 0:
            self.unfit, z = "row", z.reshape(-1, LATENT_DIMS)
        elif z.ndim > 1 and z.shape[-2] == LATENT_DIMS and z.numel() == LATENT_DIMS * z.shape[-1]:
            self.unfit, z = "columns", z.reshape(LATENT_DIMS, -1).T
        return z

    def _fit(self, z: Any) -> Any:
        """As a tensor of float32, if that can be made of it; what it was instead is noted."""
        kind = str(z.dtype).removeprefix("torch.") if isinstance(z, Tensor) else type(z).__name__
        if kind not in UNFIT:
            return z
        weight = self.layer.weight
        with suppress(ValueError, TypeError, RuntimeError):
            parts = [torch.as_tensor(part) for part in z] if isinstance(z, (list, tuple)) else [torch.as_tensor(z)]
            z = (torch.stack(parts) if isinstance(z, (list, tuple)) else parts[0]).to(weight.device, weight.dtype)
            self.unfit = kind
        return z


class Autoencoder(nn.Module):
    """Encoder and decoder together."""

    def __init__(self, seed: int, is_varied: bool = False, parts: int = 0) -> None:
        super().__init__()
        self.encoder = Encoder(seed, is_varied, parts)
        self.decoder = Decoder()

    def forward(self, x: Tensor) -> Tensor:
        """Reconstructions of shape (batch, 1, 28, 28)."""
        latents = self.encoder(x)
        images: Tensor = self.decoder(latents[0] if isinstance(latents, tuple) else latents)
        return images


def observe(workspace: Workspace, seed: int) -> Observation:
    """What the student's ``interpolate`` encodes and decodes for the probe of this seed."""
    function = workspace.find("interpolate", KEY)
    if isinstance(function, Failure):
        return Observation(absent=function)
    with quiet_plots():
        seen = _observe(workspace, seed)
        if seen.is_of_another_model and (uses_argument := its_argument(function, workspace.names)):
            with rewritten(uses_argument, workspace.names):
                again = _observe(workspace, seed)
            return seen if again.is_of_another_model else replace(again, other_model=True)
        stopped = seen.calls[0].failure
        if stopped is None or stopped.kind != "raised" or any(len(call.decoded) for call in seen.calls):
            return seen
        with recorded(workspace):
            changes = without_slips(workspace, lambda: _try(workspace, seed))
        if not changes:
            return seen
        with rewritten(changes, workspace.names):
            again = _observe(workspace, seed)
    calls = tuple(replace(call, mended="rewritten", stopped=stopped) for call in again.calls)
    varied = None if again.varied is None else replace(again.varied, mended="rewritten", stopped=stopped)
    return replace(again, calls=calls, varied=varied)


def _observe(workspace: Workspace, seed: int) -> Observation:
    """What the function that has the name by then encodes and decodes in all calls."""
    with recorded(workspace) as tape:
        calls = tuple(_call(workspace, seed, count) for count in (*COUNTS, None))
        stand_in_called = bool(tape.passes)
        varied = _call(workspace, seed, VARIED_COUNT, is_varied=True)
    return Observation(calls, stand_in_called=stand_in_called, varied=varied)


def _try(workspace: Workspace, seed: int) -> Stop:
    """One call of the function that has the name by then, and how it ended."""
    model = Autoencoder(seed).to(workspace.device)
    first, second = (workspace.tensor(picture[None]) for picture in pictures(seed))
    try:
        workspace.find("interpolate", KEY)(model, first, second)
    except (Exception, SystemExit) as error:
        return stop_of(workspace, error, len(_joined(model.decoder.seen, LATENT_DIMS)))
    return Stop(len(_joined(model.decoder.seen, LATENT_DIMS)))


def _call(workspace: Workspace, seed: int, count: int | None, is_varied: bool = False) -> Call:
    """The call; where that stops at a line that can be let pass, and nothing is decoded, one that passes it."""
    function = workspace.find("interpolate", KEY)
    call = _attempt(workspace, function, Autoencoder(seed, is_varied), seed, count)
    if (stopped := call.failure) is None or len(call.decoded) or not (kind := leniency(stopped)):
        return call
    model = Autoencoder(seed, is_varied, parts_wanted(stopped))
    with lenient(kind):
        again = _attempt(workspace, function, model, seed, count)
    return replace(again, mended=kind, stopped=stopped) if len(again.decoded) > 1 else call


def _attempt(workspace: Workspace, function: Any, model: Autoencoder, seed: int, count: int | None) -> Call:
    model = model.to(workspace.device)
    first, second = (workspace.tensor(picture[None]) for picture in pictures(seed))
    extra = () if count is None else (count,)
    result = workspace.attempt(lambda: function(model, first, second, *extra))
    failure = result if isinstance(result, Failure) else None
    encoded, decoded = _joined(model.encoder.seen, PIXELS), _joined(model.decoder.seen, LATENT_DIMS)
    return Call(count, encoded, decoded, failure, model.decoder.was_given_pictures, model.decoder.unfit)


def _joined(seen: list[Tensor], width: int) -> np.ndarray[Any, np.dtype[Any]]:
    if not seen:
        return np.zeros((0, width), dtype=np.float32)
    return torch.cat(seen)[:MOST_ROWS].numpy()
