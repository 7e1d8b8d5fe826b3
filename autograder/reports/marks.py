"""A student's mark: what grading gave, and what the instructor and the rule for late work make of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.reports.result import Result

WHOLE = ""  # in place of an exercise's key: the whole mark


@dataclass(frozen=True)
class Override:
    """Points that the instructor gives in place of the grader's.

    Attributes:
        points: the points.
        comment: why, in the instructor's words, for the student to read.
    """

    points: float
    comment: str = ""


@dataclass(frozen=True)
class Mark:
    """What a student earns in the end.

    Attributes:
        automatic: the grader's points by exercise, and by test of the instructor's own; ``None`` where there is no
            result.
        max_points: points that could be earned.
        overrides: the instructor's points by exercise, those for the whole mark under ``WHOLE``.
        penalty: points that the rule for late work asks for.
    """

    automatic: Mapping[str, float] | None
    max_points: float
    overrides: Mapping[str, Override] = field(default_factory=dict)
    penalty: float = 0.0

    @property
    def automatic_points(self) -> float | None:
        """The grader's points in all; ``None`` where there is no result."""
        return None if self.automatic is None else round(sum(self.automatic.values()), 4)

    @property
    def late_penalty(self) -> float:
        """The points that being late costs: no more than there are, and none where the instructor set the mark."""
        return 0.0 if WHOLE in self.overrides else min(self.penalty, self._earned or 0.0)

    @property
    def points(self) -> float | None:
        """The final points; ``None`` where there is neither a result nor an instructor's word."""
        if WHOLE in self.overrides:
            return self.overrides[WHOLE].points
        return None if self._earned is None else round(self._earned - self.late_penalty, 4)

    def points_of(self, exercise: str) -> float | None:
        """An exercise's points, the instructor's before the grader's; ``None`` where there are none."""
        if exercise in self.overrides:
            return self.overrides[exercise].points
        return (self.automatic or {}).get(exercise)

    @property
    def _earned(self) -> float | None:
        """The sum of the exercises' points."""
        keys = dict.fromkeys((*(self.automatic or {}), *self.overrides))
        if self.automatic is None and not keys:
            return None
        return round(sum(self.points_of(key) or 0.0 for key in keys), 4)


def mark_of(result: Result | None, max_points: float = 0.0) -> Mark:
    """The mark as the grader gave it; without a result there are only points that could be earned."""
    if result is None:
        return Mark(None, max_points)
    return Mark({one.key: one.points for one in result.parts}, result.max_points)
