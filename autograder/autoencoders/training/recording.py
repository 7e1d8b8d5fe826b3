"""A small autoencoder of the probe's own that writes down what passes through it, forwards and backwards.

Its classes have the names of the notebook's, since PyTorch's error messages show them to the student.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.optim.optimizer import Optimizer, register_optimizer_step_pre_hook

from autograder.autoencoders.probe_data import PIXELS
from autograder.autoencoders.training.probe import (
    AMPLITUDES,
    LATENT_DIMS,
    MOST_PASSES,
    MOST_ROWS,
    MOST_STEPS,
    Forward,
    Step,
)
from autograder.course import draws
from autograder.instruments import weights


def _flat(tensor: Tensor) -> Tensor:
    return tensor.detach()[:MOST_ROWS].to("cpu", torch.float32, copy=True).flatten(1)


@dataclass
class _Pass:
    """A pass while it is still open: gradients arrive after it."""

    images: Tensor | None
    reconstruction: Tensor
    gradient: Tensor | None = None
    kl: Tensor | None = None
    kl_gradient: Tensor | None = None

    def closed(self) -> Forward:
        return Forward(
            images=None if self.images is None else self.images.numpy(),
            reconstruction=self.reconstruction.numpy(),
            gradient=None if self.gradient is None else _flat(self.gradient).numpy(),
            kl=None if self.kl is None else float(self.kl.detach()),
            kl_gradient=None if self.kl_gradient is None else float(self.kl_gradient.detach()),
        )


@dataclass
class Tape:
    """What has been written down so far."""

    steps: list[Step] = field(default_factory=list)
    passes: list[_Pass] = field(default_factory=list)
    images: Tensor | None = None
    kl: Tensor | None = None
    arrived: dict[int, Tensor] = field(default_factory=dict)
    optimizers: list[int] = field(default_factory=list)

    def trailing(self) -> tuple[Forward, ...]:
        """The passes after the last step."""
        return tuple(one.closed() for one in self.passes[:MOST_PASSES])


class Encoder(nn.Module):
    """784 → L, linear; as a variational one it keeps a KL term that depends on its output."""

    def __init__(self, tape: Tape) -> None:
        super().__init__()
        self.tape = tape
        self.layer = nn.Linear(PIXELS, LATENT_DIMS)

    def forward(self, x: Tensor) -> Tensor:
        """Latents of shape (batch, L).

        Raises:
            TypeError: ``x`` is no tensor, such as a whole ``DataLoader``.
        """
        if not isinstance(x, Tensor):
            raise TypeError(f"the model takes a tensor of images, not a {type(x).__name__}")
        latent: Tensor = self.layer(x.reshape(len(x), -1))
        self.tape.images = _flat(x)
        return latent


class VariationalEncoder(Encoder):
    """A recording encoder with a term in ``kl``."""

    def __init__(self, tape: Tape) -> None:
        super().__init__(tape)
        self.kl: Tensor | int = 0

    def forward(self, x: Tensor) -> Tensor:
        """Latents of shape (batch, L); sets ``kl`` to a scalar."""
        latent = super().forward(x)
        self.kl = (latent**2).sum() * 0.5 + 1.0
        self.tape.kl = self.kl
        return latent


class Decoder(nn.Module):
    """L → 784 with a sigmoid, as images."""

    def __init__(self, tape: Tape) -> None:
        super().__init__()
        self.tape = tape
        self.layer = nn.Linear(LATENT_DIMS, PIXELS)

    def forward(self, z: Tensor) -> Tensor:
        """Images of shape (batch, 1, 28, 28)."""
        images: Tensor = torch.sigmoid(self.layer(z)).reshape(-1, 1, 28, 28)
        tape, noted = self.tape, _Pass(self.tape.images, _flat(images), kl=self.tape.kl)
        if len(tape.passes) < MOST_PASSES:
            tape.passes.append(noted)
        if images.requires_grad:
            images.register_hook(lambda gradient: setattr(noted, "gradient", _sum(noted.gradient, gradient)))
        if noted.kl is not None and noted.kl.requires_grad:
            noted.kl.register_hook(lambda gradient: setattr(noted, "kl_gradient", _sum(noted.kl_gradient, gradient)))
        tape.images, tape.kl = None, None
        return images


def _sum(before: Tensor | None, gradient: Tensor) -> Tensor:
    return gradient.detach().clone() if before is None else before + gradient.detach()


class Autoencoder(nn.Module):
    """Encoder and decoder that write to one tape."""

    def __init__(self, encoder: Encoder, tape: Tape) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = Decoder(tape)

    def forward(self, x: Tensor) -> Tensor:
        """Reconstructions of shape (batch, 1, 28, 28)."""
        images: Tensor = self.decoder(self.encoder(x))
        return images


class VariationalAutoencoder(Autoencoder):
    """The same with an encoder that has a ``kl``."""


def plain(tape: Tape, seed: int, device: str) -> Autoencoder:
    """A recording autoencoder with the probe's weights."""
    return _loaded(Autoencoder(Encoder(tape), tape), seed, device)


def variational(tape: Tape, seed: int, device: str) -> Autoencoder:
    """A recording autoencoder whose encoder has a ``kl``, with the probe's weights."""
    return _loaded(VariationalAutoencoder(VariationalEncoder(tape), tape), seed, device)


def _loaded(model: Autoencoder, seed: int, device: str) -> Autoencoder:
    weights.put(model, _values(seed))
    return model.to(device)


@lru_cache(maxsize=4)
def _values(seed: int) -> tuple[draws.Float32Array, ...]:
    """The parameters' values; both models have parameters of the same shapes."""
    encoder, decoder = (LATENT_DIMS, PIXELS), (PIXELS, LATENT_DIMS)
    shapes = [encoder, encoder[:1], decoder, decoder[:1]]
    return tuple(draws.parameters(shapes, AMPLITUDES, seed))


@contextmanager
def recorded_steps(model: nn.Module, tape: Tape) -> Iterator[None]:
    """Write every optimizer step on the model's parameters to the tape."""
    parameters = list(model.parameters())
    hooks = [parameter.register_hook(_arrival(tape, place)) for place, parameter in enumerate(parameters)]

    def before_step(optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        closure = kwargs.get("closure") or next(iter(args[1:]), None)
        if not callable(closure):
            return note(optimizer)

        def closed() -> Any:
            loss = closure()
            note(optimizer)
            return loss

        # The gradients of such a step arrive within it.
        return (*args[:1], closed), {}

    def note(optimizer: Optimizer) -> None:
        held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
        if len(tape.steps) >= MOST_STEPS or not any(id(parameter) in held for parameter in parameters):
            return
        if id(optimizer) not in tape.optimizers:
            tape.optimizers.append(id(optimizer))
            alive.append(optimizer)
        used = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        arrived = [tape.arrived.get(place, torch.zeros_like(p)) for place, p in enumerate(parameters)]
        tape.steps.append(Step(tape.trailing(), _joined(used), _joined(arrived), tape.optimizers.index(id(optimizer))))
        tape.passes.clear()
        tape.arrived.clear()

    # An optimizer that is gone could lend its id to the next one.
    alive: list[Optimizer] = []
    handle = register_optimizer_step_pre_hook(before_step)
    try:
        yield
    finally:
        handle.remove()
        for hook in hooks:
            hook.remove()


def _arrival(tape: Tape, place: int) -> Callable[[Tensor], None]:
    def arrive(gradient: Tensor) -> None:
        tape.arrived[place] = _sum(tape.arrived.get(place), gradient)

    return arrive


def _joined(tensors: list[Tensor]) -> npt.NDArray[np.float32]:
    return torch.cat([tensor.detach().reshape(-1).to("cpu", torch.float32) for tensor in tensors]).numpy()
