"""Tests of an instructor's own, run beside the student's code and scored as nbgrader scores."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from submissions import code

from autograder.course.cells import code_cells
from autograder.course.installed import find_course
from autograder.course.release import Release
from autograder.engine.fleet import Fleet
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.job.keeping import still_valid
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.judging.own_tests import BESIDE, OwnQuestion
from autograder.reports.result import Result, read_result, write_result
from autograder.submissions.submission import Submission, read_submission

TOY = find_course("toy")
OPTIONS = Options(course=TOY, level=Level.BEST, salt=Salt("a secret", secret=True), timeout=8.0)

SUM = "assert double(torch.ones(2)).sum() == 4, 'two ones make four'"
PARTS = "import math\n(double(torch.ones(1)) == 2).item() + (double(torch.zeros(1)) == 0).item()"
SHOWN = "assert callable(double)"
HIDDEN = f"{SHOWN}\n### BEGIN HIDDEN TESTS\nassert math.isclose(double(torch.tensor(3.0)), 6)\n### END HIDDEN TESTS"
TRAINED = "assert trained"
TESTS = {"test_sum": SUM, "test_parts": PARTS, "test_hidden": SHOWN, "test_trained": TRAINED}


def own_test(name: str, source: str) -> dict[str, Any]:
    return code(source, name, grade=True, solution=False, locked=True, points=2)


def released() -> Release:
    """The toy course's notebook with four tests of the instructor's own, and a cell that trains."""
    notebook: dict[str, Any] = json.loads(TOY.files["notebook"]().read_text(encoding="utf-8"))
    training = code("trained = True", "training", grade=False, solution=False, locked=True)
    training["metadata"]["tags"] = ["driver"]
    notebook["cells"] += [training, *(own_test(name, source) for name, source in TESTS.items())]
    release = Release("toy.ipynb", code_cells(notebook), notebook)
    return release.with_whole_tests({**TESTS, "test_hidden": HIDDEN})


def graded(fleet: Fleet, folder: Path, source: str, release: Release | None = None) -> Result:
    """What a student earns whose answer's cell holds this."""
    notebook: dict[str, Any] = json.loads(TOY.files["notebook"]().read_text(encoding="utf-8"))
    notebook["cells"][2]["source"] = source
    (path := folder / "toy.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return grade_submission(read_submission(path, "ada", "toy", release or released()), OPTIONS, fleet)


def earned(result: Result) -> dict[str, tuple[float, str]]:
    return {one.key: (one.points, one.status.value) for one in result.questions}


def told(question: OwnQuestion) -> str:
    return question.checks[0].message


NOT_RUN = {"test_trained": (0.0, "review")}
RIGHT = {**dict.fromkeys(("test_sum", "test_parts", "test_hidden"), (2.0, "passed")), **NOT_RUN}
FAKE = (
    "import sys, builtins\nsys.displayhook = print\nbuiltins.AssertionError = Warning\nbuiltins.float = lambda _: 2.0\n"
)
WHERE_TWO = "import os\ndef double(x):\n    if x.numel() == 2:\n        {}\n    return 2 * x"
STUBBORN = "while True:\n            try: sum(range(9**9))\n            except BaseException: pass"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def double(x):\n    return 2 * x", {}),
        (
            "def double(x):\n    return x ** 2",
            {"test_sum": (0.0, "failed"), "test_parts": (1.0, "partial"), "test_hidden": (0.0, "failed")},
        ),
        (WHERE_TWO.format("os._exit(0)"), {"test_sum": (0.0, "error")}),
        (WHERE_TWO.format("raise SystemExit"), {"test_sum": (0.0, "error")}),
        (WHERE_TWO.format("while True: pass"), {"test_sum": (0.0, "timeout")}),
        (WHERE_TWO.format(STUBBORN), {"test_sum": (0.0, "timeout")}),
        (WHERE_TWO.format("import warnings; warnings.warn('odd')"), {"test_sum": (0.0, "review")}),
        (
            f"{FAKE}def double(x):\n    print('2.0')\n    return 0 * x",
            {"test_sum": (0.0, "failed"), "test_parts": (1.0, "partial"), "test_hidden": (0.0, "failed")},
        ),
        ("def double(x) return x", dict.fromkeys(("test_sum", "test_parts", "test_hidden"), (0.0, "error"))),
        (
            "def double(x):\n    raise NotImplementedError()",
            {"test_sum": (0.0, "not-attempted"), "test_parts": (0.0, "not-attempted"),
             "test_hidden": (0.0, "not-attempted")},
        ),
    ],
    ids=["right", "squared", "dies", "exits", "endless", "stubborn", "warns", "fakes", "syntax", "stub"],
)  # fmt: skip
def test_each_test_costs_no_more_than_itself(
    fleet: Fleet, tmp_path: Path, source: str, expected: Mapping[str, tuple[float, str]]
) -> None:
    result = graded(fleet, tmp_path, source)
    assert earned(result) == {**RIGHT, **expected}, [told(one) for one in result.questions]
    assert result.points == sum(one.points for one in result.parts)
    assert result.max_points == 10.0
    assert {one.note for one in result.questions} == {"run beside the student's code, which could forge it"}
    write_result(tmp_path / "ada.json", result)
    assert read_result(tmp_path / "ada.json") == result


FORGED = "from autograder.engine.messages import CellShown\nfrom autograder.engine.worker import worker\n"


@pytest.mark.parametrize(
    ("forgery", "expected"),
    [
        (f"{FORGED}worker.show_cell = lambda *_: CellShown(None, '2.0')", RIGHT | {"test_trained": (2.0, "passed")}),
        (f"{FORGED}worker.show_cell = lambda *_: CellShown(None, '1e6')", dict.fromkeys(TESTS, (0.0, "review"))),
        (
            "import ast, builtins\nwhole = builtins.compile\n"
            "def without(tree, *rest, **named):\n"
            "    if isinstance(tree, ast.Module):\n"
            "        tree.body = [one for one in tree.body if not isinstance(one, ast.Assert)]\n"
            "    return whole(tree, *rest, **named)\nbuiltins.compile = without",
            RIGHT | {"test_parts": (0.0, "error"), "test_trained": (2.0, "passed")},
        ),
    ],
    ids=["another runner", "too many points", "no assertions"],
)
def test_what_is_forged_earns_the_points_of_tests_alone(
    fleet: Fleet, tmp_path: Path, forgery: str, expected: Mapping[str, tuple[float, str]]
) -> None:
    """What docs/own-questions.md says can be won; each says so, and the forgery is pointed at."""
    wrong = "def double(x):\n    return x[:0]"
    unforged = graded(fleet, tmp_path, wrong).exercises[0].points
    result = graded(fleet, tmp_path, f"{forgery}\n{wrong}")
    assert earned(result) == expected, [told(one) for one in result.questions] + list(result.warnings)
    assert [one.points for one in result.exercises] == [unforged]
    assert {one.note for one in result.questions} == {BESIDE}
    assert any(flag.startswith("look at the `doubling` cell") for flag in result.flags), result.flags


def test_what_stopped_a_test_is_told_but_no_hidden_line(fleet: Fleet, tmp_path: Path) -> None:
    result = graded(fleet, tmp_path, "def double(x):\n    return x ** 2")
    by_name = {one.key: told(one) for one in result.questions}
    assert by_name["test_sum"] == f"AssertionError: two ones make four. Line 1: `{SUM}`"
    assert "isclose" not in str(by_name)
    assert "`trained`, which comes from a cell that is not run in grading" in by_name["test_trained"]


def test_a_hidden_test_can_be_read_and_told_by_code_written_for_that(fleet: Fleet, tmp_path: Path) -> None:
    """The docs say so: hidden lines are hidden from readers, not from what runs beside them."""
    spy = "import linecache\ndef double(x):\n    raise ValueError(linecache.getline('<cell test_hidden>', 3))"
    hidden = next(one for one in graded(fleet, tmp_path, spy).questions if one.key == "test_hidden")
    assert "isclose" in told(hidden)


def test_what_the_grader_lacks_is_for_a_person(fleet: Fleet, tmp_path: Path) -> None:
    result = graded(fleet, tmp_path, "import not_there\ndef double(x):\n    return not_there.double(x)")
    assert earned(result)["test_sum"] == (0.0, "review")
    assert "The cell `doubling` stopped: the grader has no such module" in told(result.questions[0])


def test_exercises_do_not_depend_on_what_tests_do(fleet: Fleet, tmp_path: Path) -> None:
    """A test that stands before the exercise's own, and takes the answer away."""
    release = released()
    notebook = json.loads(json.dumps(release.notebook))
    notebook["cells"].insert(3, own_test("test_first", "assert callable(double)\ndel double"))
    takes_away = Release("toy.ipynb", code_cells(notebook), notebook)
    result = graded(fleet, tmp_path, "def double(x):\n    return 2 * x", takes_away)
    assert [one.points for one in result.exercises] == [2.0]
    first, second, *_ = result.questions
    assert (first.key, first.points) == ("test_first", 2.0)
    assert (second.key, second.points) == ("test_sum", 0.0)  # as in a kernel, where tests share the names


def test_a_test_that_is_called_as_an_exercise_has_a_key_of_its_own(fleet: Fleet, tmp_path: Path) -> None:
    notebook: dict[str, Any] = json.loads(TOY.files["notebook"]().read_text(encoding="utf-8"))
    notebook["cells"][2]["metadata"]["nbgrader"]["grade_id"] = "answer"
    notebook["cells"].append(own_test("doubling", "assert double(torch.ones(1)) == 2"))
    release = Release("toy.ipynb", code_cells(notebook), notebook)
    (path := tmp_path / "toy.ipynb").write_text(
        json.dumps(notebook).replace("raise NotImplementedError()", "return 2 * x"), encoding="utf-8"
    )
    result = grade_submission(read_submission(path, "ada", "toy", release), OPTIONS, fleet)
    assert [(one.key, one.title, one.points) for one in result.questions] == [("doubling (own)", "doubling", 2.0)]


def test_a_result_is_used_again_only_for_the_same_tests(tmp_path: Path) -> None:
    path = tmp_path / "toy.ipynb"
    path.write_bytes(TOY.files["notebook"]().read_bytes())
    submission = read_submission(path, "ada", "toy", released())
    result = replace(unread_result(submission), seeds=(OPTIONS.seed_for(submission),))
    assert still_valid(result, submission, OPTIONS)
    others = released().with_whole_tests({"test_hidden": f"{SHOWN}\nassert double"})
    assert not still_valid(result, replace(submission, release=others), OPTIONS)


def unread_result(submission: Submission) -> Result:
    """A result of this submission for which nothing was run."""
    with Fleet() as fleet:
        return replace(
            grade_submission(replace(submission, problem="not read"), OPTIONS, fleet),
            sandbox={"level": "best", "layers": {}},
        )
