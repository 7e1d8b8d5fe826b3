"""What the commands say to input that they cannot work with; nothing is run, written or overwritten then."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from submissions import code, right, save

from autograder.engine import fleet, readable

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a worker was started")

    monkeypatch.setattr(fleet, "ZygoteProcess", refuse)
    monkeypatch.setattr(fleet, "FreshProcesses", refuse)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def nothing(_folder: Path) -> None:
    pass


def empty_folder(folder: Path) -> None:
    (folder / "in").mkdir()


def only_hidden(folder: Path) -> None:
    save(right(), folder / "in" / ".ipynb_checkpoints" / "a.ipynb")


def no_notebook(folder: Path) -> None:
    (folder / "in").write_text("text")


def results_in_the_way(folder: Path) -> None:
    save(right(), folder / "in" / "ada.ipynb")
    (folder / "results").write_text("mine")


def salt_in_the_way(folder: Path) -> None:
    save(right(), folder / "in" / "ada.ipynb")
    (folder / "autograder.salt").mkdir()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (nothing, "in does not exist"),
        (empty_folder, "in holds no notebooks"),
        (only_hidden, "in holds no notebooks"),
        (no_notebook, "in is not a notebook"),
        (results_in_the_way, "results cannot be written to results"),
        (salt_in_the_way, "autograder.salt"),
    ],
)
def test_grade_refuses_with_one_line_and_touches_nothing(
    autograder: Run, tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    make(tmp_path)
    before = contents(tmp_path)
    ended = autograder("grade", "in", "--results", "results")
    assert ended.status == 2
    assert said in ended.complaint
    assert ended.out == ""
    assert len(ended.err.splitlines()) == 1
    assert contents(tmp_path) == before


@pytest.mark.parametrize("inside", ["", "in", "results"])
def test_grade_refuses_what_lies_among_installed_packages(
    autograder: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    """Student code may read those: a course's folder there, or its submissions or results."""
    save(right(), tmp_path / "in" / "ada.ipynb")
    (tmp_path / "results").mkdir()
    monkeypatch.setattr(readable, "workers_path", lambda: (str(tmp_path / inside),))
    monkeypatch.setattr(readable, "_PACKAGES", ((tmp_path / inside).name,))
    (tmp_path / "autograder.salt").write_text("salt")
    before = contents(tmp_path)
    ended = autograder("grade", "in", "--results", "results")
    assert ended.status == 2
    assert "where installed packages lie" in ended.complaint
    assert len(ended.err.splitlines()) == 1
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["grade"],
        ["grade", "a.ipynb"],
        ["grade", "a.ipynb", "--results", "r", "--jobs", "0"],
        ["grade", "a.ipynb", "--results", "r", "--sandbox", "some"],
        ["grade", "a.ipynb", "--results", "r", "--device", "tpu"],
        ["grade", "a.ipynb", "--results", "r", "--timeout", "0"],
        ["grade", "a.ipynb", "--results", "r", "--timeout", "inf"],
        ["grade", "a.ipynb", "--results", "r", "--timeout", "nan"],
        ["grade", "a.ipynb", "--results", "r", "--memory", "1"],
        ["grade", "a.ipynb", "--results", "r", "--seed", "-1"],
        ["grade", "a.ipynb", "--results", "r", "--seed", str(2**64)],
        ["grade", "a.ipynb", "--results", "r", "--dusk", "x"],
        ["check"],
        ["check", "a.ipynb", "--exercise"],
        ["mark"],
    ],
)
def test_wrong_usage_ends_with_status_2(autograder: Run, tmp_path: Path, arguments: list[str]) -> None:
    save(right(), tmp_path / "a.ipynb")
    ended = autograder(*arguments)
    assert ended.status == 2
    assert "Error: " in ended.err
    assert not (tmp_path / "r").exists()


BROKEN = {
    "broken JSON": ('{"cells": [', "is not valid JSON"),
    "empty": ("", "is empty"),
    "no cells": ('{"cells": []}', "holds no code cells"),
    "other": (json.dumps({"cells": [code("print(1)", "exercise_1")]}), "is it the notebook of another assignment?"),
}


@pytest.mark.parametrize(("content", "said"), BROKEN.values(), ids=BROKEN)
def test_a_notebook_that_cannot_be_read_is_graded_with_no_points(
    autograder: Run, tmp_path: Path, content: str, said: str
) -> None:
    (tmp_path / "ada.ipynb").write_text(content)
    ended = autograder("grade", "ada.ipynb", "--results", "results")
    assert ended.status == 0
    assert f"ada: ada.ipynb {said}" in ended.out.replace("has none of the assignment's cells; ", "")
    result = json.loads((tmp_path / "results" / "ada.json").read_text())
    assert (result["points"], result["max_points"]) == (0, 15)
    assert {entry["status"] for entry in result["exercises"]} == {"not-attempted"}
    assert any(said in warning for warning in result["warnings"])


@pytest.mark.parametrize(("content", "said"), BROKEN.values(), ids=BROKEN)
def test_check_says_why_a_notebook_cannot_be_read(autograder: Run, tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "ada.ipynb").write_text(content)
    ended = autograder("check", "ada.ipynb")
    assert ended.status == 1
    assert said in ended.complaint
    assert ended.out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gone.ipynb"], "gone.ipynb does not exist"),
        (["."], ". is not a notebook"),
        (["notes.txt"], "notes.txt is not a notebook"),
        (["ada.ipynb", "--exercise", "encodr"], "there is no exercise 'encodr'; the keys are encoder, decoder"),
    ],
)
def test_check_refuses_with_one_line(autograder: Run, tmp_path: Path, arguments: list[str], said: str) -> None:
    save(right(), tmp_path / "ada.ipynb")
    (tmp_path / "notes.txt").write_text("text")
    ended = autograder("check", *arguments)
    assert ended.status == 2
    assert said in ended.complaint
    assert (ended.out, len(ended.err.splitlines())) == ("", 1)


def test_a_results_file_in_the_way_costs_its_student_only(autograder: Run, tmp_path: Path) -> None:
    for student in ("ada", "bea"):
        (tmp_path / f"{student}.ipynb").write_text("")
    (tmp_path / "results" / "ada.json").mkdir(parents=True)
    ended = autograder("grade", "ada.ipynb", "bea.ipynb", "--results", "results")
    assert ended.status == 1
    assert "autograder: ada has no result" in ended.err
    assert (tmp_path / "results" / "bea.json").is_file()


def test_a_class_file_in_the_way_is_told_and_the_results_are_kept(autograder: Run, tmp_path: Path) -> None:
    (tmp_path / "ada.ipynb").write_text("")
    (tmp_path / "results" / "class.csv").mkdir(parents=True)
    ended = autograder("grade", "ada.ipynb", "--results", "results")
    assert ended.status == 1
    assert "class.csv could not be written" in ended.err
    assert (tmp_path / "results" / "ada.json").is_file()


@pytest.mark.parametrize("arguments", [["build"], ["build", "--check"]])
def test_build_outside_a_course_is_refused(autograder: Run, tmp_path: Path, arguments: list[str]) -> None:
    ended = autograder(*arguments)
    assert ended.status == 2
    assert "nbgrader_config.py" in ended.complaint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_names_every_command(autograder: Run, arguments: list[str]) -> None:
    ended = autograder(*arguments)
    for command in ("build", "check", "reset", "grade", "verify", "doctor"):
        assert command in ended.out + ended.err


def test_the_class_file_is_replaced_as_a_whole(autograder: Run, tmp_path: Path) -> None:
    save({}, tmp_path / "class" / "ada" / "autoencoders" / "autoencoders.ipynb")
    (tmp_path / "results").mkdir()
    (earlier := tmp_path / "earlier.csv").write_text("student\n")
    (tmp_path / "results" / "class.csv").hardlink_to(earlier)
    autograder("grade", "class", "--results", "results", "--sandbox", "best")
    assert "ada" in (tmp_path / "results" / "class.csv").read_text()
    assert earlier.read_text() == "student\n"


def test_no_control_character_of_a_students_name_reaches_the_terminal(autograder: Run, tmp_path: Path) -> None:
    for name in ("Cohen\u202e gpj", "\x1b[2Jada"):
        (tmp_path / "in" / name).mkdir(parents=True)
        (tmp_path / "in" / name / "a.ipynb").write_text("{", encoding="utf-8")
    ended = autograder("grade", "in", "--results", "results", "--sandbox", "none")
    assert ended.status == 0
    assert "gpj: 0 of 15" in ended.err
    assert not {"\x1b", "\u202e"} & set(ended.err + ended.out)
