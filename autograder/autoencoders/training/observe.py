"""Let the student's training function train a recording model."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from traceback import walk_tb
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from autograder.autoencoders.stand_ins import recorded
from autograder.autoencoders.training.mending import mended, uncut
from autograder.autoencoders.training.probe import BATCHES, EPOCHS, TrainingRun, batches
from autograder.autoencoders.training.recording import Autoencoder, Tape, variational
from autograder.autoencoders.training.slips import slip_to_mend
from autograder.autoencoders.training.steps import recorded_steps
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
    """What the student's function ``name``, also the exercise's key, does with a recording model.

    Where its loss cannot be sent backwards because of a slip, it is what it does without the slip, if that helps.
    """
    function = workspace.find(name, name)
    if isinstance(function, Failure):
        return TrainingRun(function)
    run = _run(workspace, function, make, seed, name)
    slip = slip_to_mend(run.failure)
    if run.steps:
        return _uncut(run, lambda: _run(workspace, function, make, seed, name, uncut), make)
    if not slip or (slip == "kl-not-there" and make is not variational):
        return run
    again = _run(workspace, function, make, seed, name, partial(mended, run.failure))
    return replace(again, mended=run.failure) if again.shows_its_loss else run


def _uncut(run: TrainingRun, run_uncut: Callable[[], TrainingRun], make: Make) -> TrainingRun:
    """The run, or the one without cuts if that shows a part of the loss which this one does not."""
    parts = {"reconstruction", "kl"} if make is variational else {"reconstruction"}
    if run.parts_sent == parts or run.never_sent:
        return run
    again = run_uncut()
    found = again.parts_sent - run.parts_sent
    if not found or again.step_count != run.step_count or (again.failure is None) != (run.failure is None):
        return run
    cut: Any = next(iter(found)) if run.parts_sent else "all"
    return replace(again, cut=cut)


Mended = Callable[[dict[str, Any], Tape], AbstractContextManager[None]]


def _run(
    workspace: Workspace, function: Any, make: Make, seed: int, name: str, without: Mended | None = None
) -> TrainingRun:
    """One run of the function; within ``without``, which mends a slip, if one has been seen."""
    tape = Tape()
    model = make(tape, seed, workspace.device)
    result, failure, loss = None, None, None
    recording = recorded_steps(model, tape, workspace.names)
    with recorded(workspace) as stand_in_tape, recording, torch.enable_grad():
        try:
            with without(workspace.names, tape) if without is not None else nullcontext():
                result = function(model, loader(seed, name), EPOCHS)
        except (Exception, SystemExit) as error:
            failure = workspace.failure(error)
            loss = _local(workspace, error, "loss")
            if not tape.steps:
                _send_gradient(workspace, tape, loss if loss is not None else _local(workspace, error, "recon_loss"))
    return TrainingRun(
        failure=failure,
        steps=tape.finished(),
        step_count=tape.step_count,
        trailing=tape.trailing(),
        loss=_as_number(loss),
        returned="model" if _is(result, model) else type(result).__name__[:80],
        never_sent=tape.is_never_sent,
        stand_in_called=bool(stand_in_tape.passes),
        own_model_trained=_may_expect_own(failure, tape) and _trains_own(workspace, function, seed, name),
    )


def _is(result: Any, model: nn.Module) -> bool:
    """Whether this is the model, perhaps as ``torch.compile`` has wrapped it."""
    return result is model or (isinstance(result, nn.Module) and getattr(result, "_orig_mod", None) is model)


def _local(workspace: Workspace, error: BaseException, name: str) -> Any:
    """What a local variable of the student's functions held when an exception passed through; else ``None``."""
    frames = [frame for frame, _ in walk_tb(error.__traceback__) if frame.f_globals is workspace.names]
    return next((frame.f_locals[name] for frame in reversed(frames) if name in frame.f_locals), None)


def _as_number(loss: Any) -> float | None:
    if isinstance(loss, Tensor):
        return float(loss.detach()) if loss.numel() == 1 else None
    return float(loss) if isinstance(loss, (int, float, np.number)) else None


def _send_gradient(workspace: Workspace, tape: Tape, loss: Any) -> None:
    """Let a loss that the student's code did not come to send backwards show its gradient, summed to one number."""
    sent = any(one.gradient is not None or one.kl_gradient is not None for one in tape.passes)
    if isinstance(loss, Tensor) and loss.requires_grad and not sent:
        workspace.attempt(lambda: loss.sum().backward())


def _may_expect_own(failure: Failure | None, tape: Tape) -> bool:
    """Whether what stopped the function may be a part that the student's own model has and the probe's has not."""
    return failure is not None and failure.kind == "raised" and not tape.steps


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
