"""What stands below a cell, as a notebook would have it."""

import base64
import sys

import pytest

from autograder.engine.messages import LONGEST_SHOWN, CellShown
from autograder.engine.worker import show as showing
from autograder.engine.worker.show import prepare, show_cell
from autograder.instruments.calling import Workspace
from autograder.submissions.submission import Cell


def show(source: str, pictures: int = 0, seconds: float = 20.0) -> CellShown:
    prepare()
    return show_cell(Cell(source), 3, Workspace({"__name__": "__main__"}), seconds, pictures)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1 + 1", "2"),
        ("x = 1\nx / 2", "0.5"),
        ("x = 1", None),
        ("None", None),
        ("1;", None),
        ("1;  # said nothing\n", None),
        ("';'", "';'"),
        ("2.0  # a comment; with a semicolon;", "2.0"),
        ("1\nx = 2", None),
        ("if True:\n    3", None),
        ("print('4')", None),
        ("%time 5", None),
        ("import torch\ntorch.ones(1)", "tensor([1.])"),
        ("", None),
        ("# nothing", None),
    ],
)
def test_the_last_expressions_value_stands_below(source: str, value: str | None) -> None:
    shown = show(source)
    assert (shown.value, shown.failure) == (value, None)


def test_texts_are_kept_apart_and_cut() -> None:
    shown = show(f"import sys\nprint('x' * {LONGEST_SHOWN} + 'y')\nsys.stderr.write('odd')\ndisplay([1])\n0")
    assert shown.printed == "x" * LONGEST_SHOWN
    assert (shown.complained, shown.value) == ("odd", "0")
    assert show("display([1, 2], 'a')").printed == "[1, 2]\n'a'\n"


def test_what_stops_a_cell_leaves_what_came_before() -> None:
    shown = show("print('before')\nassert 1 == 2, 'no'\n3.0")
    assert shown.failure is not None
    assert (shown.failure.error, shown.failure.message, shown.failure.line_number) == ("AssertionError", "no", 2)
    assert (shown.printed, shown.value) == ("before\n", None)


def test_a_value_that_cannot_be_written_stops_the_cell() -> None:
    shown = show("class Odd:\n    def __repr__(self):\n        raise ValueError('odd')\nOdd()")
    assert (shown.value, shown.failure and shown.failure.error) == (None, "ValueError")


@pytest.mark.skipif(sys.platform == "win32", reason="it has no timers")
def test_time_that_is_over_is_told() -> None:
    shown = show("while True: pass", seconds=0.2)
    assert shown.failure is not None
    assert shown.failure.kind == "timeout"


def test_plots_are_kept_up_to_a_number_and_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "DRAWING_SECONDS", 60.0)  # how fast this machine is does not matter here
    source = "import matplotlib.pyplot as plt\nfor _ in range(3):\n    plt.figure()\n    plt.plot([1, 2])\nplt.show()"
    shown = show(source, pictures=2)
    assert [base64.b64decode(one)[:4] for one in shown.pictures] == [b"\x89PNG"] * 2
    assert shown.complained == ""
    assert show("import matplotlib.pyplot as plt\nplt.get_fignums()").value == "[]"
    assert show(source).pictures == ()
