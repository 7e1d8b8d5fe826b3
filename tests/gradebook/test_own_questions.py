"""Questions of an instructor's own with tests: nbgrader and the command line run them, and give the same points."""

import json
import shutil
from typing import Any

import pytest
from courses import COMMAND, ROOT, Place, new_place
from submissions import Notebook, code, place, save

from autograder.nbgrader.feedback_page import FeedbackPage

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

LOCKED = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3, "cell_type": "code"}
ANSWER = {**LOCKED, "grade": False, "solution": True, "locked": False}
CONFIG = """
from autograder.nbgrader import configure
c = get_config()
configure(c)
c.Grade.sandbox = "best"
c.Grade.timeout = 24.0
"""
MEAN = "def mean(x):\n    ### BEGIN SOLUTION\n    return sum(x) / len(x)\n    ### END SOLUTION"
HIDDEN = "### BEGIN HIDDEN TESTS\nassert mean([5]) == 5, 'five is its own mean'\n### END HIDDEN TESTS"
SHARES = "2.0 * (mean([2]) == 2) + 2.0 * (mean([0, 4]) == 2)"
DIES = "import os\ndef mean(x):\n    if len(x) == 2 and x[0]:\n        {}\n    return sum(x) / len(x)"

# What each student writes, and what the two questions earn, of two points and four.
STUDENTS = {
    "right": ("def mean(x):\n    return sum(x) / len(x)", 2.0, 4.0),
    "wrong": ("def mean(x):\n    print(4.0)\n    return 0", 0.0, 0.0),
    "first": ("def mean(x):\n    return x[0]", 0.0, 2.0),
    "known": ("def mean(x):\n    return 2", 0.0, 4.0),
    "dies": (DIES.format("os._exit(0)"), 0.0, 4.0),
    "endless": (DIES.format("while True: pass"), 0.0, 4.0),
}


def own_notebook() -> Notebook:
    """The instructor's: the first exercise of the course, and a question with two tests."""
    notebook: dict[str, Any] = json.loads((ROOT / "solutions/autoencoders/autoencoders.ipynb").read_text())
    wanted = ("encoder", "test_encoder")
    kept = [notebook["cells"][place(notebook, name)] for name in wanted]
    imports = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    questions = [
        code(MEAN, "mean", **ANSWER),
        code(f"assert mean([1, 3]) == 2\n{HIDDEN}", "test_mean", points=2, **LOCKED),
        code(SHARES, "test_shares", points=4, **LOCKED),
    ]
    return {**notebook, "nbformat_minor": 4, "cells": [_without_id(cell) for cell in (imports, *kept, *questions)]}


def _without_id(cell: Notebook) -> Notebook:
    return {name: value for name, value in cell.items() if name != "id"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A course of which each student has handed in an answer, graded by nbgrader and by the command line."""
    made = new_place(tmp_path_factory.mktemp("own"))
    for name in ("solutions", "notebooks"):
        shutil.rmtree(made.course / name)
    (made.course / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    save(own_notebook(), made.course / "source" / "week-1" / "ae.ipynb")
    made.nbgrader("course", "generate_assignment", "week-1", "--force")
    released = json.loads((made.course / "release" / "week-1" / "ae.ipynb").read_text(encoding="utf-8"))
    assert "five is its own mean" not in str(released)
    for student, (answer, _, _) in STUDENTS.items():
        released["cells"][place(released, "mean")]["source"] = answer
        save(released, made.course / "submitted" / student / "week-1" / "ae.ipynb")
    made.nbgrader("course", "autograde", "week-1")
    options = ("--sandbox", "best", "--timeout", "24")
    done = made.run("course", "-c", COMMAND, "grade", "submitted", "--results", "results", *options)
    assert done.status == 0, done.log[-3000:]
    (made.root / "grade.log").write_text(done.log, encoding="utf-8")
    return made


@pytest.mark.parametrize("student", STUDENTS)
def test_nbgraders_gradebook_has_the_points(course: Place, student: str) -> None:
    scores = course.scores()
    _, mean, shares = STUDENTS[student]
    assert (scores[student, "test_mean"], scores[student, "test_shares"]) == ((mean, False), (shares, False))


def test_the_command_line_gives_the_same(course: Place) -> None:
    results = {student: json.loads((course.course / "results" / f"{student}.json").read_text()) for student in STUDENTS}
    given = {who: tuple(one["points"] for one in result["questions"]) for who, result in results.items()}
    assert given == {student: (mean, shares) for student, (_, mean, shares) in STUDENTS.items()}
    gradebook: dict[str, float] = dict.fromkeys(STUDENTS, 0.0)
    for (student, _), (points, _) in course.scores().items():
        gradebook[student] += points or 0.0
    assert {who: result["points"] for who, result in results.items()} == gradebook
    assert {result["max_points"] for result in results.values()} == {8.0}


def test_the_classs_files_have_a_column_for_each(course: Place) -> None:
    rows = (course.course / "results" / "class.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "test_mean,test_mean_status,test_shares,test_shares_status" in rows[0]
    assert "0,failed,2,partial" in next(row for row in rows if row.startswith("first"))
    assert "0,timeout,4,passed" in next(row for row in rows if row.startswith("endless"))


def test_what_students_and_instructors_read(course: Place) -> None:
    path = course.course / "autograded" / "known" / "week-1" / "ae.ipynb"
    graded = path.read_text(encoding="utf-8")
    page, _ = FeedbackPage(template_name="classic").from_filename(str(path))
    for text in (graded, page):
        assert "AssertionError: five is its own mean" in text
        assert "not right yet" in text
    assert "could forge its points" in graded
    assert "could forge its points" not in page
    done = course.run("course", "-c", COMMAND, "report", "results")
    assert done.status == 0, done.log
    own = (course.course / "results" / "feedback" / "known.html").read_text(encoding="utf-8")
    assert "five is its own mean" in own
    assert "assert mean([5])" not in own
