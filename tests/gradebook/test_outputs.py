"""What stands below a test cell, as nbgrader understands it."""

import nbformat
import pytest
from nbgrader.utils import determine_grade

from autograder.course.installed import own_course
from autograder.judging.verdicts import CheckResult, ExerciseResult, Status, worth
from autograder.nbgrader import outputs
from autograder.nbgrader.feedback_page import FeedbackPage
from autograder.reports.result import Result

ENCODER = own_course().exercise("encoder")


def judged(points: float, status: Status = Status.PARTIAL, message: str = "<b>no</b> ReLU") -> ExerciseResult:
    checks = tuple(
        CheckResult(key, index > 0, points if index else 0.0, 1.0, None, message)
        for index, key in enumerate(check.key for check in ENCODER.checks)
    )
    return ExerciseResult("encoder", "Encoder", points, 2.0, status, checks)


def result(*warnings: str, flags: tuple[str, ...] = (), salt: str = "own") -> Result:
    sandbox = {"level": "strict", "layers": {"seccomp": "on", "landlock": "on (ABI 4)", "bubblewrap": "not installed"}}
    return Result(
        student="ada",
        assignment="a",
        notebook="a.ipynb",
        points=1.0,
        max_points=2.0,
        seeds=(7, 8),
        grader={"version": "1"},
        environment={"salt": salt},
        sandbox=sandbox,
        digest="",
        cpu_seconds=0.1,
        warnings=warnings,
        flags=flags,
    )


def cell(graded: ExerciseResult, points: float) -> nbformat.NotebookNode:
    metadata = {"nbgrader": {"grade": True, "solution": False, "grade_id": "test_encoder", "points": points}}
    below = [
        outputs.for_instructor(result()),
        *outputs.notes(result("a note")),
        outputs.card(own_course(), graded, result(), ""),
        outputs.score(graded),
    ]
    made = nbformat.v4.new_code_cell("check()", metadata=metadata, outputs=below)
    nbformat.validate(nbformat.v4.new_notebook(cells=[made]))
    return made


@pytest.mark.parametrize("points", [0.0, 0.25, 1.0, 1.75, 2.0])
def test_nbgrader_takes_the_points_that_were_earned(points: float) -> None:
    assert determine_grade(cell(judged(points), 2.0)) == (points, 2.0)


@pytest.mark.parametrize(("of", "expected"), [(4.0, 3.0), (1.0, 0.75), (0.0, 0.0)])
def test_points_follow_what_the_instructors_notebook_gives_for_the_cell(of: float, expected: float) -> None:
    graded = worth(judged(1.5), of)
    assert determine_grade(cell(graded, of)) == (expected, of)
    assert {check.max_points for check in graded.checks} == {of / 2}


def test_no_more_than_the_cells_points_are_given() -> None:
    assert determine_grade(cell(judged(2.0000001), 2.0)) == (2.0, 2.0)


def html(output: nbformat.NotebookNode) -> str:
    text: str = output["data"]["text/html"]
    return text


def test_messages_are_escaped() -> None:
    assert "&lt;b&gt;no&lt;/b&gt; ReLU" in html(outputs.card(own_course(), judged(1.0), result(), ""))
    assert "&lt;b&gt;" in html(outputs.card(own_course(), judged(0.0), result(), "<b> cannot be read"))
    assert "&lt;b&gt;" in html(outputs.notes(result("<b> stopped"))[0])


def test_only_what_failed_can_be_seen_again() -> None:
    assert "check(&#34;encoder&#34;, seed=7)" in html(outputs.card(own_course(), judged(1.0), result(), ""))
    assert "seed=" not in html(outputs.card(own_course(), judged(0.0, Status.NOT_ATTEMPTED), result(), ""))
    assert "seed=" not in html(outputs.card(own_course(), judged(0.0), result(), "a.ipynb cannot be read"))


def test_layers_in_force_are_named_and_no_others() -> None:
    text = outputs.for_instructor(result())["data"]["text/plain"]
    assert "sandbox strict (seccomp, landlock), seed 7" in text


def test_the_public_salt_is_told_to_the_instructor_alone() -> None:
    public = result(salt="public")
    assert "public salt" in outputs.for_instructor(public)["data"]["text/plain"]
    assert "public salt" not in outputs.for_instructor(result())["data"]["text/plain"]
    assert outputs.notes(public) == []


def test_what_asks_for_a_look_is_for_the_instructor_alone() -> None:
    whole = result("a cell stopped", flags=("look at line 3",))
    assert "for review: look at line 3" in html(outputs.for_instructor(whole))
    (note,) = outputs.notes(whole)
    assert "a cell stopped" in html(note)
    assert "look at" not in html(note)
    assert outputs.notes(result()) == []


def test_students_do_not_see_what_is_for_the_instructor() -> None:
    graded = nbformat.v4.new_notebook(cells=[cell(judged(1.0), 2.0)])
    page, _ = FeedbackPage(template_name="classic").from_notebook_node(graded, {})
    assert "sandbox strict" in str(graded)
    assert "sandbox strict" not in page
