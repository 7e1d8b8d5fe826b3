"""Whatever a worker answers, a submission gets its result, or the run is told why it cannot have one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from submissions import code

from autograder.course.cells import CodeCell
from autograder.course.installed import own_course
from autograder.course.release import Release
from autograder.engine import time_left
from autograder.engine.channel import SandboxMissing
from autograder.engine.grader import grade_submission
from autograder.engine.identity import Salt
from autograder.engine.levels import REQUIRED, Level, missing
from autograder.engine.options import Options
from autograder.errors import GraderFault, Interrupted
from autograder.judging.verdicts import ExerciseResult
from autograder.reports.result import Result, to_json
from autograder.submissions.submission import Cell, Submission

Fake = Callable[[str], Any]
COURSE = own_course()
CELLS = (Cell("first"), Cell("def train(): ...", "train"))
OPTIONS = Options(course=COURSE, level=Level.STRICT, salt=Salt("salt", secret=True), timeout=60.0, memory_mib=1024)


def handed_in(cells: tuple[Cell, ...] = CELLS) -> Submission:
    return Submission("ada", COURSE.key, Path("a.ipynb"), COURSE.release, cells, {}, "0" * 64)


def grade(workers: Any, level: Level = Level.STRICT, timeout: float = 60.0, cells: tuple[Cell, ...] = CELLS) -> Result:
    with workers.fleet() as fleet:
        return grade_submission(handed_in(cells), replace(OPTIONS, level=level, timeout=timeout), fleet)


def result_of(result: Result, key: str) -> ExerciseResult:
    return next(one for one in result.exercises if one.key == key)


def said_of(result: Result, key: str) -> str:
    return " ".join(check.message for check in result_of(result, key).checks)


def test_every_exercise_is_asked_for_in_order_after_the_cells(fake_worker: Fake) -> None:
    workers = fake_worker("")
    result = grade(workers)
    assert workers.requests()[:4] == ["close in ", "begin ", "run cell first", "run cell def train(): ..."]
    assert workers.requests()[4:] == [f"observe {key}" for key in COURSE.keys]
    assert {one.status for one in result.exercises} == {"error"}
    assert "ValueError: no" in said_of(result, "encoder")


UNRULY = {
    "garbage": "raw(b'hello' * 20)",
    "a frame too large": "raw(b'AGR1' + b'\\xff' * 8)",
    "another question's": "send({'id': 'another', 'answer': {'timed_out': True}})",
    "no question's": "send({'answer': {'timed_out': True}})",
    "a number for an id": "send({'id': 99, 'answer': {'timed_out': True}})",
    "no answer": "send({'id': request['id']})",
    "nothing": "say(request)",
    "an observation of wrong types": "say(request, observation={'steps': 3})",
    "an observation that is text": "say(request, observation='{}')",
    "an observation with an array that was not sent": "say(request, observation={'steps': [{'used': 'a0'}]})",
    "no unicode": 'raw(frame(b\'{"id": "\\\\ud800"}\'))',
}


@pytest.mark.parametrize("answer", UNRULY.values(), ids=UNRULY)
def test_an_answer_that_is_none_costs_its_exercise_only(fake_worker: Fake, answer: str) -> None:
    workers = fake_worker(
        "def observe(request):\n"
        f"    {answer} if request['ask']['exercise'] == 'train' else say(request, timed_out=True)"
    )
    result = grade(workers)
    assert result_of(result, "train").status == "review"
    assert "could not be judged" in said_of(result, "train")
    assert [one.key for one in result.exercises] == list(COURSE.keys)
    assert {one.status for one in result.exercises if one.key != "train"} == {"timeout"}
    to_json(result).encode()


def test_a_death_costs_its_exercise_only(fake_worker: Fake) -> None:
    workers = fake_worker(
        "def observe(request):\n    os._exit(7) if request['ask']['exercise'] == 'kl' else say(request, timed_out=True)"
    )
    result = grade(workers)
    assert result_of(result, "kl").status == "error"
    assert "ended with status 7" in said_of(result, "kl")
    assert {one.status for one in result.exercises if one.key != "kl"} == {"timeout"}
    assert workers.requests().count("close in ") == 2
    assert workers.requests()[-2:] == ["observe train_vae", "observe interpolate"]


@pytest.mark.parametrize("said", ["b''", "b'AGR'", "frame(b'{', size=100)"])
def test_a_death_in_the_middle_of_an_answer_costs_its_exercise_only(fake_worker: Fake, said: str) -> None:
    workers = fake_worker(
        "def observe(request):\n"
        f"    (raw({said}), os._exit(0)) if request['ask']['exercise'] == 'kl' else say(request, timed_out=True)"
    )
    result = grade(workers)
    assert result_of(result, "kl").status == "error"
    assert "ended with status 0" in said_of(result, "kl")
    assert {one.status for one in result.exercises if one.key != "kl"} == {"timeout"}


def test_silence_costs_its_exercise_only(fake_worker: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_left, "GRACE", 0.2)
    workers = fake_worker(
        "def observe(request):\n"
        "    time.sleep(60) if request['ask']['exercise'] == 'decoder' else say(request, failed='E: no')"
    )
    result = grade(workers, timeout=16.0)
    assert result_of(result, "decoder").status == "timeout"
    assert {one.status for one in result.exercises if one.key != "decoder"} == {"error"}


@pytest.mark.parametrize(
    "answer",
    [
        "say(request, timed_out=True, seconds='x')",
        "say(request, timed_out=True, seconds=[])",
        "say(request, timed_out=True)",
    ],
)
def test_an_answer_that_says_it_timed_out_is_a_timeout_whatever_else_it_holds(fake_worker: Fake, answer: str) -> None:
    workers = fake_worker(f"def observe(request):\n    {answer}")
    result = grade(workers, timeout=80.0)
    assert {one.status for one in result.exercises} == {"timeout"}
    assert "10 seconds" in said_of(result, "encoder")


@pytest.mark.parametrize(
    "failure", ["{}", "'died'", "{'kind': 'passed'}", "{'kind': 'cell', 'message': ['x']}", "3", "[None]"]
)
@pytest.mark.parametrize("source", ["first", "def train(): ..."])
def test_a_cell_with_no_answer_is_left_out_and_the_rest_goes_on(fake_worker: Fake, failure: str, source: str) -> None:
    workers = fake_worker(
        "def run_cell(request):\n"
        f"    say(request, failure={failure} if request['ask']['cell']['source'] == {source!r} else None)"
    )
    result = grade(workers)
    assert len(result.exercises) == len(COURSE.keys)
    assert workers.requests().count(f"run cell {source}") == 1
    assert workers.requests().count("close in ") == 2


def test_a_cells_message_that_is_no_unicode_can_be_written(fake_worker: Fake) -> None:
    workers = fake_worker(
        "def run_cell(request):\n"
        "    say(request, failure={'kind': 'cell', 'error': 'E', 'message': 'a\\ud800\\x1b[31mb'})"
    )
    result = grade(workers)
    to_json(result).encode()
    assert any("a? b" in warning for warning in result.warnings)


def test_when_the_time_is_used_up_the_rest_times_out(fake_worker: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_left, "GRACE", 0.5)
    workers = fake_worker("def run_cell(request):\n    time.sleep(60)")
    result = grade(workers, timeout=2.0)
    assert {one.status for one in result.exercises} == {"timeout"}
    assert result.points == 0
    assert "2 seconds" in said_of(result, "interpolate")
    assert workers.requests().count("close in ") <= 2


def test_a_submission_whose_every_cell_dies_ends(fake_worker: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.engine.workers._MOST_WORKERS", 4)
    workers = fake_worker("def run_cell(request):\n    os._exit(1)")
    result = grade(workers, cells=tuple(Cell(f"# {number}") for number in range(9)))
    assert workers.requests().count("close in ") == 4
    assert {one.status for one in result.exercises} == {"error"}


@pytest.mark.parametrize("lacking", REQUIRED)
@pytest.mark.parametrize("report", ["off: no such call", "", "only nearly on", None])
def test_strict_refuses_before_any_of_the_students_code(fake_worker: Fake, lacking: str, report: str | None) -> None:
    change = f"LAYERS.pop({lacking!r})" if report is None else f"LAYERS[{lacking!r}] = {report!r}"
    workers = fake_worker(change)
    with pytest.raises(SandboxMissing, match=lacking) as caught:
        grade(workers)
    assert workers.requests() == ["close in "]
    assert caught.value.exit_status == 2


def test_best_goes_on_without_a_layer_and_says_so(fake_worker: Fake) -> None:
    workers = fake_worker("LAYERS['landlock'] = 'off: too old'")
    result = grade(workers, Level.BEST)
    assert result.sandbox["level"] == "best"
    assert result.sandbox["layers"]["landlock"] == "off: too old"


def test_layers_with_a_detail_are_on() -> None:
    assert missing(Level.STRICT, dict.fromkeys(REQUIRED, "on (ABI 7)")) == {}
    assert set(missing(Level.STRICT, {})) == set(REQUIRED)
    assert missing(Level.BEST, {}) == missing(Level.NONE, {}) == {}


@pytest.mark.parametrize(
    "behaviour", ["sys.exit(3)", "raw(b'no frame at all')\nsys.exit()", "def close_in(request):\n    os._exit(1)"]
)
def test_a_worker_that_does_not_start_is_no_fault_of_the_students(fake_worker: Fake, behaviour: str) -> None:
    workers = fake_worker(behaviour)
    with pytest.raises(GraderFault, match="doctor"):
        grade(workers)


def test_a_worker_that_does_not_begin_is_no_fault_of_the_students(fake_worker: Fake) -> None:
    workers = fake_worker("def begin(request):\n    os._exit(1)")
    with pytest.raises(GraderFault, match="before it ran anything"):
        grade(workers)


def test_a_fleet_that_is_stopped_interrupts_whoever_waits(fake_worker: Fake) -> None:
    workers = fake_worker("")
    (fleet := workers.fleet()).stop()
    with fleet, pytest.raises(Interrupted):
        grade_submission(handed_in(), OPTIONS, fleet)


OWN = tuple(CodeCell(f"assert {name}", name, locked=True, graded=True) for name in ("test_one", "test_two"))
ASKED = {"cells": [code(one.source, one.grade_id, grade=True, points=2) for one in OWN]}
WITH_OWN = Release("a.ipynb", (*COURSE.release.cells, *OWN), ASKED)


@pytest.mark.parametrize(
    ("answer", "earned"),
    [
        ("say(request, failure=None, value='1.5', printed='', complained='', pictures=[])", (1.5, "partial")),
        ("say(request, failure=None, value='9', printed='', complained='', pictures=[])", (0.0, "review")),
        ("say(request, value=2.0)", (0.0, "review")),
        ("say(request, failure=None, value=None, printed=7, complained='', pictures=[])", (0.0, "review")),
        ("say({'id': 'another'}, failure=None, value='2.0', printed='', complained='', pictures=[])", (0.0, "review")),
        ("raw(b'no frame at all, but long enough for one')", (0.0, "review")),
        ("raw(frame(b'[' * 100000))", (0.0, "review")),
        ("os._exit(3)", (0.0, "error")),
        ("time.sleep(60)", (0.0, "timeout")),
    ],
)
def test_whatever_comes_back_of_an_own_test_costs_no_more_than_that(
    fake_worker: Fake, monkeypatch: pytest.MonkeyPatch, answer: str, earned: tuple[float, str]
) -> None:
    monkeypatch.setattr(time_left, "GRACE", 0.3)
    workers = fake_worker(
        "quiet = show_cell\n"
        "def show_cell(request):\n"
        f"    if request['ask']['cell']['name'] == 'test_one':\n        {answer}\n"
        "    else:\n        quiet(request)"
    )
    submission = replace(handed_in(), release=WITH_OWN, tests={"test_one": 1, "test_two": 2})
    with workers.fleet() as fleet:
        result = grade_submission(submission, replace(OPTIONS, timeout=6.0), fleet)
    one, two = result.questions
    assert (one.points, one.status.value) == earned, one.checks[0].message
    assert (two.points, two.status.value) == (2.0, "passed")
    assert len(result.exercises) == len(COURSE.exercises)
