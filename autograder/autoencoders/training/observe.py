"""Let the student's training function train a recording model."""

import math
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from inspect import signature
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

from autograder.autoencoders.rewriting.definitions import rewritten
from autograder.autoencoders.rewriting.effort import Effort
from autograder.autoencoders.rewriting.guesses.of_models import its_argument
from autograder.autoencoders.stand_ins import recorded
from autograder.autoencoders.training.probe import BATCHES, EPOCHS, Slip, TrainingRun, batches
from autograder.autoencoders.training.recording import Autoencoder, OutOfTime, Tape, variational
from autograder.autoencoders.training.retrying import Attempt, Mended, Trying
from autograder.autoencoders.training.steps import recorded_steps
from autograder.course import draws
from autograder.course.observation import Failure
from autograder.instruments.calling import Workspace

# A function that takes long is not run again and again until its time is over: no run begins or goes on after this.
_LONGEST = 4.0

Make = Callable[[Tape, int, str], Autoencoder]


def loader(seed: int, exercise: str) -> DataLoader[tuple[torch.Tensor, ...]]:
    """The probe's images with labels, in batches of unequal size."""
    images = torch.cat([torch.tensor(batch, dtype=torch.float32) for batch in batches(seed, exercise)])
    labels = torch.from_numpy(draws.generator(seed, exercise, "labels").permutation(len(images)) % 10)
    return DataLoader(TensorDataset(images, labels), batch_size=BATCHES[0], shuffle=False)


def run_training(workspace: Workspace, name: str, make: Make, seed: int) -> TrainingRun:
    """What the student's function ``name``, also the exercise's key, does with a recording model.

    Where a slip stops it, or takes a part of its loss away, it is what it does without the slip, if that shows more.
    """
    function = workspace.find(name, name)
    if isinstance(function, Failure):
        return TrainingRun(function)

    effort = Effort(_LONGEST)

    def attempt(without: Mended | None = None, within: Effort = effort, given: int = 3) -> Attempt:
        return _attempt(workspace, make, seed, name, without, within, given)

    parts = frozenset({"reconstruction", "kl"} if make is variational else {"reconstruction"})
    first = attempt(within=Effort(math.inf))
    if first.run.is_of_another_model and (uses_argument := its_argument(function, workspace.names)):
        with rewritten(uses_argument, workspace.names):
            run = Trying(attempt, workspace.names, parts, effort).settle(attempt())
        return replace(run, other_model=True) if run.shows_its_loss else first.run
    if _lacks_epochs(function, first):
        return _without_epochs(first, attempt(given=2))
    took = effort.spent
    if took > _LONGEST / 2:
        return first.run
    is_quick = took < _LONGEST / 4
    own = _own_model(workspace, first.run, parts) if is_quick else None
    if own is not None and _trains(workspace, function, own, loader(seed, name)):
        return replace(first.run, own_model_trained=True)
    return Trying(attempt, workspace.names, parts, effort).settle(first)


def _attempt(
    workspace: Workspace, make: Make, seed: int, name: str, without: Mended | None, effort: Effort, given: int
) -> Attempt:
    """One run of the function that has the name now; within ``without``, which mends a slip, if one has been seen.

    It is given so many of its arguments.
    """
    tape = Tape(effort=effort)
    model = make(tape, seed, workspace.device)
    result, failure, loss, stopped = None, None, None, None
    recording = recorded_steps(model, tape, workspace.names)
    with recorded(workspace) as stand_in_tape, recording, torch.enable_grad():
        try:
            with without(workspace.names, tape) if without is not None else nullcontext():
                result = workspace.find(name, name)(*(model, loader(seed, name), EPOCHS)[:given])
        except OutOfTime:
            return Attempt(TrainingRun(Failure("timeout")))
        except (Exception, SystemExit) as error:
            failure, stopped = workspace.failure(error), error
            loss = _local(workspace, error, "loss")
            if not tape.steps:
                _send_gradient(workspace, tape, loss if loss is not None else _local(workspace, error, "recon_loss"))
    run = TrainingRun(
        failure=failure,
        steps=tape.finished(),
        step_count=tape.step_count,
        trailing=tape.trailing(),
        loss=_as_number(loss),
        returned="model" if _is(result, model) else type(result).__name__[:80],
        never_sent=tape.is_never_sent,
        stand_in_called=bool(stand_in_tape.passes),
    )
    return Attempt(run, stopped, () if stopped is None else tuple(workspace.frames(stopped)))


def _lacks_epochs(function: Any, first: Attempt) -> bool:
    """Whether it stopped since it takes a model and data alone."""
    if first.frames or first.run.failure is None or first.run.failure.error != "TypeError":
        return False
    with suppress(TypeError, ValueError):
        signature(function).bind(None, None)
        return True
    return False


def _without_epochs(first: Attempt, again: Attempt) -> TrainingRun:
    """The run with a model and data alone, if that shows anything: the missing argument is a slip in its loop."""
    if first.run.failure is None or not again.run.shows_its_loss:
        return first.run
    return replace(again.run, rewritten=(Slip(first.run.failure, "loop"),))


def _is(result: Any, model: nn.Module) -> bool:
    """Whether this is the model, perhaps as ``torch.compile`` has wrapped it."""
    return result is model or (isinstance(result, nn.Module) and getattr(result, "_orig_mod", None) is model)


def _local(workspace: Workspace, error: BaseException, name: str) -> Any:
    """What a local variable of the student's functions held when an exception passed through; else ``None``."""
    frames = reversed(workspace.frames(error))
    return next((frame.f_locals[name] for frame, _ in frames if name in frame.f_locals), None)


def _as_number(loss: Any) -> float | None:
    if isinstance(loss, Tensor):
        return float(loss.detach()) if loss.numel() == 1 else None
    return float(loss) if isinstance(loss, (int, float, np.number)) else None


def _send_gradient(workspace: Workspace, tape: Tape, loss: Any) -> None:
    """Let a loss that the student's code did not come to send backwards show its gradient, summed to one number."""
    sent = any(one.gradient is not None or one.kl_gradient is not None for one in tape.passes)
    if isinstance(loss, Tensor) and loss.requires_grad and not sent:
        workspace.attempt(lambda: loss.sum().backward())


def _own_model(workspace: Workspace, run: TrainingRun, parts: frozenset[str]) -> nn.Module | None:
    """The student's own model, where the function may expect something of it that the probe's has not."""
    has_stopped = run.failure is not None and run.failure.kind == "raised" and not run.steps
    if "kl" not in parts or not (has_stopped or _takes_images_apart(run)):
        return None
    model = workspace.attempt(lambda: workspace.names["VariationalAutoencoder"](2))
    if not isinstance(model, nn.Module):
        return None
    model.to(workspace.device)
    return model if has_stopped or _gives_several(workspace, model) else None


def _takes_images_apart(run: TrainingRun) -> bool:
    """Whether some images of a batch get no gradient, as where what the model gives is taken for several things."""
    sent = [one.gradient for step in run.steps for one in step.forwards if one.gradient is not None]
    return any(not np.any(gradient, axis=1).all() for gradient in sent)


def _gives_several(workspace: Workspace, model: nn.Module) -> bool:
    """Whether it gives more for an image than its reconstruction."""
    image = torch.zeros((1, 1, 28, 28), device=workspace.device)
    with torch.no_grad():
        return isinstance(workspace.attempt(lambda: model(image)), (tuple, list, dict))


def _trains(workspace: Workspace, function: Any, model: nn.Module, data: DataLoader[tuple[torch.Tensor, ...]]) -> bool:
    before = [parameter.detach().clone() for parameter in model.parameters()]
    with torch.enable_grad():
        result = workspace.attempt(lambda: function(model, data, EPOCHS))
    changed = any(not torch.equal(old, new.detach()) for old, new in zip(before, model.parameters(), strict=True))
    return changed and not isinstance(result, Failure)
