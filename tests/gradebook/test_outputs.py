"""What stands below a test cell, as nbgrader understands it."""

import nbformat
import pytest
from nbgrader.utils import determine_grade

from autograder.exercises.encoder.texts import ENCODER
from autograder.nbgrader import outputs
from autograder.nbgrader.feedback import ForStudents
from autograder.reading.evidence import FOR_REVIEW
from autograder.results import CheckResult, ExerciseEntry, Result


def entry(points: float, status: str = "partial", message: str = "<b>no</b> ReLU") -> ExerciseEntry:
    checks = tuple(
        CheckResult(key, index > 0, points if index else 0.0, 1.0, None, message)
        for index, key in enumerate(check.key for check in ENCODER.checks)
    )
    return ExerciseEntry("encoder", "Encoder", points, 2.0, status, checks)


def result(*warnings: str) -> Result:
    sandbox = {"level": "strict", "layers": {"seccomp": "on", "landlock": "on (ABI 4)", "bubblewrap": "not installed"}}
    return Result("ada", "a", "a.ipynb", 1.0, 2.0, (7, 8), {"version": "1"}, {}, sandbox, "", 0.1, warnings, ())


def cell(entry: ExerciseEntry, points: float) -> nbformat.NotebookNode:
    metadata = {"nbgrader": {"grade": True, "solution": False, "grade_id": "test_encoder", "points": points}}
    below = [
        outputs.for_instructor(result()),
        *outputs.notes(result("a note")),
        outputs.card(entry, result(), ""),
        outputs.score(entry, points),
    ]
    made = nbformat.v4.new_code_cell("check()", metadata=metadata, outputs=below)
    nbformat.validate(nbformat.v4.new_notebook(cells=[made]))
    return made


@pytest.mark.parametrize("points", [0.0, 0.25, 1.0, 1.75, 2.0])
def test_nbgrader_takes_the_points_that_were_earned(points: float) -> None:
    assert determine_grade(cell(entry(points), 2.0)) == (points, 2.0)


@pytest.mark.parametrize(("of", "expected"), [(4.0, 3.0), (1.0, 0.75), (0.0, 0.0)])
def test_points_follow_what_the_gradebook_gives_for_the_cell(of: float, expected: float) -> None:
    assert determine_grade(cell(entry(1.5), of)) == (expected, of)


def test_no_more_than_the_cells_points_are_given() -> None:
    assert determine_grade(cell(entry(2.0000001), 2.0)) == (2.0, 2.0)


def html(output: nbformat.NotebookNode) -> str:
    text: str = output["data"]["text/html"]
    return text


def test_messages_are_escaped() -> None:
    assert "&lt;b&gt;no&lt;/b&gt; ReLU" in html(outputs.card(entry(1.0), result(), ""))
    assert "&lt;b&gt;" in html(outputs.card(entry(0.0), result(), "<b> cannot be read"))
    assert "&lt;b&gt;" in html(outputs.notes(result("<b> stopped"))[0])


def test_only_what_failed_can_be_seen_again() -> None:
    assert "check(&#34;encoder&#34;, seed=7)" in html(outputs.card(entry(1.0), result(), ""))
    assert "seed=" not in html(outputs.card(entry(0.0, "not-attempted"), result(), ""))
    assert "seed=" not in html(outputs.card(entry(0.0), result(), "a.ipynb cannot be read"))


def test_layers_in_force_are_named_and_no_others() -> None:
    text = outputs.for_instructor(result())["data"]["text/plain"]
    assert "sandbox strict (seccomp, landlock), seed 7" in text


def test_what_asks_for_a_look_is_for_the_instructor_alone() -> None:
    whole = result("a cell stopped", f"{FOR_REVIEW}look at line 3")
    assert "look at line 3" in html(outputs.for_instructor(whole))
    (note,) = outputs.notes(whole)
    assert "a cell stopped" in html(note)
    assert "look at" not in html(note)
    assert outputs.notes(result()) == []


def test_students_do_not_see_what_is_for_the_instructor() -> None:
    made, _ = ForStudents().preprocess_cell(cell(entry(1.0), 2.0), {}, 0)
    assert ["look at" in str(one) or "sandbox" in str(one) for one in made.outputs] == [False, False, False]
