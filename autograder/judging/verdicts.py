"""From what a judge found to checks with points: the classes that cards, tables and result files show."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from autograder.course.exercise import Check, CourseFault, Exercise, Kind, Misconception
from autograder.course.picture import Picture

NOT_LOOKED_AT = "Not looked at: see the other check."


class Status(StrEnum):
    """How an exercise went; the first that fits, in this order."""

    NOT_ATTEMPTED = "not-attempted"
    PASSED = "passed"
    REVIEW = "review"
    PARTIAL = "partial"
    TIMEOUT = "timeout"
    ERROR = "error"
    FAILED = "failed"


@dataclass(frozen=True)
class Finding:
    """One remark of a judge about one check.

    Attributes:
        check: the check.
        message: what the student reads.
        cost: the points that it costs.
        misconception: what it is about; ``None`` where that has no name.
    """

    check: str
    message: str
    cost: float
    misconception: Misconception | None = None

    @property
    def kind(self) -> Kind:
        """How it counts."""
        return Kind.MISTAKE if self.misconception is None else self.misconception.kind

    def is_about(self, *keys: str) -> bool:
        """Whether it is about one of these misconceptions."""
        return self.misconception is not None and self.misconception.key in keys


@dataclass(frozen=True)
class Judgement:
    """All that a judge found in one observation.

    ``status`` is what the findings do not show by themselves: that nothing was attempted, or that the student's code
    raised or ran out of its limits.
    """

    findings: tuple[Finding, ...] = ()
    status: Status | None = None

    def is_about(self, *keys: str) -> bool:
        """Whether one of the findings is about one of these misconceptions."""
        return any(finding.is_about(*keys) for finding in self.findings)


@dataclass(frozen=True)
class CheckResult:
    """One judged check; ``misconception`` is its full name, such as ``kl/detached``, or ``None``."""

    key: str
    passed: bool
    points: float
    max_points: float
    misconception: str | None = None
    message: str = ""


@dataclass(frozen=True)
class ExerciseResult:
    """The judged checks of one exercise and what they add up to.

    Its ``picture`` is kept beside the result and not in its file.
    """

    key: str
    title: str
    points: float
    max_points: float
    status: Status
    checks: tuple[CheckResult, ...]
    picture: Picture | None = None


def finding(exercise: Exercise, key: str, **values: object) -> Finding:
    """The finding that a misconception makes, its message filled in.

    Raises:
        CourseFault: the exercise knows no such misconception, or its message asks for a value that is not given.
    """
    known = exercise.misconception(key)
    cost = exercise.check(known.check).points if known.cost is None else known.cost
    try:
        message = known.message.format(**values)
    except (KeyError, IndexError) as error:
        raise CourseFault(
            f"the message of {exercise.key}/{key} asks for {{{error.args[0]}}}; give finding() that"
        ) from None
    return Finding(known.check, message, 0.0 if known.kind is Kind.NOTE else cost, known)


def not_looked_at(exercise: Exercise, checks: Iterable[str], message: str = NOT_LOOKED_AT) -> tuple[Finding, ...]:
    """Checks that could not be looked at, because of something that another finding names."""
    return tuple(Finding(key, message, exercise.check(key).points) for key in checks)


def fail_all_checks(exercise: Exercise, why: Finding, status: Status | None = None) -> Judgement:
    """A judgement in which one finding takes the whole exercise."""
    blamed = Finding(why.check, why.message, exercise.check(why.check).points, why.misconception)
    others = (check.key for check in exercise.checks if check.key != why.check)
    return Judgement((blamed, *not_looked_at(exercise, others)), status)


def not_attempted(exercise: Exercise) -> Judgement:
    """Nothing to judge yet."""
    every = (check.key for check in exercise.checks)
    return Judgement(not_looked_at(exercise, every, "Not attempted yet."), Status.NOT_ATTEMPTED)


def each_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of several runs with each misconception once, the first of each."""
    kept: dict[tuple[str, Misconception | None], Finding] = {}
    for one in findings:
        kept.setdefault((one.check, one.misconception), one)
    return tuple(kept.values())


def conclude(exercise: Exercise, judgement: Judgement) -> ExerciseResult:
    """Turn findings into one result a check, and the exercise's status."""
    checks = tuple(
        _checked(exercise, check, [one for one in judgement.findings if one.check == check.key])
        for check in exercise.checks
    )
    return _added_up(exercise, _status(checks, judgement), checks)


def better_of_two(exercise: Exercise, first: ExerciseResult, second: ExerciseResult) -> ExerciseResult:
    """What two runs on different seeds say together: each check's better result; for review where they disagree."""
    pairs = tuple(zip(first.checks, second.checks, strict=True))
    if all((a.passed, a.points) == (b.passed, b.points) for a, b in pairs):
        return first
    checks = tuple(max(pair, key=lambda check: check.points) for pair in pairs)
    return _added_up(exercise, Status.REVIEW, checks)


def worth(result: ExerciseResult, points: float) -> ExerciseResult:
    """The result where an instructor's notebook gives the exercise other points than the course does."""
    if points == result.max_points:
        return result
    factor = points / result.max_points
    checks = tuple(
        replace(check, points=round(check.points * factor, 4), max_points=round(check.max_points * factor, 4))
        for check in result.checks
    )
    return replace(result, points=round(result.points * factor, 4), max_points=points, checks=checks)


def _checked(exercise: Exercise, check: Check, findings: list[Finding]) -> CheckResult:
    """The check with the costliest of its findings."""
    against = sorted(
        (one for one in findings if one.kind is not Kind.NOTE), key=lambda one: (-one.cost, one.misconception is None)
    )
    if not against:
        notes = " ".join(one.message for one in findings)
        return CheckResult(check.key, True, check.points, check.points, None, notes)
    worst = against[0]
    name = None if worst.misconception is None else f"{exercise.key}/{worst.misconception.key}"
    return CheckResult(check.key, False, max(0.0, check.points - worst.cost), check.points, name, worst.message)


def _status(checks: tuple[CheckResult, ...], judgement: Judgement) -> Status:
    if judgement.status is Status.NOT_ATTEMPTED:
        return Status.NOT_ATTEMPTED
    if all(check.passed for check in checks):
        return Status.PASSED
    if any(one.kind is Kind.REVIEW for one in judgement.findings):
        return Status.REVIEW
    if any(check.points > 0 for check in checks):
        return Status.PARTIAL
    return judgement.status or Status.FAILED


def _added_up(exercise: Exercise, status: Status, checks: tuple[CheckResult, ...]) -> ExerciseResult:
    points = round(sum(check.points for check in checks), 4)
    return ExerciseResult(exercise.key, exercise.title, points, exercise.max_points, status, checks)
