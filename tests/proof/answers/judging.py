"""Judging an answer in this process: only for answers of our own."""

import linecache
from contextlib import suppress
from typing import Any

import torch

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.course import Course
from autograder.instruments.calling import Workspace
from autograder.instruments.quiet import without_trace
from autograder.instruments.seeding import observe_seeded
from autograder.instruments.stand_ins import in_place
from autograder.judging.grading import GradedExercise, grade
from autograder.judging.verdicts import ExerciseResult


def best_device() -> str:
    """The device that a notebook's first cell would choose here."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def namespace(source: str, name: str = "<answer>", device: str = "") -> dict[str, Any]:
    """The names that a notebook has after its imports and this cell; ``device`` is the notebook's own choice if empty.

    Whatever the cell raises passes through.
    """
    names = _imported(device)
    _run(source, name, names)
    return names


def judge_source(key: str, source: str, seed: int, device: str = "", course: Course = AUTOENCODERS) -> ExerciseResult:
    """What the solution cell ``source`` earns in an exercise, run and judged here.

    Raises:
        UnknownExercise: there is no such exercise.
    """
    return graded_source(key, source, seed, device, course).result


def graded_source(key: str, source: str, seed: int, device: str = "", course: Course = AUTOENCODERS) -> GradedExercise:
    """What the solution cell ``source`` earns in an exercise, and the seeds that it took to say so.

    Raises:
        UnknownExercise: there is no such exercise.
    """
    device = device or best_device()
    names = _imported(device)
    # As in the engine: what a cell has defined before it stopped stays.
    with suppress(Exception):
        _run(source, "<answer>", names)
    workspace = Workspace(names, device=device)
    exercise = course.exercise(key)

    def observe(chosen: int) -> Any:
        return workspace.attempt(lambda: observe_seeded(course, key, workspace, chosen))

    with without_trace(names), in_place(workspace, course.module("stand_ins").make(workspace)):
        return grade(course, exercise, seed, observe)


def _imported(device: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "__main__", "device": device or best_device()}
    exec(
        "import torch, numpy as np, matplotlib.pyplot as plt\nimport torch.nn as nn, torch.nn.functional as F\n",
        names,
    )
    return names


def _run(source: str, name: str, names: dict[str, Any]) -> None:
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec", dont_inherit=True), names)
