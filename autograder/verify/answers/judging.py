"""Judging an answer in this process: only for answers of our own."""

import linecache
from contextlib import suppress
from typing import Any

import torch

from autograder.exercises.catalogue import exercise, observe_of
from autograder.exercises.grading import Graded, grade
from autograder.exercises.judgement import ExerciseResult
from autograder.observing.calling import Workspace
from autograder.observing.quiet import without_trace
from autograder.observing.stand_ins import stand_ins


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


def judge_source(key: str, source: str, seed: int, device: str = "") -> ExerciseResult:
    """What the solution cell ``source`` earns in an exercise, run and judged here.

    Raises:
        UnknownExercise: there is no such exercise.
    """
    return graded_source(key, source, seed, device).result


def graded_source(key: str, source: str, seed: int, device: str = "") -> Graded:
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
    observe = observe_of(key)
    with without_trace(names), stand_ins(workspace):
        return grade(exercise(key), seed, lambda chosen: workspace.attempt(lambda: observe(workspace, chosen)))


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
