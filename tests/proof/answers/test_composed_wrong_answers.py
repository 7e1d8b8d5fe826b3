"""Wrong answers composed of parts: each loses points and is told what is wrong, in whatever style."""

from functools import cache
from pathlib import Path

import pytest

from autograder.errors import UsageError
from proof.answers.catalogue import Answer
from proof.answers.composed import FOLDER, Family, read_families
from proof.answers.composed_wrong import compose_wrong
from proof.answers.judging import judge_source
from proof.checkout import checkout

FAMILIES = read_families(checkout())
QUICK = 35


@cache
def quick() -> list[Answer]:
    return compose_wrong(FAMILIES, QUICK, seed=1)


@pytest.mark.parametrize(
    "number", range(QUICK), ids=lambda number: f"{FAMILIES[number % len(FAMILIES)].exercise}-{number}"
)
def test_composed_wrong_answer_is_caught_and_named(number: int) -> None:
    answer = quick()[number]
    result = judge_source(answer.exercise, answer.source, seed=11)
    assert result.points < result.max_points
    told = {check.misconception for check in result.checks}
    assert {f"{answer.exercise}/{key}" for key in answer.expect} <= told, answer.source


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.exercise)
def test_every_mistake_is_made_alone_first_and_then_together_with_others(family: Family) -> None:
    composed = compose_wrong([family], len(family.mistakes) + 5, seed=3)
    alone, together = composed[: len(family.mistakes)], composed[len(family.mistakes) :]
    assert [one.expect for one in alone] == [one.expect for one in family.mistakes]
    assert all(not one.right for one in composed)
    if any(len(one.expect) > 1 for one in together):
        assert all(len(set(one.expect)) == 2 for one in together[:1])


def test_the_same_seed_composes_the_same_answers_and_another_one_others() -> None:
    assert compose_wrong(FAMILIES, QUICK, seed=1) == quick()
    assert compose_wrong(FAMILIES, QUICK, seed=2) != quick()


def test_there_are_mistakes_for_every_exercise() -> None:
    assert min(len(family.mistakes) for family in FAMILIES) >= 9


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (', expect = ["no-hidden-activation"]', "", "names no misconception"),
        ("[mistakes.activation]", "[mistakes.nothing]", "fills no gap"),
        (
            'with = { container = ["attributes"] }',
            'with = { container = ["lists"] }',
            "unknown choice 'lists' for 'container'",
        ),
    ],
)
def test_a_mistake_that_cannot_be_used_is_refused(tmp_path: Path, was: str, now: str, said: str) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    for path in (checkout() / FOLDER).glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        (folder / path.name).write_text(text.replace(was, now) if path.stem == "encoder" else text, encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        read_families(tmp_path)
