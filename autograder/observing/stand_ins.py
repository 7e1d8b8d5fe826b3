"""Models and data that stand in for the notebook's own while student code is tried.

Code that reaches for the notebook's global model instead of its argument then meets the same thing in the grader and in
the student's kernel, and the student's own models stay as they are.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from torch.utils.data import DataLoader, TensorDataset

from autograder import probes
from autograder.observing.calling import Workspace
from autograder.observing.recording import Tape, plain, variational

_MISSING = object()
_SEED = -1  # no probe's, so that their numbers are not those of a model that is judged


@dataclass(frozen=True)
class StandIns:
    """One set of stand-ins, by name, and the tape of their use."""

    names: Mapping[str, Any]
    tape: Tape


_prepared: list[StandIns] = []


def prepare(count: int) -> None:
    """Make sets for the CPU ahead, for each process that is forked from this one."""
    _prepared.extend(_made(Workspace({})) for _ in range(count))


def make(workspace: Workspace) -> StandIns:
    """A set of stand-ins for the names that the notebook's driver cells give."""
    return _prepared.pop() if _prepared and workspace.device == "cpu" else _made(workspace)


def _made(workspace: Workspace) -> StandIns:
    tape = Tape()
    images = workspace.tensor(probes.images(4, _SEED, "stand-in")).cpu()
    labels = workspace.tensor(probes.uniform(0, 10, (4,), _SEED, "stand-in")).cpu().long()
    names: dict[str, Any] = {
        "device": workspace.device,  # Apple's MPS has no float64, so checks run on the CPU there
        "latent_dims": 2,
        "autoencoder": plain(tape, _SEED, workspace.device),
        "vae": variational(tape, _SEED, workspace.device),
        "data": DataLoader(TensorDataset(images, labels), batch_size=2),
    }
    return StandIns(names, tape)


@contextmanager
def in_place(workspace: Workspace, made: StandIns) -> Iterator[None]:
    """Have stand-ins under their names inside; afterwards the names are as they were."""
    before = {name: workspace.names.get(name, _MISSING) for name in made.names}
    workspace.names.update(made.names)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is _MISSING:
                workspace.names.pop(name, None)
            else:
                workspace.names[name] = value


@contextmanager
def stand_ins(workspace: Workspace) -> Iterator[Tape]:
    """Have a new set of stand-ins in place; yields the tape of their use."""
    made = make(workspace)
    with in_place(workspace, made):
        yield made.tape
