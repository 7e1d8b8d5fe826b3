"""What a class has learned between two hand-ins."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from autograder.course.course import Course
from autograder.judging.verdicts import Status
from autograder.reports.class_findings import mistakes
from autograder.reports.class_results import ClassResults
from autograder.reports.result import Result


@dataclass(frozen=True)
class ExerciseLearned:
    """How many have an exercise all right, before and now."""

    title: str
    right_before: int
    right_now: int


@dataclass(frozen=True)
class MistakeLearned:
    """What has become of a mistake.

    Attributes:
        title: the mistake.
        before: how many had it.
        gone: of them, how many have it no more.
        new: how many have it who had not.
    """

    title: str
    before: int
    gone: int
    new: int


@dataclass(frozen=True)
class Learned:
    """What has changed, among those who are in both.

    Attributes:
        both: how many students are in both.
        mean_before: the mean of their final points before.
        mean_now: likewise now.
        better: how many have more points than before.
        worse: how many have fewer.
        exercises: each exercise.
        mistakes: each mistake that anybody had, or has.
    """

    both: int
    mean_before: float
    mean_now: float
    better: int
    worse: int
    exercises: tuple[ExerciseLearned, ...]
    mistakes: tuple[MistakeLearned, ...]


def learned(course: Course, earlier: ClassResults, now: ClassResults) -> Learned:
    """Lay two gradings of a class beside each other; students are the same by name, and points are the final ones."""
    before = {row.student: (row.final.points or 0.0, row.result) for row in earlier.students if row.result}
    after = [(row.student, row.final.points or 0.0, row.result) for row in now.students if row.result]
    both = [(*before[student], earned, result) for student, earned, result in after if student in before]
    pairs = [(one, other) for _, one, _, other in both]
    return Learned(
        both=len(both),
        mean_before=fmean(had for had, *_ in both) if both else 0.0,
        mean_now=fmean(has for _, _, has, _ in both) if both else 0.0,
        better=sum(has > had for had, _, has, _ in both),
        worse=sum(has < had for had, _, has, _ in both),
        exercises=tuple(
            ExerciseLearned(
                one.title,
                sum(_is_right(before, one.key) for before, _ in pairs),
                sum(_is_right(now, one.key) for _, now in pairs),
            )
            for one in course.exercises
        ),
        mistakes=_mistakes(course, [one for one, _ in pairs], [one for _, one in pairs]),
    )


def _is_right(result: Result, key: str) -> bool:
    return any(one.key == key and one.status is Status.PASSED for one in result.exercises)


def _mistakes(course: Course, before: list[Result], now: list[Result]) -> tuple[MistakeLearned, ...]:
    had, have = _who(course, before), _who(course, now)
    found = [
        MistakeLearned(title, len(had.get(title, ())), len(had.get(title, set()) - have.get(title, set())), new)
        for title in had.keys() | have.keys()
        for new in [len(have.get(title, set()) - had.get(title, set()))]
    ]
    return tuple(sorted(found, key=lambda one: (-max(one.before, one.new), one.title)))


def _who(course: Course, results: list[Result]) -> Mapping[str, set[str]]:
    return {one.title: set(one.students) for one in mistakes(course, results)}
