"""The same in a real kernel, as Jupyter runs it: one kernel, whose cells run in the order in which they stand here."""

from typing import Any

import nbformat
import pytest
from ids import readable_answers
from kernels import run_cells, that_stops

IMPORTS = """
from autograder import check, hint, progress
from autograder.datasets import MNIST
import torch, torch.nn as nn, torch.nn.functional as F, torchvision
import numpy as np, matplotlib.pyplot as plt
device = 'cpu'
"""
PLOT = """
plt.figure(figsize=(8, 6), dpi=200)
plt.scatter(*np.random.rand(2, 500))
plt.title('A "line"')
plt.show()
"""
EMPTY = "class Encoder(nn.Module):\n    pass"
OTHER = "class Encoder(nn.Module):\n    x = 1"
UNFINISHED = """
class Decoder(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.layer = nn.Linear(size, 512)
        raise NotImplementedError()
"""
ENDLESS = """
import autograder.notebook.endless
autograder.notebook.endless.LIMIT = 0.5
class Encoder(nn.Module):
    def __init__(self, size):
        super().__init__()
        while True:
            try:
                pass
            except Exception:
                pass
"""
CELLS = {
    "imports": IMPORTS,
    "plot": PLOT,
    "check nothing": 'check("encoder")',
    "empty encoder": EMPTY,
    "check empty": 'check("encoder")',
    "broken encoder": that_stops(f"{EMPTY} :"),
    "check in between": 'check("encoder")',
    "hint about the error": 'hint("encoder")',
    "hint about the exercise": 'hint("encoder")',
    "other encoder": OTHER,
    "check other": 'check("encoder")',
    "linear encoder": "",
    "check linear": 'check("encoder")',
    "encoder and check": f'{OTHER}\ncheck("encoder")',
    "unfinished decoder": UNFINISHED,
    "check unfinished": 'check("decoder")',
    "hint": 'hint("kl")',
    "endless encoder": ENDLESS,
    "check endless": 'check("encoder")',
    "another number": "2.0",
    "too early": "from autograder.teaching import needs\nneeds('data')\nprint('not reached')",
    "progress": "progress()",
}


@pytest.fixture(scope="module")
def outputs() -> dict[str, list[Any]]:
    """What each cell has shown, by its name."""
    linear = next(one.source for one in readable_answers() if str(one) == "encoder: no hidden activation")
    shown = run_cells(*(CELLS | {"linear encoder": linear}).values())
    return dict(zip(CELLS, shown, strict=True))


def test_imports_print_nothing(outputs: dict[str, list[Any]]) -> None:
    assert outputs["imports"] == []


def test_card_then_points(outputs: dict[str, list[Any]]) -> None:
    card, points = outputs["check linear"]
    assert card.output_type == "display_data"
    assert "purely linear function" in card.data["text/html"]
    assert "purely linear function" in card.data["text/plain"]
    assert points.output_type == "execute_result"
    assert points.data["text/plain"] == "1.0"


def test_raise_left_in_below_finished_code_is_named(outputs: dict[str, list[Any]]) -> None:
    card, points = outputs["check unfinished"]
    assert "Delete that line" in card.data["text/html"]
    assert points.data["text/plain"] == "0.0"


@pytest.mark.parametrize("name", ["hint", "progress"])
def test_hint_and_progress_show_cards_only(outputs: dict[str, list[Any]], name: str) -> None:
    (card,) = outputs[name]
    assert card.output_type == "display_data"
    assert "text/html" in card.data


def test_cards_name_their_run(outputs: dict[str, list[Any]]) -> None:
    texts = [outputs[name][0].data["text/plain"] for name in ("check nothing", "check empty", "check other")]
    assert "Checked" not in texts[0]
    assert texts[1].endswith("Checked: `Encoder` of run [4]")
    assert texts[2].endswith("Checked: `Encoder` of run [10]")
    at_once, points = outputs["encoder and check"]
    assert at_once.data["text/plain"].endswith(f"Checked: `Encoder` of run [{points.execution_count}]")
    assert "Out of date" in at_once.data["text/plain"]  # by the endless one further down, not by its own run
    assert f"has been run again, as [{points.execution_count}]" not in at_once.data["text/plain"]


def test_a_card_says_where_it_stands_that_a_later_run_has_overtaken_it(outputs: dict[str, list[Any]]) -> None:
    stopped, again, latest = (outputs[name][0].data for name in ("check empty", "check in between", "check endless"))
    assert "run [6] of `Encoder` stopped with a SyntaxError" in stopped["text/plain"]
    assert "Out of date: run [6] of <code>Encoder</code> stopped" in stopped["text/html"]
    assert "Out of date: `Encoder` has been run again, as [10]" in again["text/plain"]
    assert "A later run, [6], stopped before `Encoder`" in again["text/plain"]
    assert "Out of date" not in latest["text/plain"]


def test_after_a_syntax_error_the_first_hint_is_about_that(outputs: dict[str, list[Any]]) -> None:
    ((error,), (exercise,)) = (outputs[f"hint about the {what}"] for what in ("error", "exercise"))
    assert "Python does not understand the cell" in error.data["text/html"]
    assert "1 of 3" in exercise.data["text/plain"]


def test_plots_have_an_alternative_text(outputs: dict[str, list[Any]]) -> None:
    (shown,) = (output.data for output in outputs["plot"] if output.output_type == "display_data")
    assert shown["text/html"].startswith('<img alt="Plot. A &quot;line&quot;." width="')
    assert len(shown["image/png"]) < len(shown["text/html"])  # as large as it is shown, the other twice as fine


def test_the_points_are_there_for_nbgrader_and_out_of_sight(outputs: dict[str, list[Any]]) -> None:
    utils = pytest.importorskip("nbgrader.utils")
    card, points = outputs["check linear"]
    cell = nbformat.v4.new_code_cell('check("encoder")', outputs=[card, points])
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "grade_id": "test_encoder", "points": 2}
    assert utils.determine_grade(cell) == (1.0, 2.0)
    assert points.data["text/html"] == "<span hidden></span>"
    (number,) = outputs["another number"]
    assert dict(number.data) == {"text/plain": "2.0"}


def test_a_loop_without_end_is_ended_and_named(outputs: dict[str, list[Any]]) -> None:
    card, points = outputs["check endless"]
    assert "did not finish in the time that it has (0.5 seconds)" in card.data["text/plain"]
    assert points.data["text/plain"] == "0.0"


def test_a_cell_that_is_not_ready_is_told_and_the_next_ones_run(outputs: dict[str, list[Any]]) -> None:
    (said,) = outputs["too early"]
    assert said.output_type == "display_data"
    assert said.data["text/plain"].startswith("Stopped: `data` is not there.")
    (progress,) = outputs["progress"]
    assert "stopped: `data` is not there." in progress.data["text/plain"].lower()
    assert "Cell [" in progress.data["text/html"]
