"""Every drill shows a mistake that the grader names, and one option says which."""

import pytest
from answers import Answer, judge_source
from ids import readable_answers

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course import drills
from autograder.course.drills import Drill
from autograder.course.exercise import Exercise

OF_EXERCISES = pytest.mark.parametrize("exercise", AUTOENCODERS.exercises, ids=lambda exercise: exercise.key)


def drill_of(exercise: Exercise) -> Drill:
    found = drills.drill_of(AUTOENCODERS, exercise)
    assert found is not None
    return found


def catalogued(exercise: Exercise) -> Answer:
    return next(a for a in readable_answers() if (a.exercise, a.name) == (exercise.key, drill_of(exercise).answer))


@OF_EXERCISES
def test_its_code_is_that_of_a_catalogued_mistake(exercise: Exercise) -> None:
    source = [line.strip() for line in catalogued(exercise).source.splitlines()]
    shown = [line.strip() for line in drill_of(exercise).shown.splitlines()]
    at = source.index(shown[0])
    assert source[at : at + len(shown)] == shown


@OF_EXERCISES
def test_the_grader_names_that_mistake(exercise: Exercise) -> None:
    judged = judge_source(exercise.key, catalogued(exercise).source, seed=1)
    named = {check.misconception for check in judged.checks if check.misconception}
    assert named == {f"{exercise.key}/{drill_of(exercise).misconception}"}


@OF_EXERCISES
def test_one_of_three_or_four_options_is_right(exercise: Exercise) -> None:
    options = drill_of(exercise).options
    assert len(options) in (3, 4)
    assert sum(option.right for option in options.values()) == 1


@OF_EXERCISES
def test_texts_are_short(exercise: Exercise) -> None:
    drill = drill_of(exercise)
    assert len(drill.question) <= 160
    assert len(drill.shown.splitlines()) <= 8
    for option in drill.options.values():
        assert len(option.text) <= 100
        assert len(option.reply) <= 300


def test_the_right_option_does_not_always_have_the_same_letter() -> None:
    letters = [next(k for k, option in drill_of(e).options.items() if option.right) for e in AUTOENCODERS.exercises]
    assert len(set(letters)) == 4
