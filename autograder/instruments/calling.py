"""Calling the student's code, and turning whatever happens into plain data."""

import linecache
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from traceback import walk_tb
from types import FrameType, TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from autograder.course.observation import LARGEST_ARRAY, CallResult, Failure
from autograder.instruments.culprits import culprit

LONGEST_TEXT = 300
LONGEST_NAME = 80


@dataclass(frozen=True)
class Workspace:
    """The names that the student's cells have defined.

    Attributes:
        names: the namespace in which the cells ran.
        broken: for a cell that stopped with an exception, by its ``grade_id``, what stopped it.
        given: code lines of the released notebook's cells, stripped; what else a cell holds is the student's.
        device: where the student's code is run, ``cpu`` or ``cuda``.
        renamed: for a name that its cell does not define any more, what it defines in its place.
        lost: for a name that is missing because the grader lacks something, what stopped; ``*`` for any name.
    """

    names: dict[str, Any]
    broken: dict[str, Failure] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    device: str = "cpu"
    renamed: dict[str, str] = field(default_factory=dict)
    lost: dict[str, Failure] = field(default_factory=dict)

    def as_it_stands(self) -> "Workspace":
        """A copy that later cells do not change; what the names stand for is not copied."""
        return replace(self, names=dict(self.names), broken=dict(self.broken), renamed=dict(self.renamed))

    def note_renamed(self, wanted: Iterable[str], defined: Iterable[str]) -> None:
        """Note which of a cell's wanted names are lacking, where the cell defines one of the kind that nobody wants.

        Args:
            wanted: the names that exercises ask for in this cell.
            defined: what its text defines.
        """
        others = [name for name in defined if name not in wanted and callable(self.names.get(name))]
        for name in wanted:
            alike = [other for other in others if isinstance(self.names[other], type) is name[:1].isupper()]
            if name in defined or name in self.names:
                self.renamed.pop(name, None)
            elif alike:
                self.renamed[name] = alike[-1]

    def tensor(self, values: npt.NDArray[Any]) -> torch.Tensor:
        """Numbers of the probe as the float32 tensor that student code expects, on its device."""
        return torch.tensor(values, dtype=torch.float32, device=self.device)

    def find(self, name: str, cell: str) -> Any:
        """What the student has defined under this name, or the failure that says why there is nothing.

        After ``Encoder = Encoder(2)`` it is the class that the network was made of.
        """
        if name in self.renamed:
            return Failure("renamed", message=self.renamed[name])
        if name not in self.names:
            return self.broken.get(cell) or self._why_lost(name) or Failure("absent", message=name)
        value = self.names[name]
        if type(value).__name__ == name:
            return type(value)
        if isinstance(value, torch.nn.Module) or not callable(value):
            return Failure("replaced", message=type(value).__name__)
        return value

    def attempt(self, call: Callable[[], Any]) -> Any:
        """The call's value, or a ``Failure`` where it raised."""
        try:
            return call()
        except (Exception, SystemExit) as error:
            return self.failure(error)

    def attempt_or_local(self, call: Callable[[], Any], name: str) -> tuple[Any, Failure | None]:
        """The call's value, and no failure; where it raised, a tensor that the student's function had by then.

        Args:
            call: what to call.
            name: the local variable of the student's functions that takes the value's place.

        Returns:
            The value and ``None``; the local variable, if it is a tensor, and the failure; or the failure twice.
        """
        try:
            return call(), None
        except (Exception, SystemExit) as error:
            failure = self.failure(error)
            for frame, number in reversed(self.frames(error)):
                kept = frame.f_locals.get(name)
                if isinstance(kept, torch.Tensor) and not _is_return(frame.f_code.co_filename, number):
                    return kept, failure
            return failure, failure

    def call(self, call: Callable[[], Any]) -> CallResult:
        """The call's tensor as plain data, or the failure in its place."""
        return as_call_result(self.attempt(call))

    def frames(self, error: BaseException) -> list[tuple[FrameType, int]]:
        """The student's functions that an exception passed through, with the line in each, the outermost first."""
        return [(frame, line) for frame, line in walk_tb(error.__traceback__) if frame.f_globals is self.names]

    def failure(self, error: BaseException) -> Failure:
        """What the exception says, and the last of the student's lines that it passed through."""
        filename, number, last = self._students_line(error.__traceback__)
        line = linecache.getline(filename, number).strip() if filename else ""
        text, name = str(error)[:LONGEST_TEXT], type(error).__name__[:LONGEST_NAME]
        # Torch raises it as well, for an operation that a type does not have.
        if isinstance(error, NotImplementedError) and last and "NotImplementedError" in line:
            kind = "leftover" if self._has_own_code_above(filename, number) else "unfinished"
            return Failure(kind, name, text, line, number)  # type: ignore[arg-type]
        begun = self._has_own_code_above(filename, number + 1)
        missing = error.name if isinstance(error, NameError) and not isinstance(error, UnboundLocalError) else None
        if missing and missing not in self.names and (lost := self._why_lost(missing)):
            return lost
        found = culprit(error, self.frames(error), self.names)
        if found is not None and found.line:
            line, number = found.line, found.number
        fault = (found.holds, found.name[:LONGEST_NAME]) if found is not None else ("", "")
        if isinstance(error, (TypeError, AttributeError, ValueError)) and "ellipsis" in text:
            return Failure("unfinished", name, text, line, number, *fault, begun=begun)
        return Failure("raised", name, text, line[:LONGEST_TEXT], number, *fault)

    def _why_lost(self, name: str) -> Failure | None:
        return self.lost.get(name) or self.lost.get("*")

    def _students_line(self, traceback: TracebackType | None) -> tuple[str, int, bool]:
        filename, number, last = "", 0, False
        for frame, line in walk_tb(traceback):
            last = frame.f_globals is self.names
            if last:
                filename, number = frame.f_code.co_filename, line
        return filename, number, last

    def _has_own_code_above(self, filename: str, number: int) -> bool:
        """Whether the function around this line holds a line above it that the released notebook does not."""
        lines = linecache.getlines(filename)[: number - 1]
        for line in reversed(lines):
            code = line.split("#")[0].strip()
            if code.startswith(("def ", "class ")):
                return False
            if code and code not in self.given:
                return True
        return False


def not_a_module(built: object) -> Failure:
    """What is told of a class that gives something else than a network."""
    return Failure("raised", "NotAModule", f"gives a thing of type {type(built).__name__[:40]}")


def nothing_returned() -> Failure:
    """What is told of a network that gives ``None``."""
    return Failure("raised", "NothingReturned", "gives None")


def _is_return(filename: str, number: int) -> bool:
    """Whether a line hands a value back: what stops there is not another exercise's fault."""
    return linecache.getline(filename, number).strip().startswith("return")


def first_tensor(value: Any) -> torch.Tensor | None:
    """The value if it is a tensor; of a tuple or list, the first tensor in it."""
    if isinstance(value, (tuple, list)):
        value = next((item for item in value if isinstance(item, torch.Tensor)), None)
    return value if isinstance(value, torch.Tensor) else None


def _unusable(tensor: torch.Tensor) -> str:
    """What a tensor is in whose place a dense one of real numbers is needed; empty where it is such a one."""
    if tensor.is_nested or tensor.is_quantized or tensor.device.type == "meta":
        return "nested tensor" if tensor.is_nested else "quantized tensor" if tensor.is_quantized else "meta tensor"
    if tensor.layout is not torch.strided:
        return f"{str(tensor.layout).removeprefix('torch.').strip('_').replace('_', ' ')} tensor"
    if tensor.is_complex():
        return "complex tensor"
    return f"tensor of {tensor.numel():,} numbers" if tensor.numel() > LARGEST_ARRAY else ""


def as_call_result(value: Any) -> CallResult:
    """Plain data for what a call has returned: its tensor, or the name of the type that came instead."""
    if isinstance(value, Failure):
        return CallResult(returned="", failure=value)
    if value is ...:
        return CallResult(returned="ellipsis", failure=Failure("unfinished", line="..."))
    tensor = first_tensor(value)
    returned = "Tensor" if isinstance(value, torch.Tensor) else type(value).__name__[:LONGEST_NAME]
    if isinstance(value, (int, float, np.ndarray, np.generic)) and np.size(value) <= LARGEST_ARRAY:
        plain = np.asarray(value)
        return (
            CallResult(plain.astype(np.float32), returned)
            if plain.dtype.kind in "biuf"
            else CallResult(returned=returned)
        )
    if tensor is None:
        return CallResult(returned=returned)
    if unusable := _unusable(tensor):
        return CallResult(returned=unusable)
    kept = torch.float32 if tensor.is_floating_point() else torch.int64
    numbers = tensor.detach().to("cpu", kept, copy=True).contiguous().numpy()
    return CallResult(numbers, returned, dtype=str(tensor.dtype).removeprefix("torch."))
