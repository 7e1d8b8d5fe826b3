"""What a test cell of an instructor's own earns: what nbgrader itself would give for what stands below it."""

import nbformat
import pytest
from nbgrader.utils import determine_grade

from autograder.course.observation import Failure
from autograder.judging.own_tests import OwnQuestion, Ran, judge_own_test
from autograder.judging.verdicts import Status

POINTS = 3.0


def judged(value: str | None = None, complained: str = "", failure: Failure | None = None) -> OwnQuestion:
    return judge_own_test("test_own", POINTS, Ran(failure, value, complained), ("trained",))


def nbgraders(ran: Ran) -> float:
    """nbgrader's own score of the outputs that a kernel gives where a cell ran so."""
    below = [nbformat.v4.new_output("stream", name="stdout", text="3.0\n")]
    if ran.complained:
        below.append(nbformat.v4.new_output("stream", name="stderr", text=ran.complained))
    if ran.value is not None:
        below.append(nbformat.v4.new_output("execute_result", data={"text/plain": ran.value}))
    if ran.failure is not None:
        below.append(nbformat.v4.new_output("error", ename=ran.failure.error, evalue=ran.failure.message))
    about = {"nbgrader": {"grade": True, "solution": False, "grade_id": "test_own", "points": POINTS}}
    score, _ = determine_grade(nbformat.v4.new_code_cell("test", metadata=about, outputs=below))
    return float(score)


@pytest.mark.parametrize(
    "ran",
    [
        Ran(None),
        *(Ran(None, value) for value in ("0", "0.0", "1.25", "3", "3.0", "1e0", " 2 ", "1_0e-1")),
        *(Ran(None, value) for value in ("True", "'2.0'", "tensor(2.)", "np.float64(1.5)", "[1, 2]", "-1", "nan", "")),
        Ran(None, "2.0", "UserWarning: odd\n"),
        Ran(None, None, "!"),
        Ran(Failure("cell", "AssertionError", "no"), None),
        Ran(Failure("cell", "NameError", "name 'trained' is not defined")),
        Ran(Failure("unfinished", "NotImplementedError")),
        Ran(Failure("timeout", "TimeoutError", "10 seconds")),
        Ran(Failure("surroundings", "ModuleNotFoundError", "No module named 'x'", holds="module")),
    ],
    ids=repr,
)
def test_the_points_are_nbgraders(ran: Ran) -> None:
    if ran.value == "":  # nbgrader stops there; a notebook never writes it
        assert judge_own_test("test_own", POINTS, ran).points == POINTS
        return
    assert judge_own_test("test_own", POINTS, ran).points == nbgraders(ran)


@pytest.mark.parametrize("value", ["3.01", "1e999", "inf"])
def test_more_than_there_is_waits_for_a_person_where_nbgrader_would_stop(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be greater"):
        nbgraders(Ran(None, value))
    assert (judged(value).points, judged(value).status) == (0.0, Status.REVIEW)


@pytest.mark.parametrize(
    ("question", "status", "told"),
    [
        (judged(), Status.PASSED, ""),
        (judged("3"), Status.PASSED, ""),
        (judged("1"), Status.PARTIAL, "The test gave 1 point."),
        (judged("0"), Status.FAILED, "The test gave 0 points."),
        (
            judged("True"),
            Status.PASSED,
            "The test gave `True`, which is no number of points",
        ),
        (judged(complained="a\nUserWarning: odd"), Status.REVIEW, "which earns nothing: UserWarning: odd"),
        (judged(failure=Failure("cell", "AssertionError", "no")), Status.FAILED, "AssertionError: no"),
        (judged(failure=Failure("cell", "NameError", "name 'trained' is not defined")), Status.REVIEW, "`trained`"),
        (judged(failure=Failure("cell", "NameError", "name 'other' is not defined")), Status.ERROR, "'other'"),
        (judged(failure=Failure("unfinished", "NotImplementedError")), Status.NOT_ATTEMPTED, "not written yet"),
        (judged(failure=Failure("timeout", "TimeoutError", "10 seconds")), Status.TIMEOUT, "too long: 10 seconds."),
        (judged(failure=Failure("malformed", "BadReply", "no")), Status.REVIEW, "could not be read"),
        (
            judged(failure=Failure("surroundings", "ModuleNotFoundError", "No module named 'x'", holds="module")),
            Status.REVIEW,
            "could not be tried here. It stopped: the grader has no such module (ModuleNotFoundError:",
        ),
    ],
)
def test_each_status_is_told(question: OwnQuestion, status: Status, told: str) -> None:
    assert question.status is status
    assert told in question.checks[0].message


@pytest.mark.parametrize("text", ["\x1b[2J\u202e" + "x" * 1_000_000, "no\n" * 200_000])
def test_what_is_told_is_short_and_printable(text: str) -> None:
    for question in (judged(failure=Failure("cell", text, text, text, 1)), judged(complained=text), judged(text)):
        told = question.checks[0].message
        assert told.isprintable()
        assert len(told) < 400


@pytest.mark.parametrize(("value", "told"), [("1", "1 point"), ("1.5", "1.5 points")])
def test_one_point_is_one_point(value: str, told: str) -> None:
    assert judged(value).checks[0].message == f"The test gave {told}."
