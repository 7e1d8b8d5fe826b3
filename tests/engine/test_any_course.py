"""The engine knows courses through the seam alone: here it grades the toy course, and keeps its two sides apart."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course.course import Course
from autograder.course.installed import find_course
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt, grader_digest
from autograder.engine.levels import Level
from autograder.engine.messages import Begin, Begun, CellRun, RunCells
from autograder.engine.options import Options
from autograder.judging.verdicts import ExerciseResult, Status
from autograder.reports.result import Result
from autograder.submissions.submission import Cell, read_submission

COURSES = pytest.mark.parametrize("key", ["autoencoders", "toy"])


@pytest.fixture(scope="module")
def toy() -> Course:
    return find_course("toy")


def doubling(result: Result) -> ExerciseResult:
    return next(one for one in result.exercises if one.key == "doubling")


def handed_in(course: Course, folder: Path, source: str) -> Path:
    notebook = json.loads(course.files["notebook"]().read_text(encoding="utf-8"))
    notebook["cells"][2]["source"] = source
    path = folder / "toy.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


def graded(course: Course, path: Path, fleet: Fleet) -> Result:
    options = Options(course=course, level=Level.BEST, salt=Salt("a secret", secret=True))
    return grade_submission(read_submission(path, "ada", course.key, course.release), options, fleet)


@pytest.mark.parametrize(
    ("source", "points", "status", "misconception"),
    [
        ("def double(x):\n    return 2 * x", 2.0, Status.PASSED, None),
        ("def double(x):\n    return x ** 2", 1.0, Status.PARTIAL, "doubling/squared"),
        ("def double(x):\n    return x ^ 2", 0.0, Status.ERROR, "doubling/power-operator"),
        ("def double(x):\n    raise NotImplementedError()", 0.0, Status.NOT_ATTEMPTED, None),
        ("def double(x):\n    while True: pass", 0.0, Status.TIMEOUT, "doubling/too-slow"),
    ],
)
def test_toy_answer_is_judged(
    toy: Course, fleet: Fleet, tmp_path: Path, source: str, points: float, status: Status, misconception: str | None
) -> None:
    path = handed_in(toy, tmp_path, source)
    options = Options(course=toy, level=Level.BEST, salt=Salt("a secret", secret=True), timeout=4.0)
    result = grade_submission(read_submission(path, "ada", "toy", toy.release), options, fleet)
    exercise = doubling(result)
    assert (exercise.points, exercise.status) == (points, status)
    assert next((check.misconception for check in exercise.checks if not check.passed), None) == misconception


@pytest.mark.parametrize(
    ("source", "points", "status"),
    [
        ("def double(x):\n    return 2 * x", 2.0, Status.PASSED),
        ("def double(x):\n    return x ** 2", 1.0, Status.REVIEW),
        ("def double(x):\n    return None", 0.0, Status.REVIEW),
        ("def double(x):\n    return x ^ 2", 0.0, Status.REVIEW),
        ("def double(x):\n    raise NotImplementedError()", 0.0, Status.NOT_ATTEMPTED),
    ],
)
def test_what_is_not_right_beside_a_missing_module_is_for_a_person(
    toy: Course, fleet: Fleet, tmp_path: Path, source: str, points: float, status: Status
) -> None:
    path = handed_in(toy, tmp_path, source)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].insert(
        2, {**notebook["cells"][2], "source": "import not_a_module_here", "metadata": {}, "id": "own"}
    )
    path.write_text(json.dumps(notebook), encoding="utf-8")
    exercise = doubling(graded(toy, path, fleet))
    assert (exercise.points, exercise.status) == (points, status)


@pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux's")
def test_worker_cannot_read_the_judges_of_its_course(toy: Course, fleet: Fleet, tmp_path: Path) -> None:
    judge = toy.folder / "exercises" / "doubling" / "judge.py"
    assert judge.is_file()
    result = graded(toy, handed_in(toy, tmp_path, f"def double(x):\n    open({str(judge)!r}).read()"), fleet)
    assert "PermissionError" in doubling(result).checks[0].message


def test_one_fleet_serves_several_courses(toy: Course, fleet: Fleet, tmp_path: Path) -> None:
    other = find_course("autoencoders")
    assert graded(other, other.files["notebook"](), fleet).max_points == 15.0
    right = graded(toy, handed_in(toy, tmp_path, "def double(x):\n    return 2 * x"), fleet)
    assert doubling(right).points == 2.0


def test_digest_depends_on_the_course(toy: Course) -> None:
    assert grader_digest(toy) != grader_digest(find_course("autoencoders"))


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@COURSES
def test_judging_imports_no_torch(key: str) -> None:
    loaded = modules_after(
        "from autograder.course.installed import find_course\nfrom autograder.engine import batch, cluster\n"
        f"course = find_course({key!r})\nfor one in course.keys: course.judge(one), course.observation(one)"
    )
    assert "autograder.engine.session" in loaded
    assert not {"torch", "matplotlib", "torchvision"} & loaded


@COURSES
def test_worker_imports_no_judge(key: str, fleet: Fleet) -> None:
    options = Options(course=find_course(key), level=Level.BEST, salt=Salt("a secret", secret=True))

    def loaded(condition: str) -> str:
        source = f"import sys\nraise RuntimeError(' '.join(name for name in sys.modules if {condition}))"
        failure = worker.ask(RunCells(((0, Cell(source)),), 20.0), CellRun, 20.0).failure
        assert failure is not None
        return failure.message

    with fleet.worker(options) as worker:
        worker.ask(Begin(given=(), device="cpu", seed=1, broken={}), Begun, 20.0)
        assert loaded("name.endswith('.observe')") != ""
        assert loaded("name.endswith('.judge')") == ""
        assert loaded("name.startswith(('autograder.judging', 'autograder.reports'))") == ""
        assert loaded("name.startswith('autograder.autoencoders.reference')") == ""
