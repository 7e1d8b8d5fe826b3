"""Which run a card speaks of, and when it says that the cell has moved on."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autograder.autoencoders.course import AUTOENCODERS
from autograder.errors import NotReady
from autograder.notebook.runs import Checked, Run, Runs, watch
from autograder.notebook.saved_notebook import SavedNotebook

ENCODER = AUTOENCODERS.exercise("encoder")
OLD, NEW = "class Encoder: ...", "class Encoder:\n    size = 2"
SAVED_LATER = 100.0


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., SavedNotebook]:
    """Writes a notebook with one cell, saved at a time."""

    def write(source: str, cell: str = "c1", when: float = SAVED_LATER) -> SavedNotebook:
        path = tmp_path / "mine.ipynb"
        cells = [{"cell_type": "code", "id": cell, "source": [source], "metadata": {}}]
        path.write_text(json.dumps({"cells": cells, "nbformat": 4}))
        os.utime(path, (when, when))
        return SavedNotebook(path, AUTOENCODERS.release)

    return write


def ran(number: int, source: str = OLD, cell: str = "c1") -> Run:
    return Run(number, source, cell, ended=float(number))


def noted(*runs: tuple[Run, dict[str, Any]]) -> Runs:
    made = Runs({"Encoder"}, {})
    for run, names in runs:
        made.note(run, names)
    return made


def test_the_run_that_defined_the_class_is_named() -> None:
    first, second = {"Encoder": object()}, {"Encoder": object()}
    runs = noted((ran(3), first), (ran(5), second), (ran(6, "print(Encoder)"), second))
    assert runs.checked(ENCODER, second, 7, None) == Checked(5, "Encoder")


def test_a_class_of_the_cell_that_is_running_is_of_this_run() -> None:
    runs = noted((ran(3), {"Encoder": object()}))
    assert runs.checked(ENCODER, {"Encoder": object()}, 4, None) == Checked(4, "Encoder")


def test_a_later_run_that_stopped_is_told() -> None:
    names = {"Encoder": object()}
    checked = noted((ran(3), names), (ran(8, NEW), names)).checked(ENCODER, names, 9, None)
    assert checked is not None
    assert checked.number == 3
    assert "A later run, [8], stopped" in checked.warning


def test_a_later_run_of_the_cell_that_stopped_is_told_whatever_its_text_defines() -> None:
    names = {"Encoder": object()}
    runs = noted((ran(3), names), (ran(8, "clas Encoder: ..."), names))
    runs.note_end(ran(8, "clas Encoder: ..."), SyntaxError())
    checked = runs.checked(ENCODER, names, 9, None)
    assert checked is not None
    assert "A later run, [8], stopped" in checked.warning
    runs.note_end(ran(9, "clas Encoder: ...", cell="another"), SyntaxError())
    assert runs.meant(ran(9, "clas Encoder: ...", cell="another")) == []


def test_a_first_run_that_stopped_is_told_in_place_of_not_attempted() -> None:
    checked = noted((ran(2), {})).checked(ENCODER, {}, 3, None)
    assert checked is not None
    assert checked.number is None
    assert "Run [2] stopped before `Encoder` was defined" in checked.warning


def test_nothing_is_said_where_nothing_has_run() -> None:
    assert noted((ran(1, "import torch"), {})).checked(ENCODER, {}, 2, None) is None


def test_nothing_is_said_of_what_was_there_before() -> None:
    there = {"Encoder": object()}
    assert Runs({"Encoder"}, there).checked(ENCODER, there, 2, None) is None


def test_a_cell_edited_and_saved_after_its_run_is_told(file: Callable[..., SavedNotebook]) -> None:
    names = {"Encoder": object()}
    checked = noted((ran(3), names)).checked(ENCODER, names, 4, file(NEW))
    assert checked is not None
    assert checked.number == 3
    assert "another text now" in checked.warning


@pytest.mark.parametrize(
    "saved", [{"source": OLD + "\n"}, {"source": NEW, "when": 2.0}, {"source": NEW, "cell": "another"}],
    ids=["same-text", "saved-before-the-run", "another-cell"],
)  # fmt: skip
def test_a_cell_that_was_not_edited_is_not_said_to_be(
    file: Callable[..., SavedNotebook], saved: dict[str, Any]
) -> None:
    names = {"Encoder": object()}
    assert noted((ran(3), names)).checked(ENCODER, names, 4, file(**saved)) == Checked(3, "Encoder")


def test_a_notebook_that_cannot_be_read_is_no_reason_to_warn(tmp_path: Path) -> None:
    names = {"Encoder": object()}
    runs, broken = noted((ran(3), names)), tmp_path / "broken.ipynb"
    broken.write_text("{")
    for path in (broken, tmp_path / "not there.ipynb"):
        assert runs.checked(ENCODER, names, 4, SavedNotebook(path, AUTOENCODERS.release)) == Checked(3, "Encoder")


def test_runs_are_noted_from_the_kernels_events() -> None:
    called: dict[str, Callable[[Any], None]] = {}
    shell = SimpleNamespace(user_ns={}, events=SimpleNamespace(register=called.__setitem__))
    runs = watch(shell, {"Encoder"})
    shell.user_ns["Encoder"] = object()
    info = SimpleNamespace(raw_cell=OLD, cell_id="c1")
    ended = SimpleNamespace(execution_count=4, info=info, error_before_exec=None, error_in_exec=None)
    called["post_run_cell"](ended)
    silent = SimpleNamespace(execution_count=None, info=SimpleNamespace(raw_cell=NEW, cell_id=None))
    called["post_run_cell"](silent)
    assert runs.checked(ENCODER, shell.user_ns, 5, None) == Checked(4, "Encoder")


def test_a_class_that_its_cell_calls_otherwise_by_now_is_noted() -> None:
    names = {"Encoder": object()}
    runs = noted((ran(3), names), (ran(4, "class MyEncoder: ..."), {**names, "MyEncoder": object()}))
    assert runs.renamed == {"Encoder": "MyEncoder"}
    runs.note(ran(5), {**names, "Encoder": object()})
    assert runs.renamed == {}


def test_a_class_of_a_likely_name_is_noted_where_there_is_none() -> None:
    assert noted((ran(3, "class EncoderNet: ..."), {"EncoderNet": object()})).renamed == {"Encoder": "EncoderNet"}
    assert noted((ran(3, "class Helper: ..."), {"Helper": object()})).renamed == {}


def test_a_helper_of_another_cell_takes_no_place() -> None:
    names = {"Encoder": object()}
    runs = noted((ran(3), names), (ran(4, "class MyEncoder: ...", "c2"), {**names, "MyEncoder": object()}))
    assert runs.renamed == {}


def test_a_copy_that_kept_the_name_of_what_was_copied_is_noted() -> None:
    def run(cell: str) -> dict[str, str]:
        runs, first = Runs(("train", "train_vae", "kl"), {}), {"train": object()}
        runs.note(ran(3, "def train(): ..."), first)
        runs.note(ran(4, "def train(vae): ...", cell), {"train": object()})
        return runs.renamed

    assert run("c2") == {"train_vae": "train"}
    assert run("c1") == {}
    assert run("") == {}


def test_a_cell_that_stopped_is_kept_until_it_runs_through() -> None:
    runs = noted()
    runs.note_end(ran(3), NotReady("`data` is not there."))
    runs.note_end(ran(4, cell="c2"), SyntaxError("invalid syntax"))
    assert list(runs.stopped.values()) == [
        "Cell [3] stopped: `data` is not there.",
        "Cell [4] stopped: SyntaxError: invalid syntax",
    ]
    runs.note_end(ran(5), None)
    assert list(runs.stopped) == ["c2"]
