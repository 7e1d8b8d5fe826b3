"""A course that calls the assignment as it likes, beside assignments that are none of ours."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from courses import ROOT, SAMPLES, Place, new_place
from nbformat import v4

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

OWN_TEST = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3, "cell_type": "code"}
OWN_TEXT = {"grade": True, "solution": True, "locked": False, "task": False, "schema_version": 3}
AROUND = "import os; open('ran-in-a-kernel', 'w').close()"


def _write(path: Path, notebook: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _weeks_notebook() -> dict[str, Any]:
    """The solution as an instructor has changed it: fewer exercises, other points, questions of their own, no ids."""
    notebook: dict[str, Any] = json.loads((ROOT / "solutions/autoencoders/autoencoders.ipynb").read_text())
    dropped = ("interpolate", "test_interpolate")
    cells = [one for one in notebook["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") not in dropped]
    for cell in cells:
        cell.pop("id", None)
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "test_encoder":
            cell["metadata"]["nbgrader"]["points"] = 4
    asked = {"nbgrader": {**OWN_TEXT, "grade_id": "essay", "points": 3, "cell_type": "markdown"}}
    tested = {"nbgrader": {**OWN_TEST, "grade_id": "test_own", "points": 2}}
    cells += [
        {"cell_type": "markdown", "metadata": asked, "source": "Why?"},
        {"cell_type": "code", "metadata": tested, "source": "assert True", "outputs": [], "execution_count": None},
    ]
    return {**notebook, "nbformat_minor": 4, "cells": cells}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = new_place(tmp_path_factory.mktemp("nbgrader"))
    _write(place.course / "solutions" / "week-3" / "ae.ipynb", _weeks_notebook())
    other = v4.new_notebook(cells=[v4.new_code_cell("1 + 1")])  # type: ignore[no-untyped-call]
    test = v4.new_code_cell("assert x == 1", metadata={"nbgrader": {**OWN_TEST, "grade_id": "test_x", "points": 5}})  # type: ignore[no-untyped-call]
    answer = {**OWN_TEST, "grade": False, "solution": True, "locked": False, "grade_id": "x"}
    other.cells += [v4.new_code_cell("x = 1", metadata={"nbgrader": answer}), test]  # type: ignore[no-untyped-call]
    _write(place.course / "solutions" / "week-4" / "other.ipynb", other)
    for week in ("week-3", "week-4"):
        place.nbgrader("course", "generate_assignment", week, "--force")
    sample = json.loads((SAMPLES / "student-01" / "autoencoders" / "autoencoders.ipynb").read_text(encoding="utf-8"))
    added = {"cell_type": "code", "metadata": {}, "source": AROUND, "outputs": [], "execution_count": None, "id": "zz"}
    essay = {"nbgrader": {**OWN_TEXT, "grade_id": "essay", "points": 3, "cell_type": "markdown"}}
    said = {"cell_type": "markdown", "metadata": essay, "source": "Because I say so.", "id": "essay"}
    sample["cells"] = [*sample["cells"][:-1], added, said, sample["cells"][-1]]
    _write(place.course / "submitted" / "ada" / "week-3" / "mine.ipynb", sample)
    shutil.copytree(place.course / "notebooks" / "week-4", place.course / "submitted" / "ada" / "week-4")
    handed = place.course / "submitted" / "ada" / "week-4" / "other.ipynb"
    handed.write_text(handed.read_text(encoding="utf-8").replace("# YOUR CODE HERE", "x = 1"), encoding="utf-8")
    place.nbgrader("course", "autograde", "week-3", "--Grade.sandbox=best")
    place.nbgrader("course", "autograde", "week-4")
    return place


def test_the_grader_grades_it_and_no_kernel(place: Place) -> None:
    scores = {cell: score for (_, cell), score in place.scores().items()}
    assert scores["test_encoder"] == (4.0, False)
    assert scores["test_train"][0] == 2.0
    assert not list(place.course.rglob("ran-in-a-kernel"))


def test_an_exercise_that_was_left_out_is_missed_by_nobody(place: Place) -> None:
    assert "test_interpolate" not in {cell for _, cell in place.scores()}


def test_questions_of_the_instructors_own_wait_for_a_person(place: Place) -> None:
    scores = place.scores()
    assert scores["ada", "test_own"] == (0.0, True)
    assert scores["ada", "essay"][1]
    graded = (place.course / "autograded" / "ada" / "week-3" / "ae.ipynb").read_text(encoding="utf-8")
    assert "Because I say so." in graded


def test_another_assignment_is_run_as_nbgrader_runs_it(place: Place) -> None:
    assert place.scores()["ada", "test_x"][0] == 5.0


def test_without_its_release_nothing_is_graded(place: Place) -> None:
    shutil.move(place.course / "notebooks" / "week-3", place.root / "kept")
    handed_in = place.course / "submitted" / "ada" / "week-3" / "mine.ipynb"
    handed_in.rename(handed_in.with_name("ae.ipynb"))
    try:
        done = place.run("course", "-m", "nbgrader", "autograde", "week-3", "--force", "--Grade.sandbox=best")
        assert done.status != 0
        assert "nbgrader generate_assignment week-3" in done.log, done.log
        assert not list(place.course.rglob("ran-in-a-kernel"))
    finally:
        handed_in.with_name("ae.ipynb").rename(handed_in)
        shutil.move(place.root / "kept", place.course / "notebooks" / "week-3")
