"""Two gradings of a class laid beside each other: whose marks differ, by how much, and why."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from autograder.judging.verdicts import CheckResult, ExerciseResult
from autograder.reports.class_csv import ClassRow
from autograder.reports.class_results import ClassResults
from autograder.reports.result import Result
from autograder.reports.wording import points


@dataclass(frozen=True)
class Difference:
    """What differs for one student.

    Attributes:
        student: the student.
        old: final points in the earlier folder; ``None`` where there are none.
        new: likewise in the later one.
        reasons: what has changed, a line each.
    """

    student: str
    old: float | None
    new: float | None
    reasons: tuple[str, ...]

    @property
    def is_of_marks(self) -> bool:
        """Whether the final points differ, and not only what is said."""
        return self.old != self.new


@dataclass(frozen=True)
class Comparison:
    """What differs between two gradings.

    Attributes:
        differences: the students for whom something differs, those whose marks do first.
        students: how many there are in either folder.
        graders: how the graders differ; such a change alone is no difference of anybody's.
    """

    differences: tuple[Difference, ...]
    students: int
    graders: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """For ``--json``."""
        marks = sum(one.is_of_marks for one in self.differences)
        return {
            "students": self.students,
            "marks_differ": marks,
            "graders": list(self.graders),
            "differences": [asdict(one) for one in self.differences],
        }


def compare(old: ClassResults, new: ClassResults) -> Comparison:
    """What differs for each student, who is the same in both by the name in results."""
    before = {one.student: one for one in old.students}
    after = {one.student: one for one in new.students}
    names = sorted(before.keys() | after.keys())
    compared = [_difference(name, before.get(name), after.get(name)) for name in names]
    differences = sorted((one for one in compared if one.reasons), key=lambda one: not one.is_of_marks)
    return Comparison(tuple(differences), len(names), tuple(_graders(old, new)))


def _difference(student: str, old: ClassRow | None, new: ClassRow | None) -> Difference:
    old_points, new_points = (one.final.points if one else None for one in (old, new))
    return Difference(student, old_points, new_points, tuple(_reasons(old, new)))


def _reasons(old: ClassRow | None, new: ClassRow | None) -> Iterator[str]:
    if old is None or new is None:
        yield f"only in the {'new' if old is None else 'old'} folder"
        return
    if old.result is None or new.result is None:
        if old.result is not new.result:
            yield f"no result in the {'old' if old.result is None else 'new'} folder"
    else:
        yield from _of_results(old.result, new.result)
    yield from _of_decisions(old, new)


def _of_results(old: Result, new: Result) -> Iterator[str]:
    reasons = list(_of_exercises(old, new))
    if old.digest != new.digest:
        yield "another notebook was handed in"
    elif reasons and old.seeds != new.seeds:
        yield f"other seeds: {_some_seeds(old)} before, {_some_seeds(new)} now"
    yield from reasons


def _some_seeds(result: Result) -> str:
    return ", ".join(map(str, result.seeds[:2])) or "none"


def _of_exercises(old: Result, new: Result) -> Iterator[str]:
    before = {one.key: one for one in old.parts}
    after = {one.key: one for one in new.parts}
    for key in dict.fromkeys((*before, *after)):
        if key not in before or key not in after:
            yield f"{key}: only in the {'new' if key not in before else 'old'} grading"
        else:
            yield from _of_exercise(before[key], after[key])


def _of_exercise(old: ExerciseResult, new: ExerciseResult) -> Iterator[str]:
    if old.max_points != new.max_points:
        yield f"{old.key}: worth {points(old.max_points)} before, {points(new.max_points)} now"
    if old.status != new.status:
        yield f"{old.key}: {old.status} before, {new.status} now"
    before = {one.key: one for one in old.checks}
    after = {one.key: one for one in new.checks}
    for key in dict.fromkeys((*before, *after)):
        place = f"{old.key}, {key}"
        if key not in before or key not in after:
            yield f"{place}: only in the {'new' if key not in before else 'old'} grading"
        elif before[key] != after[key]:
            yield f"{place}: {_of_check(before[key], after[key])}"
    if old.points != new.points and before == after:
        yield f"{old.key}: {points(old.points)} points before, {points(new.points)} now"


def _of_check(old: CheckResult, new: CheckResult) -> str:
    told = []
    if (old.points, old.max_points) != (new.points, new.max_points):
        earned = [f"{points(one.points)}/{points(one.max_points)}" for one in (old, new)]
        told.append(f"{earned[0]} before, {earned[1]} now")
    if old.misconception != new.misconception:
        told.append(f"{old.misconception or 'no named mistake'} before, {new.misconception or 'none'} now")
    elif old.message != new.message:
        told.append("another message")
    return "; ".join(told) or "passed before and not now, or the reverse"


def _of_decisions(old: ClassRow, new: ClassRow) -> Iterator[str]:
    before, after = old.final, new.final
    for key in dict.fromkeys((*before.overrides, *after.overrides)):
        one, other = before.overrides.get(key), after.overrides.get(key)
        if one != other:
            was, now = (points(each.points) if each else "nothing" for each in (one, other))
            yield f"{key or 'whole mark'}, set by the instructor: {was} before, {now} now"
    if before.late_penalty != after.late_penalty:
        yield f"late: {points(before.late_penalty)} off before, {points(after.late_penalty)} now"


def _graders(old: ClassResults, new: ClassResults) -> Iterator[str]:
    for name in ("version", "digest"):
        before, after = (sorted({one.grader.get(name, "")[:12] for one in each.results}) for each in (old, new))
        if before != after:
            yield f"grader's {name}: {', '.join(before) or 'none'} before, {', '.join(after) or 'none'} now"
