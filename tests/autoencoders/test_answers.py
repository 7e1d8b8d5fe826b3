"""Every answer of the catalogue: right ones earn all points, wrong ones are named."""

from functools import cache

import pytest
from answers import Answer, judge_source
from ids import answer_file, answer_id, readable_answers
from proof.answers.claims import refuted
from proof.answers.judging import best_device

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.exercise import EVERY_CHECK
from autograder.judging.verdicts import ExerciseResult

RIGHT = [answer for answer in readable_answers() if answer.right]
WRONG = [answer for answer in readable_answers() if not answer.right]
DEVICE = best_device()


@cache
def graded(answer: Answer) -> ExerciseResult:
    return judge_source(answer.exercise, answer.source, seed=11)


@pytest.mark.parametrize("key", AUTOENCODERS.keys)
def test_the_file_of_answers_can_be_read(key: str) -> None:
    if problem := answer_file(key).problem:
        pytest.fail(problem, pytrace=False)
    assert {answer.right for answer in answer_file(key).answers} == {True, False}


@pytest.mark.parametrize("answer", RIGHT, ids=answer_id)
def test_right_answer_earns_all_points(answer: Answer) -> None:
    result = graded(answer)
    assert [check for check in result.checks if not check.passed] == []
    assert result.points == result.max_points


@pytest.mark.parametrize("answer", WRONG, ids=answer_id)
def test_wrong_answer_is_named(answer: Answer) -> None:
    if answer.only_on and answer.only_on != DEVICE:
        pytest.skip(f"wrong on {answer.only_on} only")
    result = graded(answer)
    assert result.points < result.max_points
    named = {check.misconception for check in result.checks}
    assert {f"{answer.exercise}/{key}" for key in answer.expect} <= named
    if answer.points is not None:
        assert result.points == pytest.approx(answer.points)
    assert all(0 < len(check.message) <= 300 for check in result.checks if not check.passed)


@pytest.mark.parametrize("answer", [*RIGHT, *WRONG], ids=answer_id)
def test_nothing_is_said_that_the_code_itself_refutes(answer: Answer) -> None:
    named = [check.misconception.partition("/")[2] for check in graded(answer).checks if check.misconception]
    assert refuted(answer.source, named) == []


def hides_checks(answer: Answer) -> bool:
    """Whether the answer's one mistake keeps some other checks from being looked at."""
    known = {one.key: one.hides for one in AUTOENCODERS.exercise(answer.exercise).misconceptions}
    return len(answer.expect) == 1 and known.get(answer.expect[0], ()) not in ((), EVERY_CHECK)


@pytest.mark.parametrize("answer", [one for one in WRONG if hides_checks(one)], ids=answer_id)
def test_mistake_that_hides_checks_costs_what_is_declared(answer: Answer) -> None:
    result = graded(answer)
    named = [check for check in result.checks if check.misconception]
    if len(named) == 1:
        assert result.max_points - result.points == AUTOENCODERS.exercise(answer.exercise).cost(answer.expect[0])
