"""Following a network of the student's along a line, in double precision, under weights of its own."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from math import log, prod, sqrt
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from autograder.autoencoders.networks.line import (
    HIDDEN_UNITS,
    MOST_MISSED,
    MOST_OPEN,
    MOST_POINTS,
    SPREAD,
    TRACKED,
    Bends,
    LineScan,
    More,
)
from autograder.course import draws
from autograder.instruments import weights
from autograder.instruments.bending import Sampled, count_bends, count_unresolved, follow, sample
from autograder.instruments.calling import Workspace
from autograder.instruments.uncutting import uncut
from autograder.instruments.weights import constants

# The line leads from near the origin far out, so that nearly every hidden unit turns on or off somewhere on it; how
# large the outputs may become there keeps readable what a sigmoid or an exponential is made of.
_END, _WIDTH, _STEP = 100.0, 1e-3, 1000.0
_TRIED, _FITTINGS, _MOST_LAYERS = 20, 24, 12.0
# Of many layers doubled parameters make outputs a hundred times as large.
_LARGEST_OUTPUTS = (4.0, 0.1)
# On one line in a hundred a unit turns on or off beyond the ends; then other weights and another line are tried.
_LINES = 4

# So many inputs of a convolution stay in the processor's cache; more of them take five times as long each.
_AT_A_TIME = 128
# Networks of many layers take long in double precision; what takes longer than that is not followed.
_SECONDS = 9.0

# Gives what the network has computed before its last function, shape (batch, outputs).
Call = Callable[[nn.Module, Tensor], Tensor]


@dataclass(frozen=True)
class End:
    """What a network may end in.

    Attributes:
        name: the last function.
        outputs: how many numbers there are for each input.
        call: gives what the network has computed before that function; NaN for what the function never gives.
        decides: whether no other end is looked for once this one fits.
    """

    name: str
    outputs: int
    call: Call
    decides: bool = False


@dataclass(frozen=True)
class LineProbe:
    """How a network is followed.

    Attributes:
        seed: the probe's seed.
        shape: of one input.
        ends: what it may end in, likeliest first.
    """

    seed: int
    shape: tuple[int, ...]
    ends: tuple[End, ...]


def follow_network(workspace: Workspace, factory: Any, latent_dims: int, probe: LineProbe) -> LineScan | None:
    """What the student's network does along a line, with the first end that lets its bends be followed.

    Without one what a curved function looks like; ``None`` where nothing can be followed at all.
    """
    found: dict[str, LineScan] = {}
    until = time.process_time() + _SECONDS
    # What keeps a gradient from arriving is seen elsewhere; here it would hide how the outputs move.
    with doubles(), uncut(workspace.names):
        for end in probe.ends:
            if end.name in found:
                continue
            module = workspace.attempt(lambda: factory(latent_dims))
            scan = workspace.attempt(partial(_scan, workspace, module, probe, end, until))
            if isinstance(scan, LineScan):
                found[end.name] = scan
                if scan.more is not None or end.decides:
                    return scan
    return next(iter(found.values()), None)


@contextmanager
def doubles() -> Iterator[None]:
    """Have torch make float64 wherever no type is named, and take no shortcut that has no derivative."""
    kept, shortcut = torch.get_default_dtype(), torch.backends.mha.get_fastpath_enabled()
    torch.set_default_dtype(torch.float64)
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with sdpa_kernel(SDPBackend.MATH):
            yield
    finally:
        torch.set_default_dtype(kept)
        torch.backends.mha.set_fastpath_enabled(shortcut)


def _scan(workspace: Workspace, module: nn.Module, probe: LineProbe, end: End, until: float) -> LineScan | None:
    module = module.to(workspace.device, torch.float64)
    if end.call(module, torch.zeros((2, *probe.shape), device=workspace.device)).shape != (2, end.outputs):
        return None
    scans = (_scan_within(workspace, module, probe, end, largest, until) for largest in _LARGEST_OUTPUTS)
    return next((scan for scan in scans if scan is not None), None)


def _scan_within(
    workspace: Workspace, module: nn.Module, probe: LineProbe, end: End, largest: float, until: float
) -> LineScan | None:
    """A scan in which outputs are about so large before their last function; ``None`` where they leave all numbers."""
    for attempt in range(_LINES):
        _draw(module, probe.seed, f"first {attempt}")
        start, direction = (
            torch.from_numpy(draws.generator(probe.seed, "line", name, attempt).uniform(low, 1.0, probe.shape))
            for name, low in (("start", 0.0), ("direction", -1.0))
        )
        path = _Path(module, end.call, start.to(workspace.device), _STEP * direction.to(workspace.device), until)
        if end.decides and bool(path.outputs(torch.linspace(-_END, _END, _TRIED, dtype=torch.float64)).isnan().any()):
            return None
        # A sum has all its digits however large it is.
        if not (factor := 1.0 if end.name == "identity" else _fit(path, largest)):
            return None
        first = follow(path.tracked, _END, _WIDTH, MOST_POINTS)
        if not 0 < abs(count_bends(first) - HIDDEN_UNITS) <= MOST_MISSED:
            break
    if count_unresolved(first) > MOST_OPEN:
        return LineScan(end.name, _bends(first), None)
    # Of more units than that nobody asks which activation they have.
    is_wide = count_bends(first) > SPREAD
    spread = torch.zeros((len(first.points), SPREAD), dtype=torch.float64) if is_wide else path.spread(first.points)
    _multiply(module, 2.0)
    doubled = sample(path.tracked, first.points)
    _draw(module, probe.seed, "second")
    _multiply(module, factor)
    redrawn = follow(path.tracked, _END, _WIDTH, MOST_POINTS)
    if not all(bool(one.values.isfinite().all() & one.slopes.isfinite().all()) for one in (first, doubled, redrawn)):
        return None
    return LineScan(end.name, _bends(first), More(_bends(doubled), _bends(redrawn), spread.numpy()))


def _bends(sampled: Sampled) -> Bends:
    return Bends(sampled.points.numpy(), sampled.values.numpy(), sampled.slopes.numpy())


@dataclass(frozen=True)
class _Path:
    """A module along the line ``start + point * step``, for so long."""

    module: nn.Module
    call: Call
    start: Tensor
    step: Tensor
    until: float

    def inputs(self, points: Tensor) -> Tensor:
        return self.start + points.to(self.start.device).reshape(-1, *[1] * self.start.ndim) * self.step

    def outputs(self, points: Tensor) -> Tensor:
        if time.process_time() > self.until:
            raise TimeoutError("following this network takes too long")
        return torch.cat([self.call(self.module, some).cpu() for some in self.inputs(points).split(_AT_A_TIME)])

    def tracked(self, points: Tensor) -> Tensor:
        """Some of the outputs."""
        outputs = self.outputs(points)
        return outputs[:, :: -(-outputs.shape[1] // TRACKED)]

    def spread(self, points: Tensor) -> Tensor:
        """Further derivatives, shape (n, SPREAD): of as many outputs along the line, or of the first by inputs."""
        if self.outputs(points[:1]).shape[1] >= SPREAD:
            return sample(self.outputs, points).slopes[:, :SPREAD].contiguous()
        with torch.enable_grad():
            inputs = self.inputs(points).requires_grad_()
            (gradient,) = torch.autograd.grad(self.call(self.module, inputs)[:, 0].sum(), inputs)
        return gradient.cpu().flatten(1)[:, :SPREAD].contiguous()


def _draw(module: nn.Module, seed: int, which: str) -> None:
    """Give the parameters new values, such that sums over a layer's inputs are about 1; constants keep theirs."""
    kept = constants(module)
    with torch.no_grad():
        for place, parameter in enumerate(weights.drawn(module)):
            if id(parameter) in kept:
                continue
            shape = tuple(parameter.shape)
            fan = prod(shape) // max(shape) if len(shape) > 1 and 0 not in shape else 1
            drawn = draws.generator(seed, "line", which, place).uniform(-1.0, 1.0, shape) / sqrt(fan)
            parameter.copy_(torch.from_numpy(drawn))


def _multiply(module: nn.Module, factor: float) -> None:
    kept = constants(module)
    with torch.no_grad():
        for parameter in module.parameters():
            if id(parameter) not in kept:
                parameter.mul_(factor)


def _fit(path: _Path, most: float) -> float:
    """Make the outputs at both ends of the line nearly as large as they may be: by what factor, 0 where none does.

    How fast they grow with the parameters depends on how many layers there are, and is learned on the way; what is
    known to be too small or too large bounds the next try.
    """
    ends, factor = torch.tensor([-_END, _END], dtype=torch.float64), 1.0
    power, by, before, low, high = 2.0, 1.0, 0.0, 0.0, 0.0
    for _ in range(_FITTINGS):
        with torch.no_grad():
            largest = float(path.outputs(ends).abs().max())
        if most / 8 < largest <= most:
            return factor
        is_usable = 0.0 < largest < 1e30
        if is_usable and before and abs(log(by)) > 1e-3:
            power = min(max(log(largest / before) / log(by), 1.0), _MOST_LAYERS)
        if is_usable and largest < most:
            low = factor
        else:
            high = factor
        by = 0.9 * (most / largest) ** (1.0 / power) if is_usable else 0.1
        before = largest if is_usable else 0.0
        if low and high and not low < factor * by < high:
            by = sqrt(low * high) / factor
        _multiply(path.module, by)
        factor *= by
    return 0.0
