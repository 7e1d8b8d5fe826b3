"""Right answers composed of interchangeable parts: each earns all points, whatever the combination."""

from functools import cache
from itertools import combinations, islice

import pytest

from autograder.autoencoders.course import AUTOENCODERS
from autograder.judging.verdicts import Status
from proof.__main__ import COMPOSED
from proof.answers.catalogue import Answer
from proof.answers.composed import Family, compose_right, read_families
from proof.answers.judging import judge_source
from proof.checkout import checkout
from proof.parts import COMPOSING_SEED

FAMILIES = read_families(checkout())
QUICK = 70


@cache
def quick() -> list[Answer]:
    """A few of them; composing takes seconds, which whoever collects other tests need not wait for."""
    return compose_right(FAMILIES, QUICK, seed=1)


def refused(exercise: str, source: str) -> str:
    """What keeps an answer from all points, with the answer; empty where nothing does."""
    result = judge_source(exercise, source, seed=11)
    if result.status is Status.PASSED and result.points == result.max_points:
        return ""
    return "\n".join([source, *(one.message for one in result.checks if not one.passed)])


@pytest.mark.parametrize(
    "number", range(QUICK), ids=lambda number: f"{FAMILIES[number % len(FAMILIES)].exercise}-{number}"
)
def test_composed_right_answer_earns_all_points(number: int) -> None:
    assert refused(quick()[number].exercise, quick()[number].source) == ""


def test_there_is_a_family_for_every_exercise_and_thousands_of_answers_in_each() -> None:
    assert [family.exercise for family in FAMILIES] == list(AUTOENCODERS.keys)
    assert min(family.count() for family in FAMILIES) > 10_000


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.exercise)
def test_the_first_answers_hold_every_choice_and_none_comes_twice(family: Family) -> None:
    first = list(islice(family.shuffled(3), 60))
    every = {choice.key for choices in family.gaps.values() for choice in choices}
    assert {choice.key for combination in first for choice in combination} == every
    assert len({tuple(choice.key for choice in combination) for combination in first}) == len(first)
    assert first == list(islice(family.shuffled(3), 60))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.exercise)
def test_those_that_the_proof_composes_hold_every_two_choices_that_go_together(family: Family) -> None:
    composed = islice(family.shuffled(COMPOSING_SEED), COMPOSED // len(FAMILIES))
    held = {frozenset((one.key, other.key)) for parts in composed for one, other in combinations(parts, 2)}
    assert family.pairs() <= held


def test_an_answer_with_one_wrong_part_is_refused() -> None:
    encoders = [one.source for one in compose_right(FAMILIES, 400, seed=4) if one.exercise == "encoder"]
    right = next(source for source in encoders if "F.relu(" in source and "inplace" not in source)
    assert refused("encoder", right) == ""
    assert "linear function" in refused("encoder", right.replace("F.relu(", "("))
