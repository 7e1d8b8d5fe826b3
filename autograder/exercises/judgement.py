"""From what a judge found to verdicts with points."""

from dataclasses import dataclass
from enum import Enum

from autograder.exercises.definition import Check, Exercise, Kind


class Status(Enum):
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
    """One remark of a judge about one check; ``misconception`` is ``None`` where it has no name."""

    check: str
    message: str
    cost: float
    misconception: str | None = None
    kind: Kind = Kind.MISTAKE


@dataclass(frozen=True)
class Judgement:
    """All that a judge found in one observation.

    ``outcome`` is what the findings do not show by themselves: that nothing was attempted, or that the student's code
    raised or ran out of its limits.
    """

    findings: tuple[Finding, ...] = ()
    outcome: Status | None = None


@dataclass(frozen=True)
class Verdict:
    """A judged check."""

    key: str
    title: str
    passed: bool
    points: float
    max_points: float
    misconception: str | None = None
    message: str = ""


@dataclass(frozen=True)
class ExerciseResult:
    """The verdicts of one exercise and what they add up to."""

    key: str
    title: str
    status: Status
    verdicts: tuple[Verdict, ...]

    @property
    def points(self) -> float:
        """Points earned, between 0 and ``max_points``."""
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def max_points(self) -> float:
        """Points that could be earned."""
        return sum(verdict.max_points for verdict in self.verdicts)


def found(exercise: Exercise, key: str, **values: object) -> Finding:
    """The finding that a misconception makes, its message filled in.

    Raises:
        KeyError: the exercise knows no such misconception.
    """
    known = exercise.misconception(key)
    cost = exercise.check(known.check).points if known.cost is None else known.cost
    return Finding(
        check=known.check,
        message=known.message.format(**values),
        cost=0.0 if known.kind is Kind.NOTE else cost,
        misconception=f"{exercise.key}/{key}",
        kind=known.kind,
    )


def lost(exercise: Exercise, checks: tuple[str, ...], message: str) -> tuple[Finding, ...]:
    """Checks that could not be looked at, because of something that another finding names."""
    return tuple(Finding(key, message, exercise.check(key).points) for key in checks)


def everything(exercise: Exercise, first: Finding, outcome: Status | None = None) -> Judgement:
    """A judgement in which one finding takes the whole exercise."""
    blamed = Finding(first.check, first.message, exercise.check(first.check).points, first.misconception, first.kind)
    others = tuple(check.key for check in exercise.checks if check.key != first.check)
    return Judgement((blamed, *lost(exercise, others, "Not looked at: see the other check.")), outcome)


def not_attempted(exercise: Exercise) -> Judgement:
    """Nothing to judge yet."""
    every = tuple(check.key for check in exercise.checks)
    return Judgement(lost(exercise, every, "Not attempted yet."), Status.NOT_ATTEMPTED)


def _verdict(check: Check, findings: tuple[Finding, ...]) -> Verdict:
    against = sorted((f for f in findings if f.kind is not Kind.NOTE), key=lambda f: (-f.cost, f.misconception is None))
    if not against:
        message = " ".join(f.message for f in findings)
        return Verdict(check.key, check.title, True, check.points, check.points, None, message)
    worst = against[0]
    points = max(0.0, check.points - worst.cost)
    return Verdict(check.key, check.title, False, points, check.points, worst.misconception, worst.message)


def _status(verdicts: tuple[Verdict, ...], judgement: Judgement) -> Status:
    if judgement.outcome is Status.NOT_ATTEMPTED:
        return Status.NOT_ATTEMPTED
    if all(verdict.passed for verdict in verdicts):
        return Status.PASSED
    if any(finding.kind is Kind.DOUBT for finding in judgement.findings):
        return Status.REVIEW
    if any(verdict.points > 0 for verdict in verdicts):
        return Status.PARTIAL
    return judgement.outcome or Status.FAILED


def conclude(exercise: Exercise, judgement: Judgement) -> ExerciseResult:
    """Turn findings into one verdict a check, and the exercise's status."""
    verdicts = tuple(
        _verdict(check, tuple(f for f in judgement.findings if f.check == check.key)) for check in exercise.checks
    )
    return ExerciseResult(exercise.key, exercise.title, _status(verdicts, judgement), verdicts)


def reconcile(first: ExerciseResult, second: ExerciseResult) -> ExerciseResult:
    """What two runs on different seeds say together: each check's better verdict; for review where they disagree."""
    pairs = tuple(zip(first.verdicts, second.verdicts, strict=True))
    if all((a.passed, a.points) == (b.passed, b.points) for a, b in pairs):
        return first
    verdicts = tuple(max(pair, key=lambda verdict: verdict.points) for pair in pairs)
    return ExerciseResult(first.key, first.title, Status.REVIEW, verdicts)
