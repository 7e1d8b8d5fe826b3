"""What an exercise is: its points, checks and hints, and the misconceptions that it knows by name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from autograder.errors import GraderFault


class CourseFault(GraderFault):
    """The parts of a course do not fit together; the message says which."""


class Kind(Enum):
    """How a remark of the judge counts."""

    MISTAKE = "mistake"
    NOTE = "note"
    REVIEW = "review"


# In place of the names of checks: all of the exercise.
EVERY_CHECK: tuple[str, ...] = ("*",)


@dataclass(frozen=True)
class Check:
    """One thing that is looked at, with the points it carries.

    Attributes:
        key: name within the exercise.
        title: what is looked at, as a sentence.
        points: the points it carries.
        section: heading of the notebook's section that teaches it, where that is not the exercise's own.
        lines: a pattern for the lines that most answers have for it: where pages point to. No mark depends on it.
    """

    key: str
    title: str
    points: float
    section: str = ""
    lines: str = ""


@dataclass(frozen=True)
class Misconception:
    """A named wrong idea, or a remark worth making.

    Attributes:
        key: name within the exercise, such as ``no-hidden-activation``.
        check: the check that it belongs to.
        message: what the student reads; ``str.format`` fields are filled by the judge.
        explanation: what to tell an instructor about it, with the maths.
        cost: the points it costs; ``None`` costs all that the check carries.
        kind: a note costs nothing; a review sends the submission to the instructor.
        hint: which of the exercise's hints helps; the first where the mistake is none about the exercise itself.
        hides: other checks that it may keep from being looked at, whose points are lost with it.
        raised: how student code stops that has it: patterns for an exception's type and for its message.
        in_class: what to say or ask in class where many have it.
        title: what instructors call it; its key in words where it has none.
    """

    key: str
    check: str
    message: str
    explanation: str
    cost: float | None = None
    kind: Kind = Kind.MISTAKE
    hint: int = 1
    hides: tuple[str, ...] = ()
    raised: tuple[tuple[str, str], ...] = ()
    in_class: str = ""
    title: str = ""

    @property
    def heading(self) -> str:
        """Its title, or its key as words."""
        return self.title or self.key.replace("-", " ").capitalize()


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One graded task of the notebook.

    Attributes:
        key: ``encoder``; with ``test_`` before it the test cell's ``grade_id``.
        title: what the student calls it.
        short: its heading in the class's table, at most six characters.
        number: the exercise's number in the notebook.
        cell: ``grade_id`` of the solution cell (two exercises may share one).
        name: what the cell must define.
        section: heading of the notebook's section that explains it.
        checks: in the order in which they are shown.
        hints: from a nudge to nearly there.
        misconceptions: every remark that the judge may make; where the ``raised`` of several fits, the first counts.
    """

    key: str
    title: str
    short: str
    number: int
    cell: str
    name: str
    section: str
    checks: tuple[Check, ...]
    hints: tuple[str, str, str]
    misconceptions: tuple[Misconception, ...]
    _by_key: Mapping[str, Misconception] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        checks = {check.key for check in self.checks}
        keys = [m.key for m in self.misconceptions]
        if unfit := [m.key for m in self.misconceptions if m.check not in checks or keys.count(m.key) > 1]:
            raise ValueError(f"{self.key}: misconceptions without a check, or named twice: {unfit}")
        if odd := [m.key for m in self.misconceptions if m.hint not in (1, 2, 3)]:
            raise ValueError(f"{self.key}: misconceptions whose `hint` is not 1, 2 or 3: {odd}")
        if odd := [m.key for m in self.misconceptions if not self._hidden(m) <= checks]:
            raise ValueError(f"{self.key}: misconceptions that hide a check that does not exist: {odd}")
        object.__setattr__(self, "_by_key", {m.key: m for m in self.misconceptions})

    @property
    def test_cell(self) -> str:
        """``grade_id`` of the cell that tests it."""
        return f"test_{self.key}"

    @property
    def max_points(self) -> float:
        """The points of all checks together."""
        return sum(check.points for check in self.checks)

    def misconception(self, key: str) -> Misconception:
        """The misconception of that name, with or without the exercise's own name before it.

        Raises:
            CourseFault: the exercise has none of that name.
        """
        known = self._by_key.get(key.removeprefix(f"{self.key}/"))
        if known is None:
            raise CourseFault(f"{self.key} has no misconception {key!r}; add it to its misconceptions.py")
        return known

    def cost(self, key: str) -> float:
        """The most points that a misconception costs, with those of the checks that it hides.

        Raises:
            CourseFault: the exercise has none of that name.
        """
        known = self.misconception(key)
        if known.kind is Kind.NOTE:
            return 0.0
        own = self.check(known.check).points if known.cost is None else known.cost
        if known.hides == EVERY_CHECK:
            return self.max_points
        return own + sum(check.points for check in self.checks if check.key in self._hidden(known))

    def share(self, key: str) -> float:
        """How severe a misconception is: the share of the exercise's points that it costs at most, 0 to 1.

        Raises:
            CourseFault: the exercise has none of that name.
        """
        return self.cost(key) / self.max_points

    def check(self, key: str) -> Check:
        """The check of that name.

        Raises:
            CourseFault: the exercise has none of that name.
        """
        for check in self.checks:
            if check.key == key:
                return check
        raise CourseFault(f"{self.key} has no check {key!r}; add it to its checks in misconceptions.py")

    def _hidden(self, misconception: Misconception) -> set[str]:
        every = (check.key for check in self.checks)
        return set(every if misconception.hides == EVERY_CHECK else misconception.hides) - {misconception.check}
