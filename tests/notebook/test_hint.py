"""``hint`` opens one level at a time and never more than there are."""

from collections.abc import Callable
from typing import Any

import pytest

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.course import UnknownExercise
from autograder.course.exercise import Exercise
from autograder.notebook import check, hint


def test_levels_open_one_by_one(notebook: Callable[[str], object]) -> None:
    made = notebook("pass")
    for _ in range(4):
        hint("kl")
    texts = [text for _, text in made.cards]
    assert [text.count("\n") for text in texts[:2]] == [1, 2]
    assert ["A similar problem" in text for text in texts] == [False, False, True, True]
    assert "divergence.sum()" in made.cards[2][0]
    assert "1 of 3" in texts[0]
    assert 'hint("kl")' in made.cards[0][0]
    assert 'hint("kl")' not in made.cards[2][0]


def test_each_exercise_counts_for_itself(notebook: Callable[[str], object]) -> None:
    made = notebook("pass")
    hint("kl")
    hint("encoder")
    assert "1 of 3" in made.cards[1][1]


def test_after_an_error_of_python_the_first_hint_is_about_that(
    notebook: Callable[[str], Any], answer: Callable[[str, str], str]
) -> None:
    made = notebook(answer("encoder", "no hidden activation").replace("x.flatten(1)", "X.flatten(1)"))
    hint("encoder")
    check("encoder")
    for _ in range(2):
        hint("encoder")
    before, _, error, after = (text for _, text in made.cards)
    assert "1 of 3" in before
    assert error.startswith("Encoder: A name that is not known")
    assert "self.gain = gain" in error
    assert "2 of 3" in after


def test_a_mistake_about_the_exercise_opens_its_hints(
    notebook: Callable[[str], Any], answer: Callable[[str, str], str]
) -> None:
    made = notebook(answer("encoder", "no hidden activation"))
    check("encoder")
    hint("encoder")
    assert "1 of 3" in made.cards[1][1]


def test_unknown_exercise(notebook: Callable[[str], object]) -> None:
    notebook("pass")
    with pytest.raises(UnknownExercise):
        hint("nothing")


@pytest.mark.parametrize("exercise", AUTOENCODERS.exercises, ids=lambda exercise: exercise.key)
def test_hints_and_messages_do_not_hold_the_solution(exercise: Exercise) -> None:
    texts = [*exercise.hints, *(one.message for one in exercise.misconceptions)]
    for text in texts:
        assert len(text) <= 300
        for spoiler in ("nn.Linear(784", "F.relu(self", ".sum() - torch.log", "reduction='sum'", "torch.stack(["):
            assert spoiler not in text


def test_a_level_opens_all_hints_up_to_it(notebook: Callable[[str], object]) -> None:
    made = notebook("pass")
    hint("kl", 2)
    hint("kl", 1)
    hint("kl")
    assert [text.splitlines()[0] for _, text in made.cards] == [f"Hints for KL divergence: {n} of 3" for n in (2, 2, 3)]


@pytest.mark.parametrize(("level", "opened"), [(-1, 1), (0, 1), (3, 3), (9, 3)])
def test_a_level_that_there_is_not_opens_the_nearest(
    notebook: Callable[[str], object], level: int, opened: int
) -> None:
    made = notebook("pass")
    hint("encoder", level)
    assert f"{opened} of 3" in made.cards[0][1]
