"""An observation in which something is missing is judged in no exercise of any course."""

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from answers import namespace
from mutated import mutated
from proof.answers.catalogue import read_solution
from proof.checkout import checkout

from autograder.course.complete import Incomplete
from autograder.course.installed import find_course
from autograder.course.observation import CallResult
from autograder.instruments.calling import Workspace
from autograder.instruments.seeding import observe_seeded
from autograder.judging.grading import grade
from autograder.judging.verdicts import ExerciseResult, Status

SEED = 11
EXERCISES = [("toy", "doubling"), *(("autoencoders", key) for key in find_course("autoencoders").keys)]
# In these it is the student's code that decides how many steps or latents there are.
OF_ANY_LENGTH = ("train", "train_vae", "interpolate")
# What an honest function may do, too: go through the model again before it takes a step, and number its optimizers.
FREE = ("forwards with the last twice", "optimizer another number")


def source(course: str, key: str) -> str:
    """A right answer."""
    if course == "autoencoders":
        exercise = find_course(course).exercise(key)
        return read_solution(checkout())[exercise.cell]
    text = (Path(__file__).parents[1] / "toy_course" / "answers" / f"{key}.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["right"][0]["source"])


@cache
def honest(course: str, key: str) -> Any:
    return observe_seeded(find_course(course), key, Workspace(namespace(source(course, key), device="cpu")), SEED)


def judged(course: str, key: str, seen: Any) -> ExerciseResult:
    found = find_course(course)
    return grade(found, found.exercise(key), SEED, lambda _seed: seen).result


def changed(course: str, key: str) -> Iterator[tuple[str, Any]]:
    return (one for one in mutated(honest(course, key)) if not one[0].endswith(FREE))


@pytest.mark.parametrize(("course", "key"), EXERCISES)
def test_nothing_is_passed_that_is_missing(course: str, key: str) -> None:
    assert judged(course, key, honest(course, key)).status is Status.PASSED
    every = list(changed(course, key))
    assert every
    won = [name for name, seen in every if judged(course, key, seen).status is Status.PASSED]
    assert won == []


@pytest.mark.parametrize(("course", "key"), [one for one in EXERCISES if one[1] not in OF_ANY_LENGTH])
def test_what_is_missing_is_not_judged_at_all(course: str, key: str) -> None:
    judge = find_course(course).judge(key)
    for _, seen in changed(course, key):
        with pytest.raises(Incomplete):
            judge(SEED, seen)


@pytest.mark.parametrize(("course", "key"), EXERCISES)
def test_what_is_not_judged_is_for_a_person_to_look_at(course: str, key: str) -> None:
    result = judged(course, key, CallResult(returned="list"))
    assert (result.points, result.status) == (0.0, Status.REVIEW)
    assert f"{key}/no-observation" in {check.misconception for check in result.checks}


# The control: without the demand for completeness these would have earned full points.
WON = {
    ("encoder", ".runs without the last"),
    ("decoder", ".runs without the last"),
    ("variational_encoder", ".runs without the last"),
    ("kl", ".runs without the last"),
    ("interpolate", ".calls without the first"),
}


@pytest.mark.parametrize(("key", "name"), sorted(WON))
def test_without_the_demand_it_would_be_passed(key: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = dict(changed("autoencoders", key))[name]
    assert judged("autoencoders", key, seen).status is Status.REVIEW
    monkeypatch.setattr(type(seen), "check_complete", lambda _self: None)
    assert judged("autoencoders", key, seen).status is Status.PASSED
