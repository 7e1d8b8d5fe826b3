"""A small autoencoder of the probe's own that writes down what passes through it, forwards and backwards.

Its classes have the names of the notebook's, since PyTorch's error messages show them to the student.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.optim.optimizer import Optimizer
from torch.utils.hooks import RemovableHandle

from autograder.autoencoders.probe_data import PIXELS
from autograder.autoencoders.rewriting.effort import Effort
from autograder.autoencoders.training.probe import (
    AMPLITUDES,
    KL_WEIGHT,
    LATENT_DIMS,
    MOST_PASSES,
    MOST_ROWS,
    STRETCH,
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
    latents: Tensor
    reconstruction: Tensor | None = None
    gradient: Tensor | None = None
    kl: Tensor | None = None
    kl_gradient: Tensor | None = None
    late_kl_gradient: Tensor | None = None
    is_rough: bool = False
    is_over: bool = False
    is_late: bool = False
    is_cut: bool = False

    def closed(self) -> Forward:
        # Where all of the loss arrives after the step, so does the KL's part of it.
        kl_gradient = self.late_kl_gradient if self.is_late else self.kl_gradient
        return Forward(
            images=None if self.images is None else self.images.numpy(),
            reconstruction=None if self.reconstruction is None else self.reconstruction.numpy(),
            gradient=None if self.gradient is None else _flat(self.gradient).numpy(),
            kl=None if self.kl is None else float(self.kl),
            kl_gradient=None if kl_gradient is None else float(kl_gradient.detach()),
            is_rough=self.is_rough,
            is_late=self.is_late,
            is_cut=self.is_cut,
        )


class OutOfTime(BaseException):
    """The model is called after the time until which it may be: student code that catches errors goes on else."""


@dataclass
class Tape:
    """What has been written down so far; ``passes`` and ``arrived`` are those since the last step.

    A call of the model after all ``effort`` is spent raises ``OutOfTime``.
    """

    steps: list[Step] = field(default_factory=list)
    passes: list[_Pass] = field(default_factory=list)
    arrived: dict[int, Tensor] = field(default_factory=dict)
    optimizers: list[Optimizer] = field(default_factory=list)
    step_count: int = 0
    late_kl: float = 0.0
    was_cleared: bool = False
    latest_kl: Any = 0
    is_never_sent: bool = False
    passes_of_steps: list[tuple[_Pass, ...]] = field(default_factory=list)
    is_encoder_free: bool = True
    before_pass: Callable[[], None] = field(default=lambda: None)
    effort: Effort = field(default_factory=lambda: Effort(math.inf))
    may_learn: Callable[[], bool] = field(default=lambda: True)
    hooks: list[RemovableHandle] = field(default_factory=list)

    def __deepcopy__(self, _memo: Any) -> "Tape":
        """The same: a copy of the model writes to the tape of the model that it was made of."""
        return self

    def finished(self) -> tuple[Step, ...]:
        """The steps with their passes, which gradients may have reached after the step."""
        pairs = zip(self.steps, self.passes_of_steps, strict=True)
        return tuple(replace(step, forwards=tuple(one.closed() for one in passes)) for step, passes in pairs)

    def clear(self) -> None:
        """Begin anew after a step."""
        for noted in self.passes:
            noted.is_over = True
        self.passes.clear()
        self.arrived.clear()
        self.late_kl = 0.0
        self.was_cleared = False

    def close(self) -> None:
        """Write down nothing more: a tensor and a tape that know each other through autograd would stay for ever."""
        for hook in self.hooks:
            hook.remove()
        self.hooks.clear()

    def trailing(self) -> tuple[Forward, ...]:
        """The passes after the last step."""
        return tuple(one.closed() for one in self.passes)

    def _keep(self, noted: _Pass) -> None:
        if len(self.passes) < MOST_PASSES:
            self.passes.append(noted)

    def encoded(self, x: Tensor, latent: Tensor, is_free: bool, kl: Tensor | None = None) -> None:
        """Write down a call of the encoder, and the gradient that will arrive at its KL term."""
        if self.effort.is_over:
            raise OutOfTime
        self.before_pass()
        self.is_encoder_free = is_free
        noted = _Pass(_flat(x), _flat(latent), kl=None if kl is None else kl.detach().clone())
        self._keep(noted)
        if kl is not None and kl.requires_grad:
            self.hooks.append(kl.register_hook(lambda gradient: self._kl_reached(noted, gradient)))

    def _kl_reached(self, noted: _Pass, gradient: Tensor) -> None:
        if noted.is_over:
            self.late_kl += float(gradient.abs().sum())
            noted.late_kl_gradient = added(noted.late_kl_gradient, gradient)
        else:
            noted.kl_gradient = added(noted.kl_gradient, gradient)

    def decoded(self, z: Tensor, images: Tensor) -> None:
        """Write down a call of the decoder beside the call of the encoder that it follows, if there is one."""
        latents = _flat(z)
        open_passes = [one for one in self.passes if one.reconstruction is None]
        same = [one for one in open_passes if torch.equal(one.latents, latents)]
        again = [one for one in self.passes if torch.equal(one.latents, latents)]
        if same or (open_passes and not again):
            noted = (same or open_passes)[-1]
        else:
            noted = _Pass(again[-1].images if again else None, latents)
            self._keep(noted)
        noted.reconstruction = _flat(images)
        noted.is_rough = images.dtype in (torch.float16, torch.bfloat16)
        noted.is_cut = self.is_encoder_free and images.requires_grad and not z.requires_grad
        if images.requires_grad:
            self.hooks.append(images.register_hook(lambda gradient: self._reached(noted, gradient)))

    def _reached(self, noted: _Pass, gradient: Tensor) -> None:
        if noted.is_over and noted.gradient is not None and not noted.is_late:
            return  # it was used already: a graph that was kept sends it once more
        noted.is_late = noted.is_late or noted.is_over
        noted.gradient = added(noted.gradient, gradient)


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
        if torch.is_grad_enabled() and not latent.requires_grad and self.tape.may_learn():
            latent.requires_grad_()  # weights that are frozen do not hide what the loss is
        self._note(x, latent)
        return latent

    def _note(self, x: Tensor, latent: Tensor) -> None:
        self.tape.encoded(x, latent, self._is_free())

    def _is_free(self) -> bool:
        """Whether its weights may be trained."""
        return self.layer.weight.requires_grad


class VariationalEncoder(Encoder):
    """A recording encoder with a term in ``kl``."""

    def __init__(self, tape: Tape) -> None:
        super().__init__(tape)
        self.kl: Tensor | int = 0

    def _note(self, x: Tensor, latent: Tensor) -> None:
        """Set ``kl`` to a scalar."""
        self.kl = self.tape.latest_kl = (latent**2).sum() * KL_WEIGHT + 1.0
        self.tape.encoded(x, latent, self._is_free(), self.kl)


class Decoder(nn.Module):
    """L → 784 with a sigmoid, as images."""

    def __init__(self, tape: Tape) -> None:
        super().__init__()
        self.tape = tape
        self.layer = nn.Linear(LATENT_DIMS, PIXELS)

    def forward(self, z: Tensor) -> Tensor:
        """Images of shape (batch, 1, 28, 28)."""
        images: Tensor = torch.sigmoid(self.layer(z)).reshape(-1, 1, 28, 28)
        self.tape.decoded(z, images)
        return images


def joined(tensors: list[Tensor]) -> npt.NDArray[np.float32]:
    """The numbers of all, one after the other."""
    return torch.cat([tensor.detach().reshape(-1).to("cpu", torch.float32) for tensor in tensors]).numpy()


def added(before: Tensor | None, gradient: Tensor) -> Tensor:
    """The sum of what has arrived before, if anything, and a gradient."""
    return gradient.detach().clone() if before is None else before + gradient.detach()


class Autoencoder(nn.Module):
    """Encoder and decoder that write to one tape."""

    def __init__(self, encoder: Encoder, tape: Tape) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = Decoder(tape)
        tape.may_learn = lambda: any(parameter.requires_grad for parameter in self.parameters())

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
    first, *others = draws.parameters(shapes, AMPLITUDES, seed)
    return (first * np.float32(STRETCH), *others)
