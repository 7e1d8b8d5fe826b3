"""Answers tried in processes of their own: each outcome belongs to its answer."""

import pytest
from answers import answers

from proof.answers.catalogue import Answer
from proof.answers.outcomes import AnswerOutcome, over_seeds
from proof.answers.trials import trial_pool

RIGHT = next(answer for answer in answers() if answer.exercise == "decoder" and answer.right)
WRONG = next(answer for answer in answers() if answer.exercise == "decoder" and answer.expect == ("no-sigmoid",))
MISNAMED = Answer("decoder", "no sigmoid, expected otherwise", WRONG.source, right=False, expect=("transposed",))


@pytest.fixture(scope="module")
def outcomes() -> list[AnswerOutcome]:
    with trial_pool(jobs=2) as pool:
        return over_seeds([RIGHT, WRONG, MISNAMED], 4, pool)


def test_every_answer_is_tried_on_every_seed_and_a_wrong_one_twice_on_half_of_them(
    outcomes: list[AnswerOutcome],
) -> None:
    assert [one.answer for one in outcomes] == [RIGHT, WRONG, MISNAMED]
    assert [len(one.trials) for one in outcomes] == [4, 2, 2]


def test_a_right_answer_is_accepted_at_once(outcomes: list[AnswerOutcome]) -> None:
    assert (outcomes[0].accepted, outcomes[0].caught, outcomes[0].steady) == (True, False, True)
    assert outcomes[0].second_looks == 0


def test_a_wrong_answer_is_caught_and_named_after_a_second_look(outcomes: list[AnswerOutcome]) -> None:
    assert (outcomes[1].accepted, outcomes[1].caught, outcomes[1].named) == (False, True, True)
    assert outcomes[1].second_looks == 2


def test_a_wrong_answer_of_another_name_is_caught_but_not_named(outcomes: list[AnswerOutcome]) -> None:
    assert (outcomes[2].caught, outcomes[2].named) == (True, False)
