"""``autograder diff``: what a class sees of a change of the grader, the points, or the instructor's word."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from results_folder import full_marks, write_class

from autograder.judging.verdicts import Status
from autograder.reports.class_csv import ClassRow
from autograder.reports.result import Result

Run = Callable[..., Any]


def with_mistake(result: Result, misconception: str = "encoder/no-hidden-activation", message: str = "m") -> Result:
    encoder, *rest = result.exercises
    first, *checks = encoder.checks
    wrong = replace(first, passed=False, points=0.0, misconception=misconception, message=message)
    lost = replace(encoder, checks=(wrong, *checks), points=encoder.points - first.points, status=Status.PARTIAL)
    return replace(result, exercises=(lost, *rest), points=result.points - first.points)


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Two alike gradings, apart from their times."""
    for name, seconds in (("old", 0.1), ("new", 0.7)):
        rows = [
            ClassRow(one, replace(full_marks(one), cpu_seconds=seconds))
            for one in ("ada", "bea", "c\x1b[2J" + "x" * 60)
        ]
        write_class(tmp_path / name, rows)
    return tmp_path


@pytest.mark.usefixtures("folders")
def test_the_same_grading_twice_differs_in_nothing(autograder: Run) -> None:
    ended = autograder("diff", "old", "new")
    assert (ended.status, ended.out) == (0, "0 of 3 marks differ\n")
    assert json.loads(autograder("diff", "old", "new", "--json").out)["differences"] == []


def test_it_says_who_by_how_much_and_why(autograder: Run, folders: Path) -> None:
    changed = with_mistake(full_marks("bea"))
    changed = replace(changed, grader={"version": "0.2.0", "digest": "e"}, seeds=(2,))
    write_class(folders / "new", [ClassRow("bea", changed)])
    (folders / "new" / "ada.json").unlink()
    ended = autograder("diff", "old", "new")
    assert ended.status == 1
    assert max(map(len, ended.out.splitlines())) <= 80
    for text in ("15", "14.5", "-0.5", "encoder/no-hidden-activation", "other seeds: 1 before, 2 now", "0.2.0"):
        assert text in " ".join(ended.out.split())
    assert "only in the old folder" in ended.out
    assert "2 of 3 marks differ" in ended.out
    data = json.loads(autograder("diff", "old", "new", "--json").out)
    assert (data["marks_differ"], data["students"]) == (2, 3)
    [bea] = [one for one in data["differences"] if one["student"] == "bea"]
    assert (bea["old"], bea["new"]) == (15.0, 14.5)


def test_another_message_alone_is_said_and_is_no_change_of_a_mark(autograder: Run, folders: Path) -> None:
    for name, message in (("old", "this"), ("new", "that")):
        write_class(folders / name, [ClassRow("bea", with_mistake(full_marks("bea"), message=message))])
    ended = autograder("diff", "old", "new")
    assert ended.status == 1
    assert "another message" in ended.out
    assert "0 of 3 marks differ; for 1 more something else does" in ended.out


def test_the_instructors_word_and_being_late_count(autograder: Run, folders: Path) -> None:
    (folders / "new" / "overrides.csv").write_text("student,exercise,points\nada,kl,1\n")
    ended = autograder("diff", "old", "new")
    assert ended.status == 1
    assert "kl, set by the instructor: nothing before, 1 now" in " ".join(ended.out.split())
    (folders / "new" / "overrides.csv").write_text("student,exercise,points\nadda,kl,1\n")
    ended = autograder("diff", "old", "new")
    assert ended.status == 2
    assert "line 2: no student is called 'adda'" in ended.complaint


@pytest.mark.usefixtures("folders")
def test_a_folder_that_is_none_is_a_slip_of_the_command(autograder: Run) -> None:
    assert autograder("diff", "old", "missing").status == 2
