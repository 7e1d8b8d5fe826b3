"""What a class has not understood: its mistakes by how many have them, what is unusual, and what occurs together."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from autograder.course.course import Course
from autograder.course.exercise import Exercise, Kind, Misconception
from autograder.judging.verdicts import NOT_LOOKED_AT, CheckResult, ExerciseResult, Status
from autograder.reports.result import Result

# What says nothing about the answer: the grader lacks something, or could not look.
SURROUNDINGS = frozenset({"grader-lacks", "missing-file", "undecided", "cuda-hard-coded", "missing-module"})
_DOMINANT, _FEW_TRY, _ENOUGH = 0.3, 0.5, 5
_TOGETHER, _MOST_PAIRS, _LIFT = 3, 12, 2.0


@dataclass(frozen=True)
class Mistake:
    """A misconception in a class, or a check that failed for no reason that has a name.

    Attributes:
        exercise: the exercise.
        check: key of the check.
        known: the misconception; ``None`` where no known mistake explains what was seen.
        students: who has it, in the class's order.
        tried: how many students have tried the exercise.
        message: what most of them read.
        lost: the points that those checks cost, of all of them together.
    """

    exercise: Exercise
    check: str
    known: Misconception | None
    students: tuple[str, ...]
    tried: int
    message: str
    lost: float

    @property
    def name(self) -> str:
        """Its full name, such as ``kl/detached``."""
        return f"{self.exercise.key}/{self.known.key if self.known else self.check}"

    @property
    def title(self) -> str:
        """What it is called, as plain text, such as ``KL divergence: Gradient cut off``."""
        said = self.known.heading.replace("`", "") if self.known else f"“{self.check}” fails, and no known mistake fits"
        return f"{self.exercise.title}: {said}"

    @property
    def share(self) -> float:
        """The share of those who have tried the exercise, 0 to 1."""
        return len(self.students) / self.tried if self.tried else 0.0


@dataclass(frozen=True)
class Together:
    """Two mistakes that the same students have, more often than chance would have it."""

    first: Mistake
    second: Mistake
    both: int
    expected: float


def failed_checks(judged: ExerciseResult) -> tuple[CheckResult, ...]:
    """The checks of an exercise that failed by themselves, where it was tried.

    Where a mistake has a name, checks without one failed with it, or could not be looked at.
    """
    if judged.status is Status.NOT_ATTEMPTED:
        return ()
    failed = [one for one in judged.checks if not one.passed and one.message != NOT_LOOKED_AT]
    return tuple([one for one in failed if one.misconception] or failed)


def mistakes(course: Course, results: Sequence[Result]) -> tuple[Mistake, ...]:
    """The class's mistakes, those of most students first."""
    seen: dict[tuple[str, str, str], list[tuple[str, CheckResult]]] = defaultdict(list)
    tried = Counter(one.key for result in results for one in result.exercises if one.status is not Status.NOT_ATTEMPTED)
    for result in results:
        for judged in result.exercises:
            if judged.key in course.keys:
                for check in failed_checks(judged):
                    seen[judged.key, check.key, check.misconception or ""].append((result.student, check))
    found = [_mistake(course.exercise(key), check, name, who, tried[key]) for (key, check, name), who in seen.items()]
    return tuple(sorted(found, key=lambda one: (-len(one.students), -one.lost, one.name)))


def _mistake(exercise: Exercise, check: str, name: str, who: Sequence[tuple[str, CheckResult]], tried: int) -> Mistake:
    by_key = {one.key: one for one in exercise.misconceptions}
    messages = Counter(one.message or "" for _, one in who)
    return Mistake(
        exercise=exercise,
        check=check,
        known=by_key.get(name.removeprefix(f"{exercise.key}/")),
        students=tuple(dict.fromkeys(student for student, _ in who)),
        tried=tried,
        message=min(messages, key=lambda one: (-messages[one], len(one), one)),
        lost=sum(one.max_points - one.points for _, one in who),
    )


def unusual(course: Course, results: Sequence[Result], ranked: Sequence[Mistake]) -> tuple[str, ...]:
    """Sentences on what says more about the teaching, the task or the grader than about students."""
    if len(results) < _ENOUGH:
        return ()
    return (*_dominant(ranked), *(line for exercise in course.exercises for line in _odd(exercise, results)))


def _dominant(ranked: Sequence[Mistake]) -> Iterator[str]:
    for one in ranked:
        about_answer = one.known is None or one.known.key not in SURROUNDINGS
        if one.share >= _DOMINANT and len(one.students) >= _ENOUGH and about_answer:
            who = f"{len(one.students)} of the {one.tried} who tried"
            yield f"{one.title} ({who}): when so many share one mistake, look at how it was taught or asked first."


def _odd(exercise: Exercise, results: Sequence[Result]) -> Iterator[str]:
    judged = [one for result in results for one in result.exercises if one.key == exercise.key]
    if not judged:
        return
    tried = [one for one in judged if one.status is not Status.NOT_ATTEMPTED]
    untried = len(judged) - len(tried)
    if not tried:
        yield f"{exercise.title}: nobody has tried it."
        return
    if untried / len(judged) >= _FEW_TRY:
        yield f"{exercise.title}: {untried} of {len(judged)} have not tried it. Too late in the notebook, or too hard?"
    lost = [one for one in tried if one.status is not Status.PASSED]
    causes = [{(check.misconception or "").rpartition("/")[2] for check in failed_checks(one)} for one in lost]
    if len(lost) >= 2 and all(keys & SURROUNDINGS for keys in causes):
        some = f"{len(lost)} do not pass"
        yield f"{exercise.title}: {some}, each for something that the grader's surroundings lack. That is no mistake."
    if not lost and len(tried) >= _ENOUGH:
        yield f"{exercise.title}: all {len(tried)} who tried have everything right."
    elif len(tried) >= _ENOUGH:
        for check in exercise.checks:
            if not any(one.passed for entry in tried for one in entry.checks if one.key == check.key):
                yield f"{exercise.title}: nobody passes “{check.title}”."


def together(ranked: Sequence[Mistake], students: int) -> tuple[Together, ...]:
    """Pairs of mistakes that the same students have, more often than if each fell on students by chance."""
    of_students: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(ranked):
        if len(one.students) >= _TOGETHER:
            for student in one.students:
                of_students[student].append(number)
    both = Counter(pair for numbers in of_students.values() for pair in combinations(numbers, 2))
    found = [
        Together(ranked[a], ranked[b], count, len(ranked[a].students) * len(ranked[b].students) / students)
        for (a, b), count in both.items()
        if count >= _TOGETHER
    ]
    found = [one for one in found if one.both >= _LIFT * one.expected]
    found.sort(key=lambda one: (-(one.both - one.expected), one.first.name, one.second.name))
    return tuple(found[:_MOST_PAIRS])


def is_for_review(known: Misconception | None) -> bool:
    """Whether a person has to decide."""
    return known is not None and known.kind is Kind.REVIEW
