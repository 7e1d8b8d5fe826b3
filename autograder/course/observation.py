"""What a worker reports: arrays, numbers and strings, never an object of the student's.

An observation crosses a pipe from an untrusted process. Its types are checked on arrival (see ``engine.wire``), so
every field here is a plain type, and an ``Array`` travels beside the JSON under a name. Whether it holds all that its
probe asks for is checked before a judge sees it (see ``course.complete``).
"""

from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt

from autograder.course.draws import Float64Array


class _SentByName:
    """Tells pydantic, where a message is checked, to take an array from those that came with it."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> Any:
        # Student notebooks observe and judge without pydantic.
        from pydantic_core import core_schema

        return core_schema.with_info_plain_validator_function(_array_sent)


def _array_sent(name: object, info: Any) -> npt.NDArray[Any]:
    """The array, taken out of those that came: named again and again, a small message would become a large one."""
    arrays: MutableMapping[str, npt.NDArray[Any]] = info.context or {}
    if not isinstance(name, str) or name not in arrays:
        raise ValueError("names an array that was not sent, or twice the same")
    return arrays.pop(name)


Array = Annotated[npt.NDArray[Any], _SentByName()]

# Of the numbers in one array, and of a text in characters; what comes after these is not looked at.
LARGEST_ARRAY = 4_000_000
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Failure:
    """Why the student's code gave nothing.

    ``absent``: the name is not defined. ``unfinished``: it ran into ``...`` or ``NotImplementedError``.
    ``leftover``: it ran into a ``raise NotImplementedError`` below code that the student has written.
    ``replaced``: the name stands for something else by now. ``renamed``: its cell defines another one in its place.
    ``raised``: any other exception.
    ``cell``: the cell that should define the name stopped before it did. ``text``: it is no code cell any more.
    ``surroundings``: a cell stopped for something that the grader lacks, which ``holds`` names; ``name`` is the cell.
    ``timeout``, ``died``, ``malformed``: the process that ran it took too long, ended, or sent no observation.

    Where the variables show what is at fault, ``holds`` says what that is, such as ``one-tuple``, and ``name`` which
    variable holds it; then the line is the one that set it, if that is known. What ran into ``...`` is ``begun`` where
    the same function holds code of the student's own.

    Its texts are cut to ``LONGEST_TEXT``, whoever makes it.
    """

    kind: Literal[
        "absent",
        "unfinished",
        "leftover",
        "replaced",
        "renamed",
        "raised",
        "cell",
        "text",
        "surroundings",
        "timeout",
        "died",
        "malformed",
    ]
    error: str = ""
    message: str = ""
    line: str = ""
    line_number: int = 0
    holds: str = ""
    name: str = ""
    begun: bool = False

    def __post_init__(self) -> None:
        for name in ("error", "message", "line", "holds", "name"):
            object.__setattr__(self, name, getattr(self, name)[:LONGEST_TEXT])


@dataclass(frozen=True)
class CallResult:
    """What one call of the student's code gave: the tensor, or what came in its place.

    Attributes:
        value: the returned tensor; of a tuple or list, the first tensor in it.
        returned: name of the returned object's type.
        failure: set when the call did not return.
        dtype: what type the tensor's numbers had, before they became float32 or int64.
    """

    value: Array | None = None
    returned: str = "Tensor"
    failure: Failure | None = None
    dtype: str = "float32"

    @property
    def numbers(self) -> Float64Array | None:
        """The value in float64, or ``None`` where there is none."""
        return None if self.value is None else np.asarray(self.value, dtype=np.float64)


NOTHING = CallResult()


@dataclass(frozen=True)
class Parameter:
    """A parameter that the student's module has registered.

    Attributes:
        name: its name.
        shape: its shape.
        drawn: whether the probe gives it a value; a constant of the student's own, one that is frozen, keeps its.
    """

    name: str
    shape: tuple[int, ...]
    drawn: bool = True
