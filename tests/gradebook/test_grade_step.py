"""The step that grades, by itself."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from submissions import place, right, save, stub
from traitlets.config import Config

from autograder.course.installed import own_course
from autograder.engine.channel import SandboxMissing
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.errors import GraderFault
from autograder.judging.verdicts import ExerciseResult, Status
from autograder.nbgrader import grade as step
from autograder.nbgrader.context import GradingContext, grading_context
from autograder.nbgrader.grade import Grade
from autograder.nbgrader.outputs import FOR_INSTRUCTOR
from autograder.nbgrader.rebuild import rebuilt
from autograder.reports.result import Result
from autograder.submissions.submission import Submission, read_submission

Asked = list[tuple[Submission, Options]]
COURSE = own_course()
RESULT = Result(
    student="ada",
    assignment="a",
    notebook="a.ipynb",
    points=7.0,
    max_points=15.0,
    seeds=(7,),
    grader={"version": "1"},
    environment={"salt": "own"},
    sandbox={"level": "best", "layers": {}},
    digest="",
    cpu_seconds=0.1,
    warnings=("a cell stopped",),
    flags=("look here",),
    exercises=tuple(
        ExerciseResult(known.key, known.title, 1.0, known.max_points, Status.PARTIAL, ()) for known in COURSE.exercises
    ),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What the engine's stand-in was asked to grade."""
    asked: Asked = []

    def grade_submission(submission: Submission, options: Options, _fleet: object) -> Result:
        asked.append((submission, options))
        return RESULT

    monkeypatch.setattr(step, "grade_submission", grade_submission)
    monkeypatch.setattr(step, "fleet", lambda: None)
    return asked


@pytest.fixture
def resources(tmp_path: Path) -> dict[str, Any]:
    submission = read_submission(save(right(), tmp_path / "a.ipynb"), "ada", COURSE.key, COURSE.release)
    resources: dict[str, Any] = {"nbgrader": {"student": "ada", "assignment": "autoencoders"}}
    GradingContext(COURSE, submission, tmp_path).put(resources)
    return resources


def notebook(cells: dict[str, Any] | None = None) -> nbformat.NotebookNode:
    return nbformat.from_dict(rebuilt(cells or right(), COURSE.release))


def test_every_test_cell_gets_its_points_and_no_other_cell_a_result(asked: Asked, resources: dict[str, Any]) -> None:
    made, left = Grade().preprocess(notebook(), resources)
    nbformat.validate(made)
    scores = {
        cell.metadata.nbgrader.grade_id: output.data["text/plain"]
        for cell in made.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "execute_result"
    }
    assert scores == {f"test_{known.key}": "1.0" for known in COURSE.exercises}
    assert grading_context(left).result == RESULT
    assert len(asked) == 1


def test_how_to_grade_is_configured(asked: Asked, resources: dict[str, Any], tmp_path: Path) -> None:
    Grade().preprocess(notebook(), resources)
    options = asked[-1][1]
    assert (options.level, options.device, options.timeout, options.memory_mib) == (Level.STRICT, "cpu", 120.0, 4096)
    assert not options.salt.secret

    (tmp_path / "autograder.salt").write_text("secret")
    config = Config({"Grade": {"sandbox": "best", "timeout": 30.0, "memory_mib": 1000, "device": "cuda"}})
    Grade(config=config).preprocess(notebook(), resources)
    options = asked[-1][1]
    assert (options.level, options.device, options.timeout, options.memory_mib) == (Level.BEST, "cuda", 30.0, 1000)
    assert (options.salt.text, options.salt.secret) == ("secret", True)


@pytest.mark.usefixtures("asked")
def test_what_is_to_be_known_is_logged(resources: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    Grade().preprocess(notebook(), resources)
    said = [record.getMessage() for record in caplog.records]
    assert [line for line in said if line.startswith("ada: ")] == ["ada: a cell stopped", "ada: look here"]


@pytest.mark.usefixtures("asked")
def test_a_test_of_the_instructors_own_gets_no_points_by_chance(resources: dict[str, Any]) -> None:
    made = notebook()
    made.cells[(own := place(stub(), "test_kl"))].metadata.nbgrader.grade_id = "test_of_my_own"
    graded, _ = Grade().preprocess(made, resources)
    said, score = graded.cells[own].outputs
    assert "your instructor gives the points" in said["data"]["text/plain"]
    assert score["data"]["text/plain"] == "0.0"


@pytest.mark.usefixtures("asked")
def test_a_course_without_the_exporter_is_told_so() -> None:
    with pytest.raises(GraderFault, match=r"configure\(c\)"):
        Grade().preprocess(notebook(), {"nbgrader": {"student": "ada", "assignment": "autoencoders"}})


def test_a_missing_layer_is_no_students_fault(resources: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise SandboxMissing({"landlock": "needs Linux"})

    monkeypatch.setattr(step, "grade_submission", refuse)
    monkeypatch.setattr(step, "fleet", lambda: None)
    with pytest.raises(GraderFault, match=r"landlock: needs Linux.*c\.Grade\.sandbox"):
        Grade().preprocess(notebook(), resources)


def test_other_assignments_run_in_a_kernel_as_always(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    run: Callable[..., Any] = lambda parent: lambda nb, resources: (("run", nb), resources)  # noqa: ARG005, E731
    monkeypatch.setattr(step.nbgrader, "preprocessors", SimpleNamespace(Execute=run))
    resources = {"nbgrader": {"student": "ada", "assignment": "ps2"}}
    another = nbformat.v4.new_notebook()
    assert Grade().preprocess(another, resources) == (("run", another), resources)
    assert asked == []


@pytest.mark.usefixtures("asked")
def test_the_instructors_box_stands_once_above_the_first_test_cell(resources: dict[str, Any]) -> None:
    made, _ = Grade().preprocess(notebook(), resources)
    boxed = [
        cell.metadata.nbgrader.grade_id
        for cell in made.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.get("metadata", {}).get(FOR_INSTRUCTOR)
    ]
    assert boxed == ["test_encoder"]
