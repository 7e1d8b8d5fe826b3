"""What an exercise is: its points, checks, hints, and the names of the mistakes that it knows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """How a remark of the judge counts."""

    MISTAKE = "mistake"
    NOTE = "note"
    DOUBT = "doubt"


@dataclass(frozen=True)
class Check:
    """One thing that is looked at, with the points it carries."""

    key: str
    title: str
    points: float


@dataclass(frozen=True)
class Misconception:
    """A named wrong idea, or a remark worth making.

    Attributes:
        key: name within the exercise, such as ``no-hidden-activation``.
        check: the check that it belongs to.
        message: what the student reads; ``str.format`` fields are filled by the judge.
        cost: the points it costs; ``None`` costs all that the check carries.
        kind: a note costs nothing; a doubt sends the submission to the instructor.
    """

    key: str
    check: str
    message: str
    cost: float | None = None
    kind: Kind = Kind.MISTAKE


@dataclass(frozen=True)
class Exercise:
    """One graded task of the notebook.

    Attributes:
        key: ``encoder``; the solution cell's ``grade_id``, and with ``test_`` before it the test cell's.
        title: what the student calls it.
        number: the exercise's number in the notebook.
        cell: ``grade_id`` of the solution cell (two exercises may share one).
        name: what the cell must define.
        checks: in the order in which they are shown.
        hints: from a nudge to nearly there.
        misconceptions: every remark that the judge may make.
    """

    key: str
    title: str
    number: int
    cell: str
    name: str
    checks: tuple[Check, ...]
    hints: tuple[str, str, str]
    misconceptions: tuple[Misconception, ...]
    _by_key: Mapping[str, Misconception] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        checks = {check.key for check in self.checks}
        unknown = [m.key for m in self.misconceptions if m.check not in checks]
        if unknown or len({m.key for m in self.misconceptions}) != len(self.misconceptions):
            raise ValueError(f"{self.key}: misconceptions without a check, or named twice: {unknown}")
        object.__setattr__(self, "_by_key", {m.key: m for m in self.misconceptions})

    @property
    def max_points(self) -> float:
        """The points of all checks together."""
        return sum(check.points for check in self.checks)

    def misconception(self, key: str) -> Misconception:
        """The misconception of that name.

        Raises:
            KeyError: the exercise has none of that name.
        """
        return self._by_key[key]

    def check(self, key: str) -> Check:
        """The check of that name.

        Raises:
            KeyError: the exercise has none of that name.
        """
        for check in self.checks:
            if check.key == key:
                return check
        raise KeyError(key)
