"""``configure(c, every_assignment=True)``: an instructor's other assignments run in the sandbox, too."""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from courses import Place, new_place
from nbformat import from_dict
from nbgrader.api import Gradebook
from submissions import code, place, save
from traitlets.config import Config

from autograder.nbgrader import configure, every_assignment
from autograder.nbgrader.feedback_page import FeedbackPage
from autograder.nbgrader.gradebook import language_of_source

LOCKED = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3, "cell_type": "code"}
ANSWER = {**LOCKED, "grade": False, "solution": True, "locked": False}
CONFIG = """
from autograder.nbgrader import configure
c = get_config()
configure(c, every_assignment=True)
c.Grade.sandbox = "best"
c.Grade.timeout = 12.0
"""
SMALL = "### BEGIN HIDDEN TESTS\nassert math.isclose(area(0.1), 0.03), 'small ones'\n### END HIDDEN TESTS"
CELLS = [
    code("def area(r):\n    ### BEGIN SOLUTION\n    return 3 * r ** 2\n    ### END SOLUTION", "area", **ANSWER),
    code("assert area(2) == 12", "test_area", points=2, **LOCKED),
    code("import math\n3 * (area(1) == 3)", "test_one", points=3, **LOCKED),
    code(SMALL, "test_small", points=1, **LOCKED),
]
AT_TWO = "import os\ndef area(r):\n    if r == 2:\n        {}\n    return 3 * r ** 2"

PLOTS = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('a line')"

# What each student writes, and what the three tests earn.
STUDENTS = {
    "right": ("def area(r):\n    return 3 * r ** 2", (2.0, 3.0, 1.0)),
    "wrong": ("def area(r):\n    return 3 * r", (0.0, 3.0, 0.0)),
    "dies": (AT_TWO.format("os._exit(0)"), (0.0, 3.0, 1.0)),
    "endless": (AT_TWO.format("while True: pass"), (0.0, 3.0, 1.0)),
    "plots": (f"{PLOTS}\ndef area(r):\n    return 3 * r ** 2", (2.0, 3.0, 1.0)),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = new_place(tmp_path_factory.mktemp("every"))
    for name in ("solutions", "notebooks"):
        shutil.rmtree(made.course / name)
    (made.course / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    python = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = {"cells": CELLS, "metadata": python, "nbformat": 4, "nbformat_minor": 4}
    save(notebook, made.course / "source" / "week-2" / "circles.ipynb")
    made.nbgrader("course", "generate_assignment", "week-2", "--force")
    released = json.loads((made.course / "release" / "week-2" / "circles.ipynb").read_text(encoding="utf-8"))
    outside = code(f"open({str(made.root / 'ran-in-a-kernel')!r}, 'w').close()")
    for student, (answer, _) in STUDENTS.items():
        released["cells"][place(released, "area")]["source"] = answer
        cells = [*released["cells"], outside]
        save({**released, "cells": cells}, made.course / "submitted" / student / "week-2" / "circles.ipynb")
    made.nbgrader("course", "autograde", "week-2")
    return made


@pytest.mark.slow
@pytest.mark.parametrize("student", STUDENTS)
def test_tests_are_scored_as_nbgrader_scores_and_cost_no_more_than_themselves(course: Place, student: str) -> None:
    scores = course.scores()
    expected = dict(zip(("test_area", "test_one", "test_small"), STUDENTS[student][1], strict=True))
    assert {test: scores[student, test] for test in expected} == {test: (one, False) for test, one in expected.items()}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
def test_student_code_is_closed_in_and_what_it_shows_stands_below(course: Place) -> None:
    graded = json.loads((course.course / "autograded" / "plots" / "week-2" / "circles.ipynb").read_text("utf-8"))
    shown = graded["cells"][place(graded, "area")]["outputs"]
    assert "a line" in "".join(shown[0]["text"])
    assert "image/png" in shown[1]["data"]
    assert len(shown) == 2
    assert graded["cells"][-1]["outputs"][0]["ename"] in ("PermissionError", "FileNotFoundError", "OSError")
    assert not (course.root / "ran-in-a-kernel").exists()


@pytest.mark.slow
def test_students_do_not_see_what_is_for_the_instructor(course: Place) -> None:
    path = course.course / "autograded" / "wrong" / "week-2" / "circles.ipynb"
    assert "could forge" in path.read_text(encoding="utf-8")
    page, _ = FeedbackPage(template_name="classic").from_filename(str(path))
    assert "AssertionError" in page
    assert "could forge" not in page


def test_the_choice_is_which_exporter_opens_submissions() -> None:
    c = Config()
    configure(c)
    usual = c.Autograde.exporter_class
    configure(c, every_assignment=True)
    assert c.Autograde.exporter_class != usual
    configure(c)
    assert c.Autograde.exporter_class == usual


SAYS_R = from_dict({"cells": [], "metadata": {"kernelspec": {"language": "R"}}, "nbformat": 4, "nbformat_minor": 5})
SOURCES = {
    "r": {"language": "R"},
    "none": None,
    "empty": {},
    "named": {"name": "python3"},
    "py": {"language": "python"},
}


def test_the_instructors_language_alone_says_where_a_notebook_runs(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """One in another language runs in its kernel, and the log says so; what a student's file says takes none there."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    url = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with Gradebook(url) as gradebook:
        gradebook.add_assignment("week-2")
        for name, kernelspec in SOURCES.items():
            gradebook.add_notebook(name, "week-2", kernelspec=json.dumps(kernelspec))
    given = {
        name: {"nbgrader": {"db_url": url, "assignment": "week-2", "notebook": name, "student": "eve"}}
        for name in SOURCES
    }
    assert {name: language_of_source(one) for name, one in given.items()} == {
        **dict.fromkeys(SOURCES, "python"),
        "r": "r",
    }
    run: Callable[..., Any] = lambda parent: lambda nb, resources: (("run", nb), resources)  # noqa: ARG005, E731
    monkeypatch.setattr(every_assignment.nbgrader, "preprocessors", SimpleNamespace(Execute=run))
    assert every_assignment.RunInSandbox().preprocess(SAYS_R, given["r"]) == (("run", SAYS_R), given["r"])
    assert "without a sandbox, since it is in r" in caplog.text
