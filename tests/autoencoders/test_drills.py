"""Every drill shows a mistake that the grader names, and one option says which."""

import pytest
from answers import Answer, judge_source
from ids import readable_answers

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.drills import Drill, drills_of
from autograder.course.exercise import Exercise

DRILLS = [(exercise, drill) for exercise in AUTOENCODERS.exercises for drill in drills_of(AUTOENCODERS, exercise)]
OF_DRILLS = pytest.mark.parametrize(
    ("exercise", "drill"), DRILLS, ids=[f"{exercise.key}-{drill.misconception}" for exercise, drill in DRILLS]
)


def catalogued(exercise: Exercise, drill: Drill) -> Answer:
    return next(a for a in readable_answers() if (a.exercise, a.name) == (exercise.key, drill.answer))


def test_every_exercise_has_two_about_different_mistakes() -> None:
    named = [(exercise.key, drill.misconception) for exercise, drill in DRILLS]
    assert len(set(named)) == len(named)
    assert [key for key, _ in named] == [key for exercise in AUTOENCODERS.exercises for key in (exercise.key,) * 2]


@OF_DRILLS
def test_its_code_is_that_of_a_catalogued_mistake(exercise: Exercise, drill: Drill) -> None:
    source = [line.strip() for line in catalogued(exercise, drill).source.splitlines()]
    shown = [line.strip() for line in drill.shown.splitlines()]
    at = source.index(shown[0])
    assert source[at : at + len(shown)] == shown


@OF_DRILLS
def test_the_grader_names_that_mistake(exercise: Exercise, drill: Drill) -> None:
    judged = judge_source(exercise.key, catalogued(exercise, drill).source, seed=1)
    named = {check.misconception for check in judged.checks if check.misconception}
    assert named == {f"{exercise.key}/{drill.misconception}"}


def test_one_of_three_or_four_options_is_right() -> None:
    for _, drill in DRILLS:
        assert len(drill.options) in (3, 4), drill.question
        assert sum(option.right for option in drill.options.values()) == 1, drill.question


def test_texts_are_short() -> None:
    for _, drill in DRILLS:
        assert len(drill.question) <= 160, drill.question
        assert len(drill.shown.splitlines()) <= 8, drill.question
        assert all(len(option.text) <= 100 for option in drill.options.values()), drill.question
        assert all(len(option.reply) <= 300 for option in drill.options.values()), drill.question


def test_the_right_option_does_not_always_have_the_same_letter() -> None:
    letters = [next(k for k, option in drill.options.items() if option.right) for _, drill in DRILLS]
    assert min(letters.count(letter) for letter in "abcd") >= 2
