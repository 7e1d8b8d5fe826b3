"""Run the student's variational encoder on the probe, with steered noise and with its own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.autoencoders.exercises.variational_encoder.probe import (
    AMPLITUDES,
    BATCHES,
    CALM,
    COPIES,
    FAR_LEVELS,
    KEY,
    LATENT_DIMS,
    LEVELS,
    ROUNDS,
    SHARES,
    STEERED_IMAGES,
    WIDE,
    Masked,
    Observation,
    SamplingRun,
    all_finite,
    directions,
    far_images,
    inputs,
    is_plain,
    is_unmoved,
    needs_masks,
    never_moves,
    reaches_far,
)
from autograder.autoencoders.networks.line import LineScan, has_usual_heads, is_usual
from autograder.autoencoders.networks.moves import Moves
from autograder.autoencoders.networks.observe import build, build_alike, on_images
from autograder.autoencoders.networks.observe_line import End, LineProbe, follow_network
from autograder.autoencoders.networks.observe_moves import observe_moves
from autograder.autoencoders.networks.retrying import Trying
from autograder.autoencoders.networks.steered import mu_and_log_sigma, mu_of, parts_of_divergence
from autograder.autoencoders.probe_data import DRIVEN, PIXELS, head_weights
from autograder.course.draws import Amplitudes
from autograder.course.observation import CallResult, Failure, Parameter
from autograder.instruments import weights
from autograder.instruments.calling import Workspace, as_call_result, first_tensor
from autograder.instruments.kept_generators import generators_steerable
from autograder.instruments.noise import MaskedNoise, SteeredNoise


def observe(workspace: Workspace, seed: int) -> Observation:
    """What the student's ``VariationalEncoder`` does with the probe of this seed."""
    given = workspace.tensor(inputs(seed, STEERED_IMAGES))
    with generators_steerable(workspace.names):
        return Trying(workspace, "VariationalEncoder", KEY, given, LATENT_DIMS[0]).observe(
            lambda: _observe(workspace, seed)
        )


def _observe(workspace: Workspace, seed: int) -> Observation:
    factory = workspace.find("VariationalEncoder", KEY)
    if isinstance(factory, Failure):
        return Observation(tuple(SamplingRun(latent_dims, build_failure=factory) for latent_dims in LATENT_DIMS))
    runs = tuple(_run(workspace, factory, latent_dims, AMPLITUDES, seed) for latent_dims in LATENT_DIMS)
    if not all_finite(runs):
        calm = tuple(_run(workspace, factory, latent_dims, CALM, seed) for latent_dims in LATENT_DIMS)
        return Observation(runs, calm=calm)
    if not all(map(never_moves, runs)):
        return Observation(runs)
    return Observation(runs, tuple(_built_under_noise(workspace, factory, run, seed) for run in runs))


def _run(workspace: Workspace, factory: Any, latent_dims: int, amplitudes: Amplitudes, seed: int) -> SamplingRun:
    images = workspace.tensor(inputs(seed, STEERED_IMAGES))
    module = build(workspace, factory, latent_dims)
    if isinstance(module, Failure):
        return SamplingRun(latent_dims, build_failure=module)
    given = images.clone()
    encode = on_images(workspace, module, given)
    parameters = weights.load(module, amplitudes, seed)
    gradient_failure = _backward(workspace, encode, images, latent_dims)
    gradient = weights.absolute_gradients(module)
    if not np.isfinite(gradient).all():
        # Of draws that are all alike something may be 0 that never is of the student's own.
        module.zero_grad()
        gradient_failure = _send_back(workspace, encode, images, latent_dims)
        gradient = weights.absolute_gradients(module)
    with torch.no_grad():
        batches = [workspace.tensor(inputs(seed, count)) for count in BATCHES]
        outputs = tuple(_latent(workspace, encode, batch) for batch in batches)
        repeated = _latent(workspace, encode, batches[1])
        steered = tuple(_steered(workspace, encode, images, level) for level in LEVELS)
        alike = build_alike(workspace, factory, latent_dims, module, images)
        rebuilt = _steered(workspace, on_images(workspace, alike, images.clone()), images, LEVELS[0])
        with SteeredNoise(1.0, alternating=True) as last:
            alternating = _latent(workspace, encode, images)
        same = _latent(workspace, encode, images[:1].repeat(COPIES, 1, 1, 1))
    run = SamplingRun(
        latent_dims=latent_dims,
        parameters=parameters,
        outputs=outputs,
        steered=steered,
        rebuilt=rebuilt,
        alternating=alternating,
        repeated=repeated,
        copies=same,
        on_rows=encode is not module,
        gradient=gradient,
        gradient_failure=gradient_failure,
        overwrites=not torch.equal(given, images),
        drops=last.tossed,
        masks=last.masks,
    )
    with torch.no_grad():
        if not is_plain(run):
            run = replace(run, many=(_latent(workspace, encode, images.repeat(ROUNDS[latent_dims], 1, 1, 1)),))
        if reaches_far(run):
            wide = (_steered(workspace, encode, images, WIDE),)
            run = replace(run, wide=wide, far=tuple(_far(workspace, module, encode, run, seed)))
    if needs_masks(run):
        run = replace(run, masked=tuple(_masked(workspace, module, encode, run, images, share) for share in SHARES))
    if not is_unmoved(run):
        line = _along_line(workspace, factory, run, seed)
        return replace(run, line=line, moves=None if line is None else _moves(workspace, factory, run, seed))
    module.eval()
    with torch.no_grad():
        evaluated = tuple(_steered(workspace, encode, images, level) for level in LEVELS[:2])
    return replace(run, evaluated=evaluated)


def _masked(
    workspace: Workspace, module: nn.Module, encode: "Encode", run: SamplingRun, images: Tensor, share: float
) -> Masked:
    module.zero_grad()
    with MaskedNoise(1.0, share, alternating=True):
        failure = _send_back(workspace, encode, images, run.latent_dims)
    gradient = weights.absolute_gradients(module)
    steered = []
    with torch.no_grad():
        for level in LEVELS:
            with MaskedNoise(level, share):
                steered.append(_latent(workspace, encode, images))
    return Masked(tuple(steered), gradient, failure)


def _far(
    workspace: Workspace, module: nn.Module, encode: "Encode", run: SamplingRun, seed: int
) -> Iterator[CallResult]:
    images = workspace.tensor(far_images(seed))
    for place, factor in product(head_weights(run.parameters, run.latent_dims), DRIVEN):
        with weights.one_driven(module, place, factor):
            for level in FAR_LEVELS:
                yield _steered(workspace, encode, images, level)


def _along_line(workspace: Workspace, factory: Any, run: SamplingRun, seed: int) -> LineScan | None:
    """μ and log σ along a line; ``None`` where the layers are the usual ones, with two heads or one for both."""
    latent_dims = run.latent_dims
    if has_usual_heads(run.parameters, PIXELS, latent_dims):
        return None
    if any(_is_astray(run.parameters, place, latent_dims) for place in head_weights(run.parameters, latent_dims)):
        return None
    ends = tuple(
        End(name, outputs, lambda module, images, call=call, shape=shape: call(module, shape(images)))  # type: ignore[misc]
        for name, outputs, call in (("heads", 2 * latent_dims, mu_and_log_sigma), ("mu", latent_dims, mu_of))
        for shape in (lambda images: images, lambda images: images.flatten(1))
    )
    return follow_network(workspace, factory, latent_dims, LineProbe(seed, (1, 28, 28), ends))


def _moves(workspace: Workspace, factory: Any, run: SamplingRun, seed: int) -> Moves | None:
    images = workspace.tensor(inputs(seed, STEERED_IMAGES)).double()
    images = images.flatten(1) if run.on_rows else images

    def numbers(module: nn.Module) -> Tensor:
        return parts_of_divergence(module, images)

    return observe_moves(workspace, factory, run.latent_dims, numbers, AMPLITUDES, seed)


def _is_astray(parameters: Sequence[Parameter], place: int, latent_dims: int) -> bool:
    """Whether a weight is that of a head which works on μ or on the pixels, in a usual network else."""
    sides = set(parameters[place].shape)
    after = place + 1 + (place + 1 < len(parameters) and parameters[place + 1].shape == (latent_dims,))
    others = [*parameters[:place], *parameters[after:]]
    return sides in ({latent_dims}, {latent_dims, PIXELS}) and is_usual(others, PIXELS, [latent_dims], deepest=1)


def _built_under_noise(workspace: Workspace, factory: Any, run: SamplingRun, seed: int) -> SamplingRun:
    """The run as it is when every level has a module of its own, built under it."""
    images = workspace.tensor(inputs(seed, STEERED_IMAGES))
    steered, gradient, gradient_failure = [], run.gradient, run.gradient_failure
    for level in LEVELS:
        with SteeredNoise(level):
            module = build(workspace, factory, run.latent_dims)
        if isinstance(module, Failure):
            return run
        encode = on_images(workspace, module, images)
        weights.load(module, AMPLITUDES, seed)
        if level == 1.0:
            gradient_failure = _backward(workspace, encode, images, run.latent_dims, alternating=False)
            gradient = weights.absolute_gradients(module)
        with torch.no_grad():
            steered.append(_latent(workspace, encode, images))
    return replace(
        run,
        steered=tuple(steered),
        rebuilt=steered[0],
        alternating=steered[LEVELS.index(1.0)],
        many=(),
        gradient=gradient,
        gradient_failure=gradient_failure,
    )


Encode = Callable[[Tensor], Any]


def _latent(workspace: Workspace, encode: Encode, images: Tensor) -> CallResult:
    """The latent; where ``forward`` stops after the sampling, such as in the KL's line, the ``z`` it had by then."""
    latent, _ = workspace.attempt_or_local(lambda: encode(images.clone()), "z")
    return as_call_result(latent)


def _steered(
    workspace: Workspace, encode: Encode, images: Tensor, level: float, alternating: bool = False
) -> CallResult:
    with SteeredNoise(level, alternating):
        return _latent(workspace, encode, images)


def _backward(
    workspace: Workspace, encode: Encode, images: Tensor, latent_dims: int, alternating: bool = True
) -> Failure | None:
    with SteeredNoise(1.0, alternating):
        return _send_back(workspace, encode, images, latent_dims)


def _send_back(workspace: Workspace, encode: Encode, images: Tensor, latent_dims: int) -> Failure | None:
    """Send the gradient of ``Σ directions · z`` to the parameters; what stopped it, if so."""
    value, _ = workspace.attempt_or_local(lambda: encode(images.clone()), "z")
    latent = first_tensor(value)
    if latent is not None and latent.requires_grad and latent.numel() == STEERED_IMAGES * latent_dims:
        weighted = latent.reshape(STEERED_IMAGES, latent_dims) * workspace.tensor(directions(latent_dims))
        workspace.attempt(lambda: weighted.sum().backward())
    return value if isinstance(value, Failure) else None
