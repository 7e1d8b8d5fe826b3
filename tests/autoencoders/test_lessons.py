"""The parallel examples run and cannot be handed in; other ways are told after a right answer only."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from answers import answers, judge_source
from torch import nn

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.exercise import Exercise
from autograder.course.lessons import Lesson, lesson_of

OF_EXERCISES = pytest.mark.parametrize("exercise", AUTOENCODERS.exercises, ids=lambda exercise: exercise.key)


def lesson(exercise: Exercise) -> Lesson:
    found = lesson_of(AUTOENCODERS, exercise)
    assert found is not None
    return found


def run(key: str, **names: Any) -> dict[str, Any]:
    names |= {"torch": torch, "nn": nn}
    exec(lesson(AUTOENCODERS.exercise(key)).example.code, names)
    return names


def test_the_networks_have_the_shapes_that_are_said() -> None:
    assert run("encoder")["ColourEncoder"]()(torch.rand(4, 3, 10, 10)).shape == (4, 5)
    images = run("decoder")["ColourDecoder"]()(torch.rand(4, 5))
    assert images.shape == (4, 3, 10, 10)
    assert images.abs().max() <= 1
    assert run("variational_encoder")["Forecast"]()(torch.rand(4, 10)).shape == (4, 3)


def test_the_losses_and_the_blend_are_what_is_said() -> None:
    recordings, model = torch.rand(2, 16000), nn.Identity()
    assert run("train", recordings=recordings, model=model)["error"] == 0
    model.gate = SimpleNamespace(level=torch.tensor(3.0))
    assert run("train_vae", recordings=recordings, model=model)["total"] == 3
    penalized = SimpleNamespace()
    run("kl", rate=torch.ones(2, 3), self=penalized)
    assert penalized.penalty == 0
    a, b = torch.zeros(1, 16000), torch.ones(1, 16000)
    assert run("interpolate", a=a, b=b)["blends"][:, 0].tolist() == [0, 0.25, 0.5, 0.75, 1]


@OF_EXERCISES
def test_an_example_earns_nothing_when_it_is_handed_in(exercise: Exercise) -> None:
    code = lesson(exercise).example.code
    whole = next(one.source for one in answers() if one.exercise == exercise.key and one.name)
    assert not set(map(str.strip, code.splitlines())) & {line.strip() for line in whole.splitlines() if "class" in line}
    handed_in = code.replace(code.split("class ")[1].split("(")[0], exercise.name) if "class " in code else ""
    assert judge_source(exercise.key, handed_in, seed=1).points == 0


@OF_EXERCISES
def test_there_are_two_other_ways_each_with_when_it_is_better(exercise: Exercise) -> None:
    ways = lesson(exercise).ways
    assert len(ways) == 2
    assert all(way.code and way.when.endswith(".") for way in ways)
