"""What flags do to a result: a word to the instructor, never a point."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.observation import Failure
from autograder.engine import grader
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.judging.failures import judge_failure
from autograder.judging.verdicts import (
    ExerciseResult,
    Finding,
    Judgement,
    Status,
    conclude,
    fail_all_checks,
    not_attempted,
)
from autograder.reports.result import Result
from autograder.submissions.flags import find_flags
from autograder.submissions.submission import Cell, Submission

OPTIONS = Options(course=AUTOENCODERS, level=Level.BEST, salt=Salt("salt", secret=True))
WITHOUT_LAYERS = "class Encoder(nn.Module):\n    def forward(self, x):\n        return x.flatten(1) * 2\n"


def judged(key: str, status: Status) -> ExerciseResult:
    known = AUTOENCODERS.exercise(key)
    first = Finding(known.checks[0].key, "oh", 0.25)
    judgements = {
        Status.NOT_ATTEMPTED: not_attempted(known),
        Status.PASSED: Judgement(),
        Status.PARTIAL: Judgement((first,)),
        Status.FAILED: fail_all_checks(known, first),
        Status.ERROR: fail_all_checks(known, first, Status.ERROR),
    }
    result = conclude(known, judgements[status])
    assert result.status is status
    return result


def graded(monkeypatch: pytest.MonkeyPatch, statuses: dict[str, Status], **cells: str) -> Result:
    """The result where the exercises went like this, for a submission of these cells."""

    def grade(session: Any) -> None:
        session.results += [judged(key, status) for key, status in statuses.items()]
        session.remarks.append("from the session")
        session.flags = find_flags(session.submission.cells, session.submission.release)

    monkeypatch.setattr(grader.Session, "grade", grade)
    texts = tuple(Cell(source, name.removeprefix("own")) for name, source in cells.items())
    submission = Submission("ada", "autoencoders", Path("a.ipynb"), AUTOENCODERS.release, texts, digest="d")
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
    assert result.exercises[0].points == judged("train", status).points
    assert result.flags == ("look at the `train` cell, line 1: it imports `ctypes`",)
    assert result.warnings == ("from the session",)


def test_both_exercises_of_one_cell_come_up(monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = {"variational_encoder": Status.PARTIAL, "kl": Status.PARTIAL}
    result = graded(monkeypatch, statuses, variational_encoder="import ctypes")
    assert [entry.status for entry in result.exercises] == ["review", "review"]


def test_a_cell_of_no_exercise_gives_a_flag_only(monkeypatch: pytest.MonkeyPatch) -> None:
    result = graded(monkeypatch, {"train": Status.PARTIAL}, own="import ctypes")
    assert result.exercises[0].status == "partial"
    assert result.flags == ("look at the student's own cell 1, line 1: it imports `ctypes`",)


@pytest.mark.parametrize("status", [Status.PASSED, Status.FAILED])
def test_missing_layers_are_worth_a_look_only_where_they_earned_points(
    monkeypatch: pytest.MonkeyPatch, status: Status
) -> None:
    result = graded(monkeypatch, {"encoder": status}, encoder=WITHOUT_LAYERS)
    assert any("creates no layer" in flag for flag in result.flags) == (status is Status.PASSED)
    assert result.exercises[0].status == status.value


def test_points_are_those_without_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = {"encoder": Status.PARTIAL, "train": Status.PASSED, "train_vae": Status.FAILED}
    plain = graded(monkeypatch, statuses, encoder="a = 1")
    suspect = graded(
        monkeypatch, statuses, encoder="import ctypes", train="exec('')", own="import gc\ngc.get_objects()"
    )
    assert (suspect.points, suspect.max_points) == (plain.points, plain.max_points)
    assert [replace(one, status=Status.FAILED) for one in suspect.exercises] == [
        replace(one, status=Status.FAILED) for one in plain.exercises
    ]


def test_an_incomplete_observation_is_worth_a_look(monkeypatch: pytest.MonkeyPatch) -> None:
    exercise = AUTOENCODERS.exercise("kl")
    incomplete = conclude(exercise, judge_failure(exercise, Failure("malformed")))
    monkeypatch.setattr(grader.Session, "grade", lambda session: session.results.append(incomplete))
    submission = Submission("ada", "autoencoders", Path("a.ipynb"), AUTOENCODERS.release, (), digest="d")
    no_fleet: Any = None
    result = grader.grade_submission(submission, OPTIONS, no_fleet)
    assert (result.points, result.exercises[0].status) == (0.0, "review")
    title = exercise.title
    assert result.flags == (f"look for code that changes the grader or torch: {title} gave no complete observation",)
