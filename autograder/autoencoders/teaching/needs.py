"""One clear line where a cell is run before what it builds on."""

import contextlib
import io
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from autograder.autoencoders.course import AUTOENCODERS
from autograder.errors import NotReady
from autograder.instruments.calling import Workspace
from autograder.instruments.quiet import random_states_kept
from autograder.instruments.quiet_plots import quiet_plots
from autograder.instruments.validating import is_validating

Names = dict[str, Any]

_SHORT = 40

_AGAIN = "Has the kernel been restarted? Choose Run > Run All Above Selected Cell."


def needs(*names: str) -> None:
    """Stop the cell with one line unless the notebook has all of these names, and they are what they should be.

    nbgrader's *Validate* asks for the checks alone, so there every such cell stops.

    Exercises are tried on two small images. Only one that still has its gaps stops the cell here; any other mistake in
    it shows itself when the cell goes on.

    Args:
        names: names of the notebook, in the order of its cells.

    Raises:
        NotReady: something is missing; the message says where it comes from.
    """
    if is_validating():
        raise NotReady("Validate only runs the checks, as grading does: this cell trains or plots.") from None
    space = sys._getframe(1).f_globals
    for name in ("device", *names):
        if problem := _problem(name, space):
            raise NotReady(problem) from None


@dataclass(frozen=True)
class _Trial:
    """How an exercise is tried, before a cell that builds on it runs."""

    title: str
    key: str
    attempt: Callable[[Any, Any], object]


def _problem(name: str, space: Names) -> str:
    if name in _EXERCISES:
        return _problem_of_exercise(name, space)
    source, fits = _GIVEN[name]
    if name not in space:
        return f"`{name}` is not there. It comes from the cell under “{source}”: run that first. {_AGAIN}"
    if not fits(space[name], space):
        return (
            f"`{name}` is not what the notebook made it: it is now {_describe(space[name])}. Give your own variable "
            f"another name, and run the cell under “{source}” again."
        )
    return ""


def _describe(value: object) -> str:
    kind = f"of type {type(value).__name__}"
    return f"{value!r}, {kind}" if isinstance(value, str) and len(value) < _SHORT else kind


def _problem_of_exercise(name: str, space: Names) -> str:
    exercise = _EXERCISES[name]
    if name not in space:
        return f"`{name}` is not there. Run the cell of {exercise.title} first. {_AGAIN}"
    if not callable(space[name]) or isinstance(space[name], nn.Module):
        kind = type(space[name]).__name__
        return f"`{name}` is not yours from {exercise.title} any more: it is now of type {kind}. Run that cell again."
    if _has_gaps(exercise, space[name], space):
        return (
            f'{exercise.title} is not written yet. Write it, run its cell and check("{exercise.key}"), then come back.'
        )
    return ""


def _has_gaps(exercise: _Trial, written: Any, space: Names) -> bool:
    with random_states_kept(), quiet_plots(), contextlib.redirect_stdout(io.StringIO()):
        try:
            return exercise.attempt(written, space.get("device", "cpu")) is ...
        except Exception as error:
            return Workspace(space, given=AUTOENCODERS.release.given_lines).failure(error).kind in (
                "unfinished",
                "leftover",
            )


class _SmallEncoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(784, 2)
        self.kl: Tensor | int = 0

    def forward(self, x: Tensor) -> Tensor:
        z: Tensor = self.layer(x.reshape(-1, 784))
        self.kl = z.square().sum()
        return z


class _SmallAutoencoder(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = _SmallEncoder()
        self.decoder = nn.Sequential(nn.Linear(2, 784), nn.Unflatten(-1, (1, 28, 28)))

    def forward(self, x: Tensor) -> Tensor:
        images: Tensor = self.decoder(self.encoder(x))
        return images


def _images(device: Any) -> Tensor:
    return torch.full((2, 1, 28, 28), 0.5, device=device)


def _encode(encoder: Any, device: Any) -> object:
    return encoder(2).to(device)(_images(device))


def _decode(decoder: Any, device: Any) -> object:
    return decoder(2).to(device)(torch.zeros(2, 2, device=device))


def _encode_variationally(encoder: Any, device: Any) -> object:
    made = encoder(2).to(device)
    z = made(_images(device))
    return z if z is ... else made.kl


def _train(train: Any, device: Any) -> object:
    return train(_SmallAutoencoder().to(device), [(_images(device), torch.tensor([0, 1]))], 1)


def _interpolate(interpolate: Any, device: Any) -> object:
    image = _images(device)[:1]
    return interpolate(_SmallAutoencoder().to(device), image, image, 2)


_EXERCISES: Mapping[str, _Trial] = {
    "Encoder": _Trial("Exercise 1 (the encoder)", "encoder", _encode),
    "Decoder": _Trial("Exercise 2 (the decoder)", "decoder", _decode),
    "train": _Trial("Exercise 4 (the training loss)", "train", _train),
    "VariationalEncoder": _Trial(
        "Exercise 5 (the variational encoder with its KL divergence)", "kl", _encode_variationally
    ),
    "train_vae": _Trial("Exercise 6 (the training loss of the VAE)", "train_vae", _train),
    "interpolate": _Trial("Exercise 7 (interpolation)", "interpolate", _interpolate),
}


def _is_device(value: Any, _space: Names) -> bool:
    try:
        torch.zeros(1, device=value)
    except Exception:
        return False
    return True


def _is_callable(value: Any, _space: Names) -> bool:
    return callable(value)


def _is_model(value: Any, _space: Names) -> bool:
    return isinstance(value, nn.Module) and hasattr(value, "encoder") and hasattr(value, "decoder")


def _is_image(value: Any, _space: Names) -> bool:
    return isinstance(value, Tensor) and value.shape == (1, 1, 28, 28)


def _is_data(value: Any, _space: Names) -> bool:
    try:
        with torch.random.fork_rng(devices=[]):
            x, _y = next(iter(value))
        return bool(x.shape[1:] == (1, 28, 28))
    except Exception:
        return False


_GIVEN: Mapping[str, tuple[str, Callable[[Any, Names], bool]]] = {
    "device": ("Imports", _is_device),
    "Autoencoder": ("Exercise 3: Both together", _is_callable),
    "data": ("The data", _is_data),
    "unseen": ("The data", _is_data),
    "autoencoder": ("Run the training", _is_model),
    "untrained": ("Run the training", _is_model),
    "plot_latent": ("Look at the latent space", _is_callable),
    "plot_reconstructed": ("Look at the latent space", _is_callable),
    "VariationalAutoencoder": ("The VAE itself", _is_callable),
    "vae": ("Run the training of the VAE", _is_model),
    "x_1": ("Two walks", _is_image),
    "x_2": ("Two walks", _is_image),
}
