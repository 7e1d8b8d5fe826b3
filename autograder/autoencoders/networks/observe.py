"""Running an encoder or a decoder of the student's on a probe."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from autograder.autoencoders.networks.line import is_deep, is_short, is_usual
from autograder.autoencoders.networks.moves import Moves
from autograder.autoencoders.networks.observe_line import LineProbe, doubles, follow_network
from autograder.autoencoders.networks.observe_moves import observe_moves
from autograder.autoencoders.networks.probe import BATCHES, FEW, LATENT_DIMS, MILD, NetworkRun
from autograder.autoencoders.probe_data import LARGER, calming, head_weights
from autograder.course import draws
from autograder.course.observation import CallResult, Failure
from autograder.instruments import weights
from autograder.instruments.calling import Workspace, as_call_result, first_tensor, not_a_module
from autograder.instruments.left_behind import leaves_something
from autograder.instruments.noise import LowestNoise, NoNoise
from autograder.instruments.prepared_draws import PreparedDraws

_ANOTHER_START = 7919


@dataclass(frozen=True)
class NetworkProbe:
    """What a network is tried with.

    Attributes:
        seed: the probe's seed.
        amplitudes: sizes of the weights.
        inputs: gives the input for a latent size and a batch size.
        reshape: the other layout in which an input may be expected.
        source: what a batch comes from: data as it is, or something that learns and wants a gradient.
        sizes: for a latent size how many numbers go in, and what the last layers give.
        line: for a latent size how a network of other layers is followed.
    """

    seed: int
    amplitudes: draws.Amplitudes
    inputs: Callable[[int, int], draws.Float64Array]
    reshape: Callable[[Tensor], Tensor]
    source: Callable[[Tensor], Tensor]
    sizes: Callable[[int], tuple[int, Sequence[int]]]
    line: Callable[[int], LineProbe]


def build(workspace: Workspace, factory: Any, latent_dims: int, start: int = 0) -> nn.Module | Failure:
    """The student's module for this latent size; lazy layers have no shapes before it has run once.

    Args:
        workspace: the student's names.
        factory: the class.
        latent_dims: the latent size.
        start: what is drawn begins there, as in ``PreparedDraws``.
    """
    with PreparedDraws(start):
        module = workspace.attempt(lambda: factory(latent_dims))
    if isinstance(module, Failure):
        return module
    if not isinstance(module, nn.Module):
        return not_a_module(module)
    return module.to(workspace.device)


def build_alike(workspace: Workspace, factory: Any, latent_dims: int, module: nn.Module, given: Tensor) -> nn.Module:
    """Another module of the class with all that this one has registered; itself where there is none.

    What is not registered, such as layers in a plain list, begins with other weights in it.

    Args:
        workspace: the student's names.
        factory: the class.
        latent_dims: the latent size.
        module: the one whose parameters and buffers it takes.
        given: what lazy layers learn their shapes from.
    """
    other = build(workspace, factory, latent_dims, _ANOTHER_START)
    if isinstance(other, Failure):
        return module
    with torch.no_grad():
        workspace.attempt(lambda: other(given.clone()))
        theirs, own = ([*one.parameters(), *one.buffers()] for one in (module, other))
        if [one.shape for one in theirs] != [one.shape for one in own]:
            return module
        for taken, put in zip(theirs, own, strict=True):
            put.copy_(taken)
    return other.train(module.training)


def on_images(workspace: Workspace, module: nn.Module, images: Tensor) -> Callable[[Tensor], Any]:
    """The module as it is; one that works on rows of pixels only is given these, so that the rest can be judged."""

    def on_rows(batch: Tensor) -> Any:
        return module(batch.flatten(1))

    with torch.no_grad():
        as_it_is, _ = workspace.attempt_or_local(lambda: module(images), "z")
        if not isinstance(as_it_is, Failure):
            return module
        rows, _ = workspace.attempt_or_local(lambda: on_rows(images), "z")
    return module if isinstance(rows, Failure) else on_rows


def run_networks(workspace: Workspace, factory: Any, probe: NetworkProbe) -> tuple[NetworkRun, ...]:
    """One run of the student's class for each latent size."""
    if isinstance(factory, Failure):
        return tuple(NetworkRun(latent_dims, build_failure=factory) for latent_dims in LATENT_DIMS)
    runs: list[NetworkRun] = []
    for latent_dims in LATENT_DIMS:
        runs.append(_run(workspace, factory, probe, latent_dims, runs))
    return tuple(runs)


def _run(
    workspace: Workspace, factory: Any, probe: NetworkProbe, latent_dims: int, before: Sequence[NetworkRun]
) -> NetworkRun:
    batches = [workspace.tensor(probe.inputs(latent_dims, count)) for count in BATCHES]
    few = batches[BATCHES.index(FEW)]
    given = few.clone()
    module = build(workspace, factory, latent_dims)
    if isinstance(module, Failure):
        return NetworkRun(latent_dims, build_failure=module)
    with torch.no_grad():
        workspace.attempt(lambda: module(given))
    parameters = weights.load(module, probe.amplitudes, probe.seed)
    source = probe.source(batches[-1])
    # Copies: what wants a gradient may not be changed in place, and what is changed would spoil the next call.
    values = [workspace.attempt(lambda batch=batch: module(batch.clone())) for batch in (*batches[:-1], source)]  # type: ignore[misc]
    reshaped = workspace.attempt(lambda: module(probe.reshape(few.clone())))
    usable = (first_tensor(value) for value in (values[-1], reshaped, *values))
    _backward(workspace, next((tensor for tensor in usable if tensor is not None), None))
    gradient = weights.absolute_gradients(module)
    if not any(gradient):
        with weights.all_smaller(module, MILD):
            _backward(workspace, first_tensor(workspace.attempt(lambda: module(source))))
            gradient = weights.absolute_gradients(module)
    with torch.no_grad():
        repeated = workspace.call(lambda: module(few.clone()))
        is_apart = _are_apart(as_call_result(values[BATCHES.index(FEW)]), repeated)
        unsettled = is_apart and leaves_something(workspace, module, few, batches[-1])
        module.eval()
        evaluated = workspace.call(lambda: module(few.clone()))
        reevaluated = workspace.call(lambda: module(few.clone()))
        usual = is_usual(parameters, *probe.sizes(latent_dims), deepest=2)
        with NoNoise():
            still = (
                workspace.call(lambda: module(few.clone())) if usual and _are_apart(evaluated, reevaluated) else None
            )
            again = workspace.call(lambda: module(few.clone())) if still is not None else None
        # Without random draws something of the input has to be left.
        quiet = still is not None and again is not None and not _are_apart(still, again) and _has_rows(still)
        lowest: tuple[CallResult, ...] = ()
        if still is not None and again is not None and quiet:
            evaluated, reevaluated = still, again
            with LowestNoise():
                lowest = (workspace.call(lambda: module(few.clone())),)
        alike = build_alike(workspace, factory, latent_dims, module, few)
        with NoNoise() if quiet else nullcontext():
            rebuilt = workspace.call(lambda: alike(few.clone()))
        far = tuple(_far(workspace, module, few, place) for place in head_weights(parameters, latent_dims))
        with weights.all_smaller(module, MILD), NoNoise() if quiet else nullcontext():
            mild = workspace.call(lambda: module(few.clone()))
        weights.change(module)
        with NoNoise() if quiet else nullcontext():
            reweighted = workspace.call(lambda: module(few.clone()))
    line = moves = None
    precise = (_in_double(workspace, module, few, probe),) if is_deep(parameters) else ()
    has_own_weights = _are_apart(rebuilt, evaluated) and not _are_apart(evaluated, reevaluated)
    if not has_own_weights and (not usual or precise or is_short(parameters)):
        # A network of many units or layers takes seconds to follow; it is the same one for every latent size.
        long = next((run.line for run in before if run.line is not None and (run.line.is_wide or run.precise)), None)
        line = long or follow_network(workspace, factory, latent_dims, probe.line(latent_dims))
        moves = None if line is long else _moves(workspace, factory, latent_dims, few, probe)
    return NetworkRun(
        latent_dims=latent_dims,
        parameters=parameters,
        outputs=tuple(as_call_result(value) for value in values),
        repeated=repeated,
        evaluated=evaluated,
        reevaluated=reevaluated,
        rebuilt=rebuilt,
        reweighted=reweighted,
        reshaped=as_call_result(reshaped),
        mild=mild,
        far=far,
        gradient=gradient,
        input_gradient=0.0 if source.grad is None else float(source.grad.abs().sum()),
        overwrites=not torch.equal(given, few),
        unsettled=unsettled,
        quiet=quiet,
        lowest=lowest,
        precise=precise,
        line=line,
        moves=moves,
    )


def _moves(workspace: Workspace, factory: Any, latent_dims: int, batch: Tensor, probe: NetworkProbe) -> Moves | None:
    batch = batch.double()

    def number(module: nn.Module) -> Tensor:
        outputs: Tensor = module(batch).flatten()
        return (outputs * torch.arange(len(outputs), device=outputs.device).cos()).sum().reshape(1)

    return observe_moves(workspace, factory, latent_dims, number, probe.amplitudes, probe.seed)


def _far(workspace: Workspace, module: nn.Module, batch: Tensor, place: int) -> CallResult:
    with weights.one_larger(module, place, LARGER):
        return workspace.call(lambda: module(batch.clone()))


def _in_double(workspace: Workspace, module: nn.Module, batch: Tensor, probe: NetworkProbe) -> CallResult:
    weights.load(module, probe.amplitudes, probe.seed)
    with doubles(), torch.no_grad():
        module.double()
        for parameter in weights.drawn(module):
            parameter.mul_(calming(parameter.shape, probe.amplitudes))
        return workspace.call(lambda: module(batch.double()))


def _are_apart(one: CallResult, other: CallResult) -> bool:
    return one.value is not None and other.value is not None and not np.array_equal(one.value, other.value)


def _has_rows(one: CallResult) -> bool:
    """Whether the batch's first rows are different ones."""
    return one.value is not None and one.value.ndim > 1 and not np.allclose(one.value[0], one.value[1])


def _backward(workspace: Workspace, value: Tensor | None) -> None:
    if value is not None and value.requires_grad:
        direction = torch.linspace(0.5, 1.5, value.numel(), device=value.device).reshape(value.shape)
        workspace.attempt(lambda: (value * direction).sum().backward())
