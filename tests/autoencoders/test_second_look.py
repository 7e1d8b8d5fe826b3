"""Before points are lost an exercise is looked at a second time; of two results the better one counts."""

import pytest
from answers import namespace
from ids import readable_answers

from autograder.autoencoders.course import AUTOENCODERS
from autograder.instruments.calling import Workspace
from autograder.instruments.seeding import observe_seeded
from autograder.judging.grading import GradedExercise, grade, second_seed
from autograder.judging.verdicts import Status

SEED = 11
RIGHT, LINEAR, NARROW, CUT_OFF = "as in the notebook", "no hidden activation", "256 units", "relu on the output"


def graded(first: str, second: str) -> GradedExercise:
    """The encoder's grade where the first look sees one answer of the catalogue, and the second another."""
    sources = {answer.name: answer.source for answer in readable_answers() if answer.exercise == "encoder"}
    seen = {SEED: sources[first], second_seed(SEED): sources[second]}

    def observe(seed: int) -> object:
        return observe_seeded(AUTOENCODERS, "encoder", Workspace(namespace(seen[seed])), seed)

    return grade(AUTOENCODERS, AUTOENCODERS.exercise("encoder"), SEED, observe)


def test_what_is_right_is_looked_at_once() -> None:
    looked = graded(RIGHT, LINEAR)
    assert looked.seeds == (SEED,)
    assert (looked.result.points, looked.result.status) == (2.0, Status.PASSED)


@pytest.mark.parametrize(
    ("first", "second", "points"),
    [(LINEAR, RIGHT, 2.0), (LINEAR, CUT_OFF, 2.0), (LINEAR, NARROW, 1.5), (NARROW, LINEAR, 1.5)],
    ids=["wrong-then-right", "in-another-check", "less-wrong", "more-wrong"],
)
def test_each_check_keeps_its_better_result_and_a_person_looks(first: str, second: str, points: float) -> None:
    looked = graded(first, second)
    assert looked.seeds == (SEED, second_seed(SEED))
    assert (looked.result.points, looked.result.status) == (points, Status.REVIEW)


def test_what_is_wrong_twice_stays_wrong() -> None:
    looked = graded(LINEAR, LINEAR)
    assert looked.seeds == (SEED, second_seed(SEED))
    assert (looked.result.points, looked.result.status) == (1.0, Status.PARTIAL)
