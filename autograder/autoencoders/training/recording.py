"""A small autoencoder of the probe's own that writes down what passes through it, forwards and backwards.

Its classes have the names of the notebook's, since PyTorch's error messages show them to the student.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.optim.optimizer import (
    Optimizer,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from autograder.autoencoders.probe_data import PIXELS
from autograder.autoencoders.training.probe import (
    AMPLITUDES,
    KL_WEIGHT,
    LATENT_DIMS,
    MOST_PASSES,
    MOST_ROWS,
    MOST_STEPS,
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
    is_rough: bool = False
    is_over: bool = False

    def closed(self) -> Forward:
        return Forward(
            images=None if self.images is None else self.images.numpy(),
            reconstruction=None if self.reconstruction is None else self.reconstruction.numpy(),
            gradient=None if self.gradient is None else _flat(self.gradient).numpy(),
            kl=None if self.kl is None else float(self.kl),
            kl_gradient=None if self.kl_gradient is None else float(self.kl_gradient.detach()),
            is_rough=self.is_rough,
        )


@dataclass
class Tape:
    """What has been written down so far; ``passes`` and ``arrived`` are those since the last step."""

    steps: list[Step] = field(default_factory=list)
    passes: list[_Pass] = field(default_factory=list)
    arrived: dict[int, Tensor] = field(default_factory=dict)
    optimizers: list[Optimizer] = field(default_factory=list)
    step_count: int = 0
    late_kl: float = 0.0

    def clear(self) -> None:
        """Begin anew after a step."""
        for noted in self.passes:
            noted.is_over = True
        self.passes.clear()
        self.arrived.clear()
        self.late_kl = 0.0

    def trailing(self) -> tuple[Forward, ...]:
        """The passes after the last step."""
        return tuple(one.closed() for one in self.passes)

    def _keep(self, noted: _Pass) -> None:
        if len(self.passes) < MOST_PASSES:
            self.passes.append(noted)

    def encoded(self, x: Tensor, latent: Tensor, kl: Tensor | None = None) -> None:
        """Write down a call of the encoder, and the gradient that will arrive at its KL term."""
        noted = _Pass(_flat(x), _flat(latent), kl=None if kl is None else kl.detach().clone())
        self._keep(noted)
        if kl is not None and kl.requires_grad:
            kl.register_hook(lambda gradient: self._kl_reached(noted, gradient))

    def _kl_reached(self, noted: _Pass, gradient: Tensor) -> None:
        if noted.is_over:
            self.late_kl += float(gradient.abs().sum())
        noted.kl_gradient = _sum(noted.kl_gradient, gradient)

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
        if images.requires_grad:
            images.register_hook(lambda gradient: setattr(noted, "gradient", _sum(noted.gradient, gradient)))


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
        self._note(x, latent)
        return latent

    def _note(self, x: Tensor, latent: Tensor) -> None:
        self.tape.encoded(x, latent)


class VariationalEncoder(Encoder):
    """A recording encoder with a term in ``kl``."""

    def __init__(self, tape: Tape) -> None:
        super().__init__(tape)
        self.kl: Tensor | int = 0

    def _note(self, x: Tensor, latent: Tensor) -> None:
        """Set ``kl`` to a scalar."""
        self.kl = (latent**2).sum() * KL_WEIGHT + 1.0
        self.tape.encoded(x, latent, self.kl)


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
    first, *others = draws.parameters(shapes, AMPLITUDES, seed)
    return (first * np.float32(STRETCH), *others)


@contextmanager
def recorded_steps(model: nn.Module, tape: Tape) -> Iterator[None]:
    """Write every optimizer step on the model's parameters to the tape."""
    recorder = _Steps(list(model.parameters()), tape)
    hooks = [parameter.register_hook(_arrival(tape, place)) for place, parameter in enumerate(recorder.parameters)]
    hooks += [register_optimizer_step_pre_hook(recorder.before), register_optimizer_step_post_hook(recorder.after)]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


@dataclass
class _Steps:
    """What is asked before and after each step of any optimizer."""

    parameters: list[nn.Parameter]
    tape: Tape
    values: list[Tensor] = field(default_factory=list)

    def _held(self, optimizer: Optimizer) -> tuple[bool, ...]:
        held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
        return tuple(id(parameter) in held for parameter in self.parameters)

    def before(self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if not any(self._held(optimizer)):
            return None
        closure = kwargs.get("closure") or next(iter(args[1:]), None)
        if not callable(closure):
            return self._note(optimizer)
        is_noted = False

        def closed() -> Any:
            nonlocal is_noted
            loss = closure()
            if not is_noted:
                self._note(optimizer)
            is_noted = True
            # An optimizer that searches along a line asks for the loss many times within one step.
            self.tape.clear()
            return loss

        # The gradients of such a step arrive within it.
        return (*args[:1], closed), {}

    def _note(self, optimizer: Optimizer) -> None:
        tape, parameters = self.tape, self.parameters
        tape.step_count += 1
        self.values = [parameter.detach().clone() for parameter in parameters]
        if tape.step_count <= MOST_STEPS:
            # Kept in a list: an optimizer that is gone could lend its id to the next one.
            if all(known is not optimizer for known in tape.optimizers):
                tape.optimizers.append(optimizer)
            number = next(place for place, known in enumerate(tape.optimizers) if known is optimizer)
            used = _joined([torch.zeros_like(p) if p.grad is None else p.grad for p in parameters])
            arrived = _joined([tape.arrived.get(place, torch.zeros_like(p)) for place, p in enumerate(parameters)])
            tape.steps.append(
                Step(tape.trailing(), used, arrived, number, self._held(optimizer), _joined(self.values), tape.late_kl)
            )
        tape.clear()

    def after(self, optimizer: Optimizer, _args: tuple[Any, ...], _kwargs: dict[str, Any]) -> None:
        if not self.values or not any(self._held(optimizer)) or self.tape.step_count > MOST_STEPS:
            return
        changes = [now.detach() - value for now, value in zip(self.parameters, self.values, strict=True)]
        step = self.tape.steps[-1]
        moved = tuple(float(change.abs().max()) for change in changes)
        along = float(np.dot(_joined(changes).astype(np.float64), step.used.astype(np.float64)))
        self.tape.steps[-1] = replace(step, moved=moved, along=along)


def _arrival(tape: Tape, place: int) -> Callable[[Tensor], None]:
    def arrive(gradient: Tensor) -> None:
        tape.arrived[place] = _sum(tape.arrived.get(place), gradient)

    return arrive


def _joined(tensors: list[Tensor]) -> npt.NDArray[np.float32]:
    return torch.cat([tensor.detach().reshape(-1).to("cpu", torch.float32) for tensor in tensors]).numpy()
