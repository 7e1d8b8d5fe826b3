"""Run the student's variational encoder on the probe and read its ``kl``."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import Any

import torch
from torch import Tensor, nn

from autograder.autoencoders.exercises.kl.holding import is_a_function, number_in
from autograder.autoencoders.exercises.kl.probe import (
    AMPLITUDES,
    BATCHES,
    CALM,
    FAR_LEVELS,
    GRADIENT_BATCH,
    LATENT_DIMS,
    LEVELS,
    POSITIVE,
    SMALLER,
    Batch,
    KlRun,
    Observation,
    all_finite,
    far_images,
    inputs,
    moves_with_noise,
    reaches_far,
)
from autograder.autoencoders.exercises.kl.unkept import observe_kept
from autograder.autoencoders.networks.line import has_usual_heads
from autograder.autoencoders.networks.moves import Moves
from autograder.autoencoders.networks.observe import build, on_images
from autograder.autoencoders.networks.observe_moves import observe_moves
from autograder.autoencoders.networks.retrying import Trying
from autograder.autoencoders.networks.steered import parts_of_divergence
from autograder.autoencoders.probe_data import DRIVEN, PIXELS, head_weights
from autograder.course.draws import Amplitudes
from autograder.course.observation import CallResult, Failure
from autograder.instruments import weights
from autograder.instruments.calling import Workspace, as_call_result, first_tensor
from autograder.instruments.kept_generators import generators_steerable
from autograder.instruments.noise import LowestNoise, SteeredCoins

Encode = Callable[[Tensor], Any]


def observe(workspace: Workspace, seed: int) -> Observation:
    """What the student's ``VariationalEncoder`` puts into ``kl`` for the probe of this seed."""
    with generators_steerable(workspace.names):
        return _observe_or_mended(workspace, seed)


def _observe_or_mended(workspace: Workspace, seed: int) -> Observation:
    given = workspace.tensor(inputs(seed, GRADIENT_BATCH))
    tried: list[Observation] = []

    def observed() -> Observation:
        seen = _observe(workspace, seed)
        tried.append(seen)
        return (
            (observe_kept(workspace, given, lambda: _observe(workspace, seed)) or seen) if seen.keeps_nothing else seen
        )

    seen = Trying(workspace, "VariationalEncoder", "variational_encoder", given, LATENT_DIMS[0]).observe(observed)
    return replace(seen, slips_before_z=bool(seen.slips) and not tried[0].reaches_z)


def _observe(workspace: Workspace, seed: int) -> Observation:
    factory = workspace.find("VariationalEncoder", "variational_encoder")
    if isinstance(factory, Failure):
        return Observation(tuple(KlRun(latent_dims, build_failure=factory) for latent_dims in LATENT_DIMS))
    runs = _runs(workspace, factory, AMPLITUDES, seed)
    if all_finite(runs):
        return Observation(runs)
    positive = _runs(workspace, factory, POSITIVE, seed)
    return Observation(runs, positive, () if all_finite(positive) else _runs(workspace, factory, CALM, seed))


def _runs(workspace: Workspace, factory: Any, amplitudes: Amplitudes, seed: int) -> tuple[KlRun, ...]:
    return tuple(_run(workspace, factory, latent_dims, amplitudes, seed) for latent_dims in LATENT_DIMS)


def _run(workspace: Workspace, factory: Any, latent_dims: int, amplitudes: Amplitudes, seed: int) -> KlRun:
    module = build(workspace, factory, latent_dims)
    if isinstance(module, Failure):
        return KlRun(latent_dims, build_failure=module)
    images = workspace.tensor(inputs(seed, GRADIENT_BATCH))
    encode = on_images(workspace, module, images)
    if _needs_more_than_one(workspace, module, encode, images[:1]):
        module.eval()
    parameters = weights.load(module, amplitudes, seed)
    reached, gradient_failure = _backward(workspace, module, encode, images)
    gradient = weights.absolute_gradients(module)
    again_failure = _backward_again(workspace, module, encode, images) if any(gradient) else None
    _send_latents(workspace, module, encode, images)
    latent_gradient = weights.absolute_gradients(module)
    with torch.no_grad():
        first, *others = (workspace.tensor(inputs(seed, count)) for count in BATCHES[latent_dims])
        batches = [_batch(workspace, module, encode, first, LEVELS)]
        again = _batch(workspace, module, encode, first, LEVELS[:1])
        batches += [_batch(workspace, module, encode, batch, LEVELS) for batch in others]
        lowest = _lowest(workspace, module, encode, [first, *others]) if moves_with_noise(batches) else ()
        forward = workspace.call(lambda: encode(images))
        places = head_weights(parameters, latent_dims) if reaches_far(latent_dims) else []
        shades = workspace.tensor(far_images(seed))
        far = tuple(_far(workspace, module, encode, shades, *driven) for driven in product(places, DRIVEN))
        with weights.all_smaller(module, SMALLER), SteeredCoins(0.0):
            workspace.attempt_or_local(lambda: encode(images[:1]), "z")
            near = _kept(workspace, module)
    run = KlRun(
        latent_dims=latent_dims,
        parameters=parameters,
        batches=tuple(batches),
        again=again,
        forward=forward,
        gradient=gradient,
        gradient_failure=gradient_failure,
        again_failure=again_failure,
        gradient_reached=reached,
        latent_gradient=latent_gradient,
        far=far,
        near=near,
        lowest=lowest,
    )
    rows = images if encode is module else images.flatten(1)
    return replace(run, moves=_moves(workspace, factory, run, rows, amplitudes, seed))


def _moves(
    workspace: Workspace, factory: Any, run: KlRun, images: Tensor, amplitudes: Amplitudes, seed: int
) -> Moves | None:
    """How ``kl`` and its parts move; ``None`` where the layers are the usual ones."""
    if has_usual_heads(run.parameters, PIXELS, run.latent_dims):
        return None
    images = images.double()

    def numbers(module: nn.Module) -> Tensor:
        parts = parts_of_divergence(module, images)
        return torch.cat([parts, number_in(module).sum().reshape(1)])

    return observe_moves(workspace, factory, run.latent_dims, numbers, amplitudes, seed)


def _needs_more_than_one(workspace: Workspace, module: nn.Module, encode: Encode, image: Tensor) -> bool:
    """Whether a single image stops the module in training mode alone, as where it normalises over the batch.

    That is another exercise's mistake, and leaves a ``kl`` of the call before.
    """
    with torch.no_grad():
        if not isinstance(workspace.attempt(lambda: encode(image)), Failure):
            return False
        module.eval()
        evaluated = workspace.attempt(lambda: encode(image))
        module.train()
    return not isinstance(evaluated, Failure)


def _batch(workspace: Workspace, module: nn.Module, encode: Encode, images: Tensor, levels: tuple[float, ...]) -> Batch:
    latents, values = [], []
    for level in levels:
        with SteeredCoins(level):
            latent, _ = workspace.attempt_or_local(lambda: encode(images), "z")
        latents.append(as_call_result(latent))
        values.append(_kept(workspace, module))
    return Batch(tuple(latents), tuple(values))


def _far(workspace: Workspace, module: nn.Module, encode: Encode, images: Tensor, place: int, factor: float) -> Batch:
    values = []
    with weights.one_driven(module, place, factor):
        latents = _batch(workspace, module, encode, images, FAR_LEVELS).latents
        for image in images.split(1):
            with SteeredCoins(0.0):
                workspace.attempt_or_local(partial(encode, image), "z")
            values.append(_kept(workspace, module))
    return Batch(latents, tuple(values))


def _lowest(
    workspace: Workspace, module: nn.Module, encode: Encode, batches: Sequence[Tensor]
) -> tuple[CallResult, ...]:
    values = []
    for images in batches:
        with LowestNoise():
            workspace.attempt_or_local(partial(encode, images), "z")
        values.append(_kept(workspace, module))
    return tuple(values)


def _kept(workspace: Workspace, module: nn.Module) -> CallResult:
    kept = workspace.call(lambda: number_in(module))
    return replace(kept, returned="function") if kept.failure is None and is_a_function(module) else kept


def _backward(workspace: Workspace, module: nn.Module, encode: Encode, images: Tensor) -> tuple[bool, Failure | None]:
    """Send the gradient of ``kl`` to the parameters; whether ``forward`` came as far as z, and what stopped it."""
    module.zero_grad()
    with SteeredCoins(1.0):
        latent, failure = workspace.attempt_or_local(lambda: encode(images), "z")
    kept = first_tensor(workspace.attempt(lambda: number_in(module)))
    if kept is not None and kept.requires_grad:
        workspace.attempt(lambda: kept.sum().backward())
    return not isinstance(latent, Failure), failure


def _backward_again(workspace: Workspace, module: nn.Module, encode: Encode, images: Tensor) -> Failure | None:
    """What stops the gradient of ``kl`` where the step before has sent one, as in training."""

    def second() -> None:
        module.zero_grad()
        with SteeredCoins(1.0):
            encode(images)
        kept = first_tensor(number_in(module))
        if kept is not None and kept.requires_grad:
            kept.sum().backward()

    stopped = workspace.attempt(second)
    return stopped if isinstance(stopped, Failure) else None


def _send_latents(workspace: Workspace, module: nn.Module, encode: Encode, images: Tensor) -> None:
    """Send the gradient of the latents' sum to the parameters."""
    module.zero_grad()
    with SteeredCoins(1.0):
        latent, _ = workspace.attempt_or_local(lambda: encode(images), "z")
    latent = first_tensor(latent)
    if latent is not None and latent.requires_grad:
        workspace.attempt(lambda: latent.sum().backward())
