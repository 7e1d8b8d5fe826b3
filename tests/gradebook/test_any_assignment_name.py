"""A course that calls the assignment as it likes, beside assignments that are none of ours."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from courses import COMMAND, ROOT, SAMPLES, Place, new_place
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
    tests = {"test_own": (2, "assert Encoder(3)(torch.zeros(5, 1, 28, 28)).shape == (5, 3)"),
             "test_trained": (1, "assert autoencoder(torch.zeros(5, 1, 28, 28)).shape == (5, 1, 28, 28)")}  # fmt: skip
    cells += [{"cell_type": "markdown", "metadata": asked, "source": "Why?"}]
    for name, (points, source) in tests.items():
        tested = {"nbgrader": {**OWN_TEST, "grade_id": name, "points": points}}
        cells += [{"cell_type": "code", "metadata": tested, "source": source, "outputs": [], "execution_count": None}]
    return {**notebook, "nbformat_minor": 4, "cells": cells}


CONFIG = """
from autograder.nbgrader import configure
c = get_config()
configure(c)
# The instructor's own, as nbgrader's documents show them: a list of steps with a step of theirs, and a time limit.
import sys
sys.path.insert(0, "steps")
c.Autograde.autograde_preprocessors = [
    "own_steps.Noted", "nbgrader.preprocessors.Execute", "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades", "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.Execute.timeout = 5
"""
OWN_STEP = """
from nbgrader.preprocessors import NbGraderPreprocessor
class Noted(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        open("own-step-" + resources["nbgrader"]["assignment"], "w").close()
        return nb, resources
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A course that was there before, as nbgrader's quickstart lays it out."""
    place = new_place(tmp_path_factory.mktemp("nbgrader"))
    for name in ("solutions", "notebooks"):
        shutil.rmtree(place.course / name)
    (place.course / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    (place.course / "steps").mkdir()
    (place.course / "steps" / "own_steps.py").write_text(OWN_STEP, encoding="utf-8")
    _write(place.course / "source" / "week-3" / "ae.ipynb", _weeks_notebook())
    other = v4.new_notebook(cells=[v4.new_code_cell("1 + 1")])  # type: ignore[no-untyped-call]
    slow = {"nbgrader": {**OWN_TEST, "grade_id": "test_slow", "points": 1}}
    other.cells += [v4.new_code_cell("import time; time.sleep(20)", metadata=slow)]  # type: ignore[no-untyped-call]
    test = v4.new_code_cell("assert x == 1", metadata={"nbgrader": {**OWN_TEST, "grade_id": "test_x", "points": 5}})  # type: ignore[no-untyped-call]
    answer = {**OWN_TEST, "grade": False, "solution": True, "locked": False, "grade_id": "x"}
    other.cells[1:1] = [v4.new_code_cell("x = 1", metadata={"nbgrader": answer}), test]  # type: ignore[no-untyped-call]
    _write(place.course / "source" / "week-4" / "other.ipynb", other)
    for week in ("week-3", "week-4"):
        place.nbgrader("course", "generate_assignment", week, "--force")
    sample = json.loads((SAMPLES / "student-01" / "autoencoders" / "autoencoders.ipynb").read_text(encoding="utf-8"))
    added = {"cell_type": "code", "metadata": {}, "source": AROUND, "outputs": [], "execution_count": None, "id": "zz"}
    essay = {"nbgrader": {**OWN_TEXT, "grade_id": "essay", "points": 3, "cell_type": "markdown"}}
    said = {"cell_type": "markdown", "metadata": essay, "source": "Because I say so.", "id": "essay"}
    sample["cells"] = [*sample["cells"][:-1], added, said, sample["cells"][-1]]
    _write(place.course / "submitted" / "ada" / "week-3" / "mine.ipynb", sample)
    shutil.copytree(place.course / "release" / "week-4", place.course / "submitted" / "ada" / "week-4")
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


def test_questions_of_the_instructors_own_are_run_or_wait_for_a_person(place: Place) -> None:
    scores = place.scores()
    assert scores["ada", "test_own"] == (2.0, False)
    assert scores["ada", "test_trained"] == (0.0, True)  # it needs what a cell trains, which grading does not run
    assert scores["ada", "essay"][1]
    graded = (place.course / "autograded" / "ada" / "week-3" / "ae.ipynb").read_text(encoding="utf-8")
    assert "Because I say so." in graded


def test_another_assignment_is_run_as_nbgrader_runs_it(place: Place) -> None:
    assert place.scores()["ada", "test_x"][0] == 5.0


def test_the_instructors_own_steps_and_limits_hold(place: Place) -> None:
    assert (place.course / "own-step-week-3").exists()
    assert (place.course / "own-step-week-4").exists()
    assert place.scores()["ada", "test_slow"][0] == 0.0


def test_the_test_cell_that_students_get_says_its_points(place: Place) -> None:
    released = json.loads((place.course / "release" / "week-3" / "ae.ipynb").read_text(encoding="utf-8"))
    texts = ["".join(cell["source"]) for cell in released["cells"]]
    assert any(text.endswith('check("encoder", points=4)') for text in texts)
    assert any(text.endswith('check("decoder")') for text in texts)
    assert any("x_hat = ..." in text for text in texts)


def test_the_command_line_gives_the_points_of_the_gradebook(place: Place) -> None:
    """The sample's exercises without the dropped one, the encoder worth four, and one of two tests: 17 of 18."""
    done = place.run(
        "course", "-c", COMMAND, "grade", "submitted", "--results", "results", "--sandbox", "best", "--quiet"
    )
    assert done.status == 0, done.log[-3000:]
    result = json.loads((place.course / "results" / "ada.json").read_text(encoding="utf-8"))
    assert (result["assignment"], result["points"], result["max_points"]) == ("week-3", 17.0, 18.0)
    assert {one["key"]: one["max_points"] for one in result["exercises"]}["encoder"] == 4.0
    scores = {cell: score for (_, cell), (score, _) in place.scores().items() if cell.startswith("test_")}
    assert {f"test_{one['key']}": one["points"] for one in result["exercises"]}.items() <= scores.items()


def test_the_feedback_page_says_the_points_too(place: Place) -> None:
    place.nbgrader("course", "generate_feedback", "week-3")
    page = (place.course / "feedback" / "ada" / "week-3" / "ae.html").read_text(encoding="utf-8")
    assert "Content-Security-Policy" in page
    assert "4 of 4" in page or "4/4" in page
    assert "sandbox best" not in page


def test_without_its_release_nothing_is_graded(place: Place) -> None:
    shutil.move(place.course / "release" / "week-3", place.root / "kept")
    handed_in = place.course / "submitted" / "ada" / "week-3" / "mine.ipynb"
    handed_in.rename(handed_in.with_name("ae.ipynb"))
    try:
        done = place.try_nbgrader("course", "autograde", "week-3", "--force", "--Grade.sandbox=best")
        assert done.status != 0
        assert "nbgrader generate_assignment week-3" in done.log, done.log
        assert not list(place.course.rglob("ran-in-a-kernel"))
    finally:
        handed_in.with_name("ae.ipynb").rename(handed_in)
        shutil.move(place.root / "kept", place.course / "release" / "week-3")
