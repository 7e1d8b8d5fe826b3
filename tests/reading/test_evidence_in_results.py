"""What evidence does to a result: a word to the instructor, never a point."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.engine import grader
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.exercises.catalogue import exercise
from autograder.exercises.judgement import (
    ExerciseResult,
    Finding,
    Judgement,
    Status,
    conclude,
    everything,
    not_attempted,
)
from autograder.reading.evidence import FOR_REVIEW
from autograder.reading.submission import Cell, Submission
from autograder.results import Result

OPTIONS = Options(Level.BEST, "cpu", 60.0, 1024, Salt("salt", True))
WITHOUT_LAYERS = "class Encoder(nn.Module):\n    def forward(self, x):\n        return x.flatten(1) * 2\n"


def outcome(key: str, status: Status) -> ExerciseResult:
    known = exercise(key)
    first = Finding(known.checks[0].key, "oh", 0.25)
    judgements = {
        Status.NOT_ATTEMPTED: not_attempted(known),
        Status.PASSED: Judgement(),
        Status.PARTIAL: Judgement((first,)),
        Status.FAILED: everything(known, first),
        Status.ERROR: everything(known, first, Status.ERROR),
    }
    result = conclude(known, judgements[status])
    assert result.status is status
    return result


def graded(monkeypatch: pytest.MonkeyPatch, statuses: dict[str, Status], **cells: str) -> Result:
    """The result where the exercises went like this, for a submission of these cells."""

    def grade(session: Any) -> None:
        session.results += [outcome(key, status) for key, status in statuses.items()]
        session.warnings.append("from the session")

    monkeypatch.setattr(grader.Session, "grade", grade)
    texts = tuple(Cell(source, name.removeprefix("own")) for name, source in cells.items())
    submission = Submission("ada", "autoencoders", Path("a.ipynb"), texts, digest="d")
    no_fleet: Any = None
    return grader.grade_submission(submission, OPTIONS, no_fleet)


@pytest.mark.parametrize(
    ("status", "shown"),
    [(Status.PARTIAL, "review"), *((one, one.value) for one in Status if one.value in
     ("passed", "not-attempted", "failed", "error"))],
)  # fmt: skip
def test_only_points_that_stand_in_part_come_up_for_review(
    monkeypatch: pytest.MonkeyPatch, status: Status, shown: str
) -> None:
    result = graded(monkeypatch, {"train": status, "train_vae": Status.PARTIAL}, train="import ctypes", own="a = 1")
    assert [entry.status for entry in result.exercises] == [shown, "partial"]
    assert result.exercises[0].points == outcome("train", status).points
    expected = f"{FOR_REVIEW}look at the `train` cell, line 1: it imports `ctypes`"
    assert result.warnings == ("from the session", expected)


def test_both_exercises_of_one_cell_come_up(monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = {"variational_encoder": Status.PARTIAL, "kl": Status.PARTIAL}
    result = graded(monkeypatch, statuses, variational_encoder="import ctypes")
    assert [entry.status for entry in result.exercises] == ["review", "review"]


def test_a_cell_of_no_exercise_gives_a_warning_only(monkeypatch: pytest.MonkeyPatch) -> None:
    result = graded(monkeypatch, {"train": Status.PARTIAL}, own="import ctypes")
    assert result.exercises[0].status == "partial"
    assert result.warnings[1:] == (f"{FOR_REVIEW}look at the student's own cell 1, line 1: it imports `ctypes`",)


@pytest.mark.parametrize("status", [Status.PASSED, Status.FAILED])
def test_missing_layers_are_worth_a_look_only_where_they_earned_points(
    monkeypatch: pytest.MonkeyPatch, status: Status
) -> None:
    result = graded(monkeypatch, {"encoder": status}, encoder=WITHOUT_LAYERS)
    assert any("creates no layer" in warning for warning in result.warnings) == (status is Status.PASSED)
    assert result.exercises[0].status == status.value


def test_points_are_those_without_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = {"encoder": Status.PARTIAL, "train": Status.PASSED, "train_vae": Status.FAILED}
    plain = graded(monkeypatch, statuses, encoder="a = 1")
    suspect = graded(
        monkeypatch, statuses, encoder="import ctypes", train="exec('')", own="import gc\ngc.get_objects()"
    )
    assert (suspect.points, suspect.max_points) == (plain.points, plain.max_points)
    assert [replace(entry, status="") for entry in suspect.exercises] == [
        replace(entry, status="") for entry in plain.exercises
    ]
