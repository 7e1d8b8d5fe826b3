"""Cards say what holds for their course."""

import io
import re
from dataclasses import replace

import pytest
from report_class import with_mistakes
from results_folder import COURSE
from rich.console import Console

from autograder.course.drills import drills_of
from autograder.course.installed import find_course
from autograder.judging.verdicts import Judgement, conclude
from autograder.reports import card
from autograder.reports.card import Card
from autograder.reports.terminal_card import terminal


@pytest.mark.parametrize(("course", "key", "offered"), [("autoencoders", "kl", True), ("toy", "doubling", False)])
def test_drill_is_offered_where_there_is_one(course: str, key: str, offered: bool) -> None:
    found = find_course(course)
    exercise = found.exercise(key)
    shown = Card(exercise, conclude(exercise, Judgement()), has_drill=bool(drills_of(found, exercise)))
    assert ("drill(" in card.text(shown)) is offered
    assert ("drill(" in card.html(shown)) is offered
    assert "drill(" not in card.text(replace(shown, has_drill=False))


def test_what_could_not_be_looked_at_is_open_and_not_wrong() -> None:
    (judged,) = (one for one in with_mistakes("ada", "kl/detached").exercises if one.key == "kl")
    shown = Card(COURSE.exercise("kl"), judged)
    words = re.sub("<[^>]*>", " ", card.html(shown))
    console = Console(width=80, file=io.StringIO())
    console.print(terminal(shown))
    for text in (words, console.file.getvalue()):  # type: ignore[attr-defined]
        assert text.count("(not looked at)") == text.count("– ") == 2
        assert text.count("✗ The gradient") + text.count("✗ not yet") == 1
        assert "see the other check" not in text


def test_titles_are_escaped() -> None:
    exercise = replace(find_course("toy").exercise("doubling"), title="<b>Twice</b> & more")
    html = card.html(Card(exercise, conclude(exercise, Judgement())))
    assert "<b>Twice" not in html
    assert "&lt;b&gt;Twice&lt;/b&gt; &amp; more" in html
