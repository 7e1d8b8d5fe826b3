"""Every answer of the catalogue: right ones earn all points, wrong ones are named."""

import pytest
import torch
from answers import Answer, answers, namespace

from autograder.exercises.catalogue import exercise, observe_of
from autograder.exercises.grading import grade
from autograder.exercises.judgement import ExerciseResult
from autograder.observing.calling import Workspace
from autograder.observing.quiet import without_trace
from autograder.observing.stand_ins import stand_ins

RIGHT = [answer for answer in answers() if answer.right]
WRONG = [answer for answer in answers() if not answer.right]
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


def graded(answer: Answer, seed: int = 11) -> ExerciseResult:
    names = namespace(answer.source)
    workspace = Workspace(names, device=DEVICE)
    observe = observe_of(answer.exercise)
    with without_trace(names), stand_ins(workspace):
        return grade(exercise(answer.exercise), seed, lambda chosen: observe(workspace, chosen)).result


@pytest.mark.parametrize("answer", RIGHT, ids=str)
def test_right_answer_earns_all_points(answer: Answer) -> None:
    result = graded(answer)
    assert [verdict for verdict in result.verdicts if not verdict.passed] == []
    assert result.points == result.max_points


@pytest.mark.parametrize("answer", WRONG, ids=str)
def test_wrong_answer_is_named(answer: Answer) -> None:
    if answer.only_on and answer.only_on != DEVICE:
        pytest.skip(f"wrong on {answer.only_on} only")
    result = graded(answer)
    assert result.points < result.max_points
    named = {verdict.misconception for verdict in result.verdicts}
    assert {f"{answer.exercise}/{key}" for key in answer.expect} <= named
    if answer.points is not None:
        assert result.points == pytest.approx(answer.points)
    assert all(0 < len(verdict.message) <= 300 for verdict in result.verdicts if not verdict.passed)
