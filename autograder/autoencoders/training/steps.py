"""Writing down every step of an optimizer on the probe's model: what it found at the weights, and what it changed."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.optimizer import (
    Optimizer,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

from autograder.autoencoders.training.by_hand import StepsByHand
from autograder.autoencoders.training.probe import MOST_STEPS, Step
from autograder.autoencoders.training.recording import Tape, added, joined


@contextmanager
def recorded_steps(model: nn.Module, tape: Tape, names: dict[str, Any]) -> Iterator[None]:
    """Write every optimizer step on the model's parameters to the tape.

    Where no loss is ever sent backwards, those that stood in ``loss`` at each step are sent at the end.

    Args:
        model: the model.
        tape: where the steps are written.
        names: the globals of the functions whose ``loss`` that is.
    """
    recorder = _Steps(list(model.parameters()), tape, names)
    by_hand = StepsByHand(recorder.parameters, tape)
    tape.before_pass = by_hand.look
    tape.hooks += [
        parameter.register_hook(_arrival(tape, place, parameter)) for place, parameter in enumerate(recorder.parameters)
    ]
    tape.hooks += [register_optimizer_step_pre_hook(recorder.before), register_optimizer_step_post_hook(recorder.after)]
    try:
        yield
        by_hand.look()
        recorder.send_unsent()
    finally:
        tape.close()


@dataclass
class _Steps:
    """What is asked before and after each step of any optimizer."""

    parameters: list[nn.Parameter]
    tape: Tape
    names: dict[str, Any]
    values: list[Tensor] = field(default_factory=list)
    losses: list[Tensor] = field(default_factory=list)

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
            used = joined([torch.zeros_like(p) if p.grad is None else p.grad for p in parameters])
            arrived = joined([tape.arrived.get(place, torch.zeros_like(p)) for place, p in enumerate(parameters)])
            tape.steps.append(
                Step(
                    (),
                    used,
                    arrived,
                    number,
                    self._held(optimizer),
                    joined(self.values),
                    tape.late_kl,
                    was_cleared=tape.was_cleared,
                )
            )
            tape.passes_of_steps.append(tuple(tape.passes))
            self._keep_loss()
        tape.clear()

    def _keep_loss(self) -> None:
        """Keep the loss of the step, as long as none has been sent backwards."""
        tape = self.tape
        if tape.arrived or len(self.losses) != len(tape.steps) - 1:
            self.losses.clear()
            return
        frame = sys._getframe()
        while frame.f_back is not None and frame.f_globals is not self.names:
            frame = frame.f_back
        loss = frame.f_locals.get("loss") if frame.f_globals is self.names else None
        if isinstance(loss, Tensor) and loss.requires_grad:
            self.losses.append(loss)

    def send_unsent(self) -> None:
        """Send the losses backwards if none was, so that they can be judged all the same."""
        tape = self.tape
        late = any(noted.gradient is not None for passes in tape.passes_of_steps for noted in passes)
        if not self.losses or len(self.losses) != len(tape.steps) or tape.arrived or late:
            return
        if any(loss.is_leaf and loss.grad is not None for loss in self.losses):
            return  # sent, from a loss that was made a leaf of its own
        tape.is_never_sent = True
        for place, (loss, passes) in enumerate(zip(self.losses, tape.passes_of_steps, strict=True)):
            tape.arrived.clear()
            for noted in passes:
                noted.is_over = False
            with suppress(RuntimeError):
                loss.sum().backward()
            arrived = [tape.arrived.get(number, torch.zeros_like(p)) for number, p in enumerate(self.parameters)]
            tape.steps[place] = replace(tape.steps[place], arrived=joined(arrived))

    def after(self, optimizer: Optimizer, _args: tuple[Any, ...], _kwargs: dict[str, Any]) -> None:
        if not self.values or not any(self._held(optimizer)) or self.tape.step_count > MOST_STEPS:
            return
        changes = [now.detach() - value for now, value in zip(self.parameters, self.values, strict=True)]
        step = self.tape.steps[-1]
        moved = tuple(float(change.abs().max()) for change in changes)
        along = float(np.dot(joined(changes).astype(np.float64), step.used.astype(np.float64)))
        self.tape.steps[-1] = replace(step, moved=moved, along=along)


def _arrival(tape: Tape, place: int, parameter: nn.Parameter) -> Callable[[Tensor], None]:
    def arrive(gradient: Tensor) -> None:
        before = tape.arrived.get(place)
        if before is not None and bool(before.any()):
            # What arrives now is not yet added to what is there.
            tape.was_cleared = tape.was_cleared or parameter.grad is None or not bool(parameter.grad.any())
        tape.arrived[place] = added(before, gradient)

    return arrive
