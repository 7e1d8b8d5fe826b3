"""Writing down every step of an optimizer on the probe's model: what it found at the weights, and what it changed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
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

from autograder.autoencoders.training.probe import MOST_STEPS, Step
from autograder.autoencoders.training.recording import Tape, added


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
                Step((), used, arrived, number, self._held(optimizer), _joined(self.values), tape.late_kl)
            )
            tape.passes_of_steps.append(tuple(tape.passes))
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
        tape.arrived[place] = added(tape.arrived.get(place), gradient)

    return arrive


def _joined(tensors: list[Tensor]) -> npt.NDArray[np.float32]:
    return torch.cat([tensor.detach().reshape(-1).to("cpu", torch.float32) for tensor in tensors]).numpy()
