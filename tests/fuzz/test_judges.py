"""Judges, on observations that a forger might send: there is a result, soon, and what is drawn of it can be shown."""

import json
import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from answers import answers
from hypothesis import Phase, given, settings

from autograder.course.observation import Failure
from autograder.judging.grading import Look, grade
from autograder.judging.pictures import with_picture
from autograder.judging.verdicts import CheckResult, ExerciseResult, Status
from autograder.reports.chart import svg
from fuzz.budget import Budget, within
from fuzz.observations import near, observed, size_of, values_of
from fuzz.targets import COURSE

BOUNDED = settings(max_examples=25, derandomize=True, phases=(Phase.explicit, Phase.generate), print_blob=True)
SEED = 1
# A judge tries many explanations, whatever the size of what it is shown.
JUDGING = Budget(seconds=3.0, memory=128 << 20)


@cache
def honest(key: str) -> Any:
    right = next(answer for answer in answers() if answer.exercise == key and answer.right)
    return observed(COURSE, key, right.source, SEED)


def judged(key: str, seen: Any) -> ExerciseResult:
    """What the judge makes of it; it has said something sound."""
    exercise = COURSE.exercise(key)
    given = within(JUDGING, size_of(seen), lambda: grade(COURSE, exercise, SEED, lambda _seed: seen).result)
    assert 0.0 <= given.points <= given.max_points
    assert math.isfinite(given.points)
    json.dumps([check.message for check in given.checks]).encode()
    return given


@cache
def every_mistake(key: str) -> Look:
    """A result with all of an exercise's mistakes, whatever was seen."""
    exercise = COURSE.exercise(key)
    checks = tuple(CheckResult(one.check, False, 0.0, 1.0, f"{key}/{one.key}") for one in exercise.misconceptions)
    return Look(ExerciseResult(key, exercise.title, 0.0, exercise.max_points, Status.FAILED, checks), final=False)


def drawn(key: str, seen: Any) -> None:
    """Draw it, if there is anything to draw: that can be shown."""
    look = within(JUDGING, size_of(seen), lambda: with_picture(COURSE, key, SEED, seen, every_mistake(key)))
    if (picture := look.result.picture) is not None and (chart := COURSE.chart(key, picture)) is not None:
        assert not re.search(r"\b(nan|inf)\b", svg(chart))


@pytest.mark.parametrize("key", COURSE.keys)
def test_what_an_honest_worker_sends_earns_all_points(key: str) -> None:
    result = judged(key, honest(key))
    assert result.points == result.max_points


def judge_of(key: str) -> Callable[[], None]:
    """Judges observations near an honest one, and at times any at all."""
    kind = COURSE.observation(key)

    @BOUNDED
    @given(near(kind, honest(key)) | near(kind, honest(key)) | values_of(kind))
    def judge(seen: Any) -> None:
        judged(key, seen)
        if not isinstance(seen, Failure):
            drawn(key, seen)

    return judge


@pytest.mark.parametrize("key", COURSE.keys)
def test_any_observation_is_judged(key: str) -> None:
    judge_of(key)()
