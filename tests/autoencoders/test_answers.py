"""Every answer of the catalogue: right ones earn all points, wrong ones are named, and nothing false is said."""

import pytest
from answers import Answer, judge_source
from ids import answer_file, answer_id, readable_answers
from proof.answers.demands import unmet
from proof.answers.judging import best_device

from autograder.autoencoders.course import AUTOENCODERS

# An answer that takes seconds is left to `make verify`, which makes the same demands of it on several seeds.
ANSWERS = [
    pytest.param(answer, id=answer_id(answer), marks=[pytest.mark.costly] if answer.seeds else [])
    for answer in readable_answers()
]
RIGHT = [one for one in ANSWERS if one.values[0].right]
WRONG = [one for one in ANSWERS if not one.values[0].right]
DEVICE = best_device()


@pytest.mark.parametrize("key", AUTOENCODERS.keys)
def test_the_file_of_answers_can_be_read(key: str) -> None:
    if problem := answer_file(key).problem:
        pytest.fail(problem, pytrace=False)
    assert {answer.right for answer in answer_file(key).answers} == {True, False}


@pytest.mark.parametrize("answer", RIGHT)
def test_right_answer_earns_all_points(answer: Answer) -> None:
    result = judge_source(answer.exercise, answer.source, seed=11)
    assert [check for check in result.checks if not check.passed] == []
    assert result.points == result.max_points
    assert unmet(answer, result) == []


@pytest.mark.parametrize("answer", WRONG)
def test_wrong_answer_is_named(answer: Answer) -> None:
    if answer.only_on and answer.only_on != DEVICE:
        pytest.skip(f"wrong on {answer.only_on} only")
    result = judge_source(answer.exercise, answer.source, seed=11)
    assert result.points < result.max_points
    named = {check.misconception for check in result.checks}
    assert {f"{answer.exercise}/{key}" for key in answer.expect} <= named
    assert unmet(answer, result) == []
