"""Every answer of the catalogue: right ones earn all points, wrong ones are named."""

import pytest
from answers import Answer, answers, judge_source

from autograder.exercises.judgement import ExerciseResult
from autograder.verify.answers.judging import best_device

RIGHT = [answer for answer in answers() if answer.right]
WRONG = [answer for answer in answers() if not answer.right]
DEVICE = best_device()


def graded(answer: Answer) -> ExerciseResult:
    return judge_source(answer.exercise, answer.source, seed=11)


@pytest.mark.parametrize("answer", RIGHT, ids=str)
def test_right_answer_earns_all_points(answer: Answer) -> None:
    result = graded(answer)
    assert [verdict for verdict in result.verdicts if not verdict.passed] == []
    assert result.points == result.max_points


@pytest.mark.parametrize("answer", WRONG, ids=str)
def test_wrong_answer_is_named(answer: Answer) -> None:
    if answer.only_on and answer.only_on != DEVICE:
        pytest.skip(f"wrong on {answer.only_on} only")
    result = graded(answer)
    assert result.points < result.max_points
    named = {verdict.misconception for verdict in result.verdicts}
    assert {f"{answer.exercise}/{key}" for key in answer.expect} <= named
    if answer.points is not None:
        assert result.points == pytest.approx(answer.points)
    assert all(0 < len(verdict.message) <= 300 for verdict in result.verdicts if not verdict.passed)
