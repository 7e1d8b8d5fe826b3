"""``autograder reset``: an exercise's cell as it was handed out, and nothing lost."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from submissions import Notebook, code, fill, place, right, save

from autograder.course.installed import own_course

Run = Callable[..., Any]
COURSE = own_course()


def source(path: Path, grade_id: str) -> str:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return "".join(notebook["cells"][place(notebook, grade_id)]["source"])


@pytest.mark.parametrize("known", COURSE.exercises, ids=lambda known: known.key)
def test_the_cell_is_as_handed_out_and_the_text_is_kept(autograder: Run, tmp_path: Path, known: Any) -> None:
    path = save(right(), tmp_path / "mine.ipynb")
    before = right()
    ended = autograder("reset", known.key, "mine.ipynb")
    assert (ended.status, ended.err) == (0, "")
    assert source(path, known.cell) == COURSE.release.stub(known.cell)
    kept = tmp_path / f"mine.{known.cell}.before-reset.py"
    assert kept.read_text(encoding="utf-8").strip() == "".join(before["cells"][place(before, known.cell)]["source"])
    assert kept.name in ended.out
    assert "Reload Notebook from Disk" in ended.out


def test_everything_else_in_the_notebook_stays(autograder: Run, tmp_path: Path) -> None:
    before = right()
    before["metadata"]["mine"] = {"ö": 1}
    path = save(before, tmp_path / "mine.ipynb")
    path.chmod(0o640)
    autograder("reset", "train", "mine.ipynb")
    after = json.loads(path.read_text(encoding="utf-8"))
    cell = place(before, "train")
    assert after["cells"][cell]["outputs"] == []
    assert after["cells"][cell]["id"] == before["cells"][cell]["id"]
    assert after["cells"][:cell] + after["cells"][cell + 1 :] == before["cells"][:cell] + before["cells"][cell + 1 :]
    assert {**after, "cells": 0} == {**before, "cells": 0}
    assert path.stat().st_mode & 0o777 == 0o640


def test_an_untouched_cell_leaves_all_as_it_is(autograder: Run, tmp_path: Path) -> None:
    path = save(right(), tmp_path / "mine.ipynb")
    autograder("reset", "encoder", "mine.ipynb")
    before = {one.name: one.read_bytes() for one in tmp_path.iterdir()}
    ended = autograder("reset", "encoder", path)
    assert ended.status == 0
    assert "is as it was handed out" in ended.out
    assert "kept" not in ended.out
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == before


def test_an_untouched_cell_that_became_a_text_is_a_code_cell_again(autograder: Run, tmp_path: Path) -> None:
    notebook = fill(right(), "encoder", COURSE.release.stub("encoder"))
    notebook["cells"][place(notebook, "encoder")]["cell_type"] = "markdown"
    path = save(notebook, tmp_path / "mine.ipynb")
    assert autograder("reset", "encoder", path).status == 0
    after = json.loads(path.read_text(encoding="utf-8"))
    assert after["cells"][place(after, "encoder")]["cell_type"] == "code"
    assert list(tmp_path.iterdir()) == [path]


def test_of_a_doubled_cell_one_stays(autograder: Run, tmp_path: Path) -> None:
    notebook = right()
    at = place(notebook, "encoder")
    notebook["cells"].insert(at, {**notebook["cells"][at], "id": "copy", "source": "x = 1"})
    path = save(notebook, tmp_path / "mine.ipynb")
    assert autograder("reset", "encoder", path).status == 0
    names = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in json.loads(path.read_text())["cells"]]
    assert names.count("encoder") == 1
    assert "x = 1" in (tmp_path / "mine.encoder.before-reset.py").read_text(encoding="utf-8")


def test_a_second_reset_keeps_the_first_text_too(autograder: Run, tmp_path: Path) -> None:
    path = save(right(), tmp_path / "mine.ipynb")
    autograder("reset", "encoder", path)
    save(right(), path)
    ended = autograder("reset", "encoder", path)
    assert "mine.encoder.before-reset-2.py" in ended.out
    assert len(list(tmp_path.glob("*.py"))) == 2


def test_two_exercises_of_one_cell_are_both_named(autograder: Run, tmp_path: Path) -> None:
    save(right(), tmp_path / "mine.ipynb")
    assert "The cell of Variational encoder and KL divergence in" in autograder("reset", "kl", "mine.ipynb").out


def test_a_cell_that_was_deleted_comes_back_before_its_check(autograder: Run, tmp_path: Path) -> None:
    notebook = right()
    del notebook["cells"][place(notebook, "decoder")]
    path = save(notebook, tmp_path / "mine.ipynb")
    autograder("reset", "decoder", path)
    after = json.loads(path.read_text(encoding="utf-8"))
    assert place(after, "decoder") == place(after, "test_decoder") - 1
    assert source(path, "decoder") == COURSE.release.stub("decoder")
    assert list(tmp_path.glob("*.py")) == []


@pytest.mark.usefixtures("_one_fleet")
def test_of_several_copies_none_counts_afterwards(autograder: Run, tmp_path: Path) -> None:
    notebook = right()
    where = place(notebook, "encoder")
    notebook["cells"].insert(where, {**notebook["cells"][where], "id": "copy", "source": "class Encoder: pass"})
    path = save(notebook, tmp_path / "mine.ipynb")
    autograder("reset", "encoder", path)
    ended = autograder("check", path, "--exercise", "encoder")
    assert "Encoder: not attempted yet" in ended.out
    assert "class Encoder: pass" in (tmp_path / "mine.encoder.before-reset.py").read_text()


def test_a_notebook_of_an_older_format_gets_no_ids(autograder: Run, tmp_path: Path) -> None:
    old: Notebook = {"cells": [code("1")], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}
    path = save(old, tmp_path / "mine.ipynb")
    autograder("reset", "encoder", path)
    assert "id" not in json.loads(path.read_text(encoding="utf-8"))["cells"][-1]


def broken(folder: Path) -> None:
    (folder / "mine.ipynb").write_text("{")


def missing(_folder: Path) -> None:
    pass


def text(folder: Path) -> None:
    (folder / "mine.ipynb").mkdir()


@pytest.mark.parametrize(
    ("key", "prepare", "complaint"),
    [
        ("encoder", broken, "mine.ipynb is not valid JSON"),
        ("encoder", missing, "mine.ipynb does not exist"),
        ("encoder", text, "mine.ipynb is not a notebook (*.ipynb)"),
        ("encodr", missing, "encoder, decoder"),
    ],
)
def test_what_cannot_be_reset_is_told_in_one_line(
    autograder: Run, tmp_path: Path, key: str, prepare: Callable[[Path], None], complaint: str
) -> None:
    prepare(tmp_path)
    ended = autograder("reset", key, "mine.ipynb")
    assert ended.status in (1, 2)
    assert complaint in ended.complaint


def test_a_full_disk_leaves_the_notebook_as_it_was(
    autograder: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(right(), tmp_path / "mine.ipynb")
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    ended = autograder("reset", "encoder", path)
    assert ended.status == 1
    assert "cannot be written (No space left on device); it is as it was" in ended.complaint
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["mine.ipynb"]


def test_half_a_character_is_no_reason_for_a_traceback(autograder: Run, tmp_path: Path) -> None:
    path = save(fill(right(), "encoder", "x = '\ud800'"), tmp_path / "mine.ipynb")
    before = path.read_bytes()
    ended = autograder("reset", "encoder", path)
    assert "cannot be written (it holds half a character)" in ended.complaint
    assert path.read_bytes() == before
