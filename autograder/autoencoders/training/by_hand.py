"""Steps without an optimizer of torch's: the weights were changed by the student's own lines.

They are noticed when the model is called again, or at the end, and written down as an optimizer's steps are. As long
as the weights went along the gradients that had arrived, or as an optimizer would have them go by these, these are what
was used; how far they went says nothing.
"""

from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from autograder.autoencoders.training.probe import MOST_STEPS, Step
from autograder.autoencoders.training.recording import Tape, joined
from autograder.autoencoders.training.stepping_rules import SteppingRules

# In place of an optimizer's number.
BY_HAND = -1


@dataclass
class StepsByHand:
    """Looks whether the weights have changed since the last look.

    Attributes:
        parameters: the model's.
        tape: where the steps are written.
    """

    parameters: list[nn.Parameter]
    tape: Tape
    _values: list[Tensor] = field(default_factory=list)
    _total: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(1, dtype=np.float32))
    _rules: tuple[SteppingRules, SteppingRules] = field(default_factory=lambda: (SteppingRules(), SteppingRules()))

    def look(self) -> None:
        """Write down a step if gradients have arrived and the weights are others now, and no optimizer has stepped."""
        tape, before = self.tape, self._values
        if tape.optimizers:
            return
        self._values = [parameter.detach().clone() for parameter in self.parameters]
        if not before or not tape.arrived:
            return
        changes = [now - value for now, value in zip(self._values, before, strict=True)]
        moved = tuple(float(change.abs().max()) for change in changes)
        if not any(moved):
            return
        tape.step_count += 1
        if tape.step_count <= MOST_STEPS:
            self._note(before, joined(changes), moved)
        tape.clear()

    def _note(self, before: list[Tensor], changes: npt.NDArray[np.float32], moved: tuple[float, ...]) -> None:
        tape = self.tape
        sent = [tape.arrived.get(place, torch.zeros_like(p)) for place, p in enumerate(self.parameters)]
        arrived, weights = joined(sent), joined(before)
        self._total = self._total + arrived
        rounding = 1e-7 * float(np.linalg.norm(weights))
        used = self._used(arrived, changes, rounding)
        along = float(np.dot(changes.astype(np.float64), used.astype(np.float64)))
        held = tuple(one > 0.0 for one in moved)
        tape.steps.append(Step((), used, arrived, BY_HAND, held, weights, tape.late_kl, moved, along, tape.was_cleared))
        tape.passes_of_steps.append(tuple(tape.passes))

    def _used(
        self, arrived: npt.NDArray[np.float32], changes: npt.NDArray[np.float32], rounding: float
    ) -> npt.NDArray[np.float32]:
        """The gradients that the change was made of: those that had arrived, all so far, or none of these."""
        candidates = (arrived, self._total)
        by_rule = [
            rules.explain(self._parts(one), self._parts(changes), rounding)
            for rules, one in zip(self._rules, candidates, strict=True)
        ]
        plain = (one for one in candidates if _goes_along(changes, one, rounding))
        ruled = (one for one, fits in zip(candidates, by_rule, strict=True) if fits)
        return next(chain(plain, ruled), -changes)

    def _parts(self, flat: npt.NDArray[np.float32]) -> list[npt.NDArray[np.float64]]:
        """What belongs to each parameter."""
        ends = np.cumsum([parameter.numel() for parameter in self.parameters])
        return np.split(flat.astype(np.float64), ends[:-1])


def _goes_along(changes: npt.NDArray[np.float32], gradient: npt.NDArray[np.float32], rounding: float) -> bool:
    """Whether the changes are the gradient times one number, 0 where a parameter did not change at all."""
    kept = np.where(changes == 0.0, 0.0, gradient).astype(np.float64)
    rate = float(changes @ kept) / max(float(kept @ kept), 1e-30)
    rest = float(np.linalg.norm(changes - rate * kept))
    return rate != 0.0 and rest <= 1e-2 * float(np.linalg.norm(changes)) + rounding
