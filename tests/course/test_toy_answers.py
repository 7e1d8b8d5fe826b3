"""The toy course's answers are judged as they say, like those of the real course in ``tests/autoencoders``."""

import importlib
import re
from dataclasses import replace
from pathlib import Path

import pytest
from answers import Answer, judge_source
from proof.answers.catalogue import read_file

from autograder.course.exercise import CourseFault
from autograder.course.installed import find_course

FOLDER = Path(__file__).parents[1] / "toy_course" / "answers"
ANSWERS = [answer for path in sorted(FOLDER.glob("*.toml")) for answer in read_file(path)]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_toy_answer_is_judged_as_it_says(answer: Answer) -> None:
    result = judge_source(answer.exercise, answer.source, seed=11, course=find_course("toy"))
    named = {(check.misconception or "").partition("/")[2] for check in result.checks if not check.passed}
    assert set(answer.expect) <= named
    assert (result.points == result.max_points) == answer.right


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key": "another"}, "doubling has no misconception 'squared'; add it to its misconceptions.py"),
        ({"message": "You have {factor}."}, "the message of doubling/squared asks for {factor}; give finding() that"),
        ({"message": "You have {}."}, "the message of doubling/squared asks for {"),
    ],
    ids=["no-entry", "no-value", "no-name"],
)
def test_fault_of_a_course_is_no_students_zero(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, str], message: str
) -> None:
    judge = importlib.import_module("toy_course.exercises.doubling.judge")
    changed = [replace(one, **change) if one.key == "squared" else one for one in judge.DOUBLING.misconceptions]
    monkeypatch.setattr(judge, "DOUBLING", replace(judge.DOUBLING, misconceptions=tuple(changed)))
    with pytest.raises(CourseFault, match=re.escape(message)):
        judge_source("doubling", "def double(x):\n    return x**2", seed=11, course=find_course("toy"))
