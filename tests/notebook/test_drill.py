"""``drill`` opens once an exercise is all right, and says whether a choice names the mistake."""

from collections.abc import Callable

import pytest

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.course import UnknownExercise
from autograder.course.drills import Drill, drills_of
from autograder.notebook import check, drill

Make = Callable[[str], object]
Source = Callable[[str, str], str]
BLOG = ("kl", "the blog's form")


def kl_drills() -> tuple[Drill, ...]:
    return drills_of(AUTOENCODERS, AUTOENCODERS.exercise("kl"))


def kl_drill() -> Drill:
    return kl_drills()[0]


@pytest.mark.parametrize("source", ["pass", "mistaken"])
def test_it_is_closed_before_the_exercise_is_right(notebook: Make, answer: Source, source: str) -> None:
    made = notebook(answer("kl", "mean") if source == "mistaken" else source)
    for choice in (None, "c"):
        drill("kl", choice)
    assert all('opens once your own code is all right: run `check("kl")`' in text for _, text in made.cards)
    shown = kl_drill().shown
    assert not any(line.strip() in text for _, text in made.cards for line in shown.splitlines())


def test_it_shows_code_and_options(notebook: Make, answer: Source) -> None:
    made = notebook(answer(*BLOG))
    drill("kl")
    html, text = made.cards[0]
    known = kl_drill()
    assert all(line in text for line in known.shown.splitlines())
    for letter, option in known.options.items():
        assert f"{letter}) {option.text}" in text
        assert option.reply not in text
        assert f"<b>{letter})</b>" in html


def test_each_choice_has_its_reply(notebook: Make, answer: Source) -> None:
    made = notebook(answer(*BLOG))
    known = kl_drill()
    for letter, option in known.options.items():
        drill("kl", letter)
        html, text = made.cards[-1]
        assert option.reply in text
        assert ("that is it" in html, "Look once more" in text) == (option.right, not option.right)


@pytest.mark.parametrize(
    "typed", ["C", " c ", "c)", "(c)", "c."], ids=["capital", "blanks", "bracket", "brackets", "dot"]
)
def test_a_letter_may_be_typed_in_any_way(notebook: Make, answer: Source, typed: str) -> None:
    made = notebook(answer(*BLOG))
    drill("kl", typed)
    assert kl_drill().options["c"].reply in made.cards[0][1]


@pytest.mark.parametrize("typed", ["z", "", "another sigma"], ids=["letter", "nothing", "words"])
def test_what_is_no_option_is_told_the_letters(notebook: Make, answer: Source, typed: str) -> None:
    made = notebook(answer(*BLOG))
    drill("kl", typed)
    assert "the letters are a, b, c, d" in made.cards[0][1]


def test_the_next_drill_opens_when_one_is_solved_and_the_first_after_the_last(notebook: Make, answer: Source) -> None:
    made = notebook(answer(*BLOG))
    first, second = kl_drills()
    for typed in (None, "a", None, "c", None, "c", "b", None):
        drill("kl", typed)
    texts = [text for _, text in made.cards]
    asked = [text.splitlines()[1].strip() for text in (texts[place] for place in (0, 2, 4, 7))]
    assert asked == [first.question, first.question, second.question, first.question]
    assert "has another one" in texts[3]
    assert second.options["c"].reply in texts[5]
    assert second.options["b"].reply in texts[6]
    assert "another" not in texts[6]


def test_unknown_exercise(notebook: Make) -> None:
    notebook("pass")
    with pytest.raises(UnknownExercise):
        drill("nothing")


def test_the_card_of_a_right_answer_tells_of_the_drill(notebook: Make, answer: Source) -> None:
    made = notebook(answer(*BLOG))
    check("kl")
    html, text = made.cards[0]
    assert 'drill("kl")' in text
    assert "drill" in html


@pytest.mark.parametrize("name", ["mean", "stub"])
def test_no_other_card_does(notebook: Make, answer: Source, name: str) -> None:
    made = notebook("pass" if name == "stub" else answer("kl", name))
    check("kl")
    assert "drill" not in made.cards[0][1]
