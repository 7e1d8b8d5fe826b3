"""Classes with mistakes in them, made from the course's own list of mistakes."""

from collections.abc import Sequence
from dataclasses import replace

from results_folder import COURSE, full_marks

from autograder.judging.verdicts import NOT_LOOKED_AT, Finding, Status, conclude, fail_all_checks, not_attempted
from autograder.reports.misconceptions_page import with_gaps
from autograder.reports.result import Result


def with_mistakes(student: str, *names: str, said: str = "", flags: Sequence[str] = ()) -> Result:
    """A result in which these mistakes were found, such as ``kl/detached``; ``kl/-`` has not tried the exercise.

    Args:
        student: whose.
        names: the mistakes.
        said: the message in place of the mistake's own.
        flags: what to look at.
    """
    result = full_marks(student)
    judged = {one.key: one for one in result.exercises}
    for name in names:
        key, _, mistake = name.partition("/")
        exercise = COURSE.exercise(key)
        if mistake == "-":
            judged[key] = conclude(exercise, not_attempted(exercise))
            continue
        known = exercise.misconception(mistake)
        why = Finding(known.check, said or with_gaps(known.message), exercise.check(known.check).points, known)
        judged[key] = conclude(exercise, fail_all_checks(exercise, why, Status.FAILED))
        assert any(check.message == NOT_LOOKED_AT for check in judged[key].checks)
    exercises = tuple(judged.values())
    return replace(result, exercises=exercises, points=sum(one.points for one in exercises), flags=tuple(flags))
