"""The step that grades, by itself."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from odd_submissions import stub
from submissions import place, right, save
from traitlets.config import Config

from autograder.engine.channel import SandboxMissing
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.errors import GraderFault
from autograder.exercises.catalogue import EXERCISES
from autograder.nbgrader import grade as step
from autograder.nbgrader.grade import Grade
from autograder.nbgrader.paper import Paper, paper
from autograder.nbgrader.rebuild import rebuilt
from autograder.reading.released import released
from autograder.reading.submission import Submission, read_submission
from autograder.results import ExerciseEntry, Result

Asked = list[tuple[Submission, Options]]
ENTRIES = tuple(ExerciseEntry(known.key, known.title, 1.0, known.max_points, "partial", ()) for known in EXERCISES)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What the engine's stand-in was asked to grade."""
    asked: Asked = []

    def grade_submission(submission: Submission, options: Options, _fleet: object) -> Result:
        asked.append((submission, options))
        sandbox = {"level": options.level.value, "layers": {}}
        known = {"version": "1"}
        return Result("ada", "a", "a.ipynb", 7.0, 15.0, (7,), known, {}, sandbox, "", 0.1, ("look here",), ENTRIES)

    monkeypatch.setattr(step, "grade_submission", grade_submission)
    monkeypatch.setattr(step, "fleet", lambda: None)
    return asked


@pytest.fixture
def resources(tmp_path: Path) -> dict[str, Any]:
    submission = read_submission(save(right(), tmp_path / "a.ipynb"), "ada", "autoencoders", released())
    resources: dict[str, Any] = {"nbgrader": {"student": "ada", "assignment": "autoencoders"}}
    Paper(submission, tmp_path).put(resources)
    return resources


def notebook(cells: dict[str, Any] | None = None) -> nbformat.NotebookNode:
    return nbformat.from_dict(rebuilt(cells or right()))


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
    assert scores == {f"test_{known.key}": "1.0" for known in EXERCISES}
    assert paper(left).result is not None
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
def test_a_test_cell_without_an_exercise_gets_no_points_by_chance(resources: dict[str, Any]) -> None:
    made = notebook()
    made.cells[place(stub(), "test_kl")].metadata.nbgrader.grade_id = "test_of_my_own"
    with pytest.raises(GraderFault, match="test_of_my_own"):
        Grade().preprocess(made, resources)


@pytest.mark.usefixtures("asked")
def test_a_course_without_the_exporter_is_told_so() -> None:
    with pytest.raises(GraderFault, match="exporter_class"):
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
    assert Grade().preprocess("a notebook", resources) == (("run", "a notebook"), resources)
    assert asked == []
