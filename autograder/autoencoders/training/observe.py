"""Let the student's training function train a recording model."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from autograder.autoencoders.stand_ins import recorded
from autograder.autoencoders.training.probe import BATCHES, EPOCHS, TrainingRun, batches
from autograder.autoencoders.training.recording import Autoencoder, Tape, recorded_steps
from autograder.course import draws
from autograder.course.observation import Failure
from autograder.instruments.calling import Workspace

Make = Callable[[Tape, int, str], Autoencoder]


def loader(seed: int, exercise: str) -> DataLoader[tuple[torch.Tensor, ...]]:
    """The probe's images with labels, in batches of unequal size."""
    images = torch.cat([torch.tensor(batch, dtype=torch.float32) for batch in batches(seed, exercise)])
    labels = torch.from_numpy(draws.generator(seed, exercise, "labels").integers(0, 10, len(images)))
    return DataLoader(TensorDataset(images, labels), batch_size=BATCHES[0], shuffle=False)


def run_training(workspace: Workspace, name: str, make: Make, seed: int) -> TrainingRun:
    """What the student's function ``name``, also the exercise's key, does with a recording model."""
    function = workspace.find(name, name)
    if isinstance(function, Failure):
        return TrainingRun(function)
    tape = Tape()
    model = make(tape, seed, workspace.device)
    with recorded(workspace) as stand_in_tape, recorded_steps(model, tape), torch.enable_grad():
        result, failure = workspace.attempt_or_local(lambda: function(model, loader(seed, name), EPOCHS), "loss")
        if failure is not None and isinstance(result, Tensor) and result.requires_grad and not tape.steps:
            _send_gradient(workspace, result)
    return TrainingRun(
        failure=failure,
        steps=tuple(tape.steps),
        trailing=tape.trailing(),
        returned="model" if result is model else type(result).__name__[:80],
        stand_in_called=bool(stand_in_tape.passes) or stand_in_tape.images is not None,
        own_model_trained=_expects_another_interface(failure) and _trains_own(workspace, function, seed, name),
    )


def _send_gradient(workspace: Workspace, loss: Tensor) -> None:
    """Let a loss that the student's code could not send backwards show its gradient, summed to one number."""
    if loss.numel() > 1:
        workspace.attempt(lambda: loss.sum().backward())


def _expects_another_interface(failure: Failure | None) -> bool:
    return failure is not None and failure.kind == "raised" and "unpack" in failure.message


def _trains_own(workspace: Workspace, function: Any, seed: int, exercise: str) -> bool:
    """Whether the function trains the student's own model, one whose interface the two may share."""
    model = workspace.attempt(lambda: workspace.names["VariationalAutoencoder"](2))
    if not isinstance(model, nn.Module):
        return False
    model.to(workspace.device)
    before = [parameter.detach().clone() for parameter in model.parameters()]
    with torch.enable_grad():
        result = workspace.attempt(lambda: function(model, loader(seed, exercise), EPOCHS))
    changed = any(not torch.equal(old, new.detach()) for old, new in zip(before, model.parameters(), strict=True))
    return changed and not isinstance(result, Failure)
