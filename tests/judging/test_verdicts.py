"""What judges are made of, by itself."""

from types import SimpleNamespace
from typing import Any

import pytest
from toy_course.exercises.doubling.misconceptions import DOUBLING

from autograder.judging.failures import printable
from autograder.judging.grading import grade
from autograder.judging.verdicts import Finding, Judgement, Status, conclude, finding


@pytest.mark.parametrize("named_first", [True, False])
def test_of_two_findings_of_one_cost_the_named_one_is_told(named_first: bool) -> None:
    named, unnamed = finding(DOUBLING, "unchanged"), Finding("values", "something is odd", 1.5)
    both = (named, unnamed) if named_first else (unnamed, named)
    check = conclude(DOUBLING, Judgement(both)).checks[0]
    assert (check.misconception, check.message) == ("doubling/unchanged", named.message)


@pytest.mark.parametrize("error", [ZeroDivisionError, ValueError, IndexError, TypeError, KeyError])
def test_an_observation_that_a_judge_stumbles_over_costs_its_sender_only(error: type[Exception]) -> None:
    def judge(_seed: int, _seen: object) -> Judgement:
        raise error("of sizes that do not fit")

    course: Any = SimpleNamespace(judge=lambda _key: judge)
    result = grade(course, DOUBLING, 1, lambda _seed: object()).result
    assert (result.points, result.status) == (0.0, Status.REVIEW)
    assert result.checks[0].misconception == "doubling/no-observation"


@pytest.mark.parametrize(("length", "kept"), [(79, True), (80, True), (81, False), (5000, False)])
def test_a_text_is_cut_to_the_length_asked_for(length: int, kept: bool) -> None:
    shown = printable("a" * length, 80)
    assert len(shown) == min(length, 80)
    assert shown.endswith("a" if kept else "a…")
