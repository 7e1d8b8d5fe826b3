"""``autograder check``: a student's own run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from submissions import add, fill, place, right, save

from autograder.course.installed import own_course

Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("_one_fleet")


def test_a_notebook_that_is_all_right_ends_with_status_0(autograder: Run, tmp_path: Path) -> None:
    path = save(right(), tmp_path / "mine.ipynb")
    before = path.read_bytes()
    ended = autograder("check", "mine.ipynb")
    assert ended.status == 0
    lines = [line for line in ended.out.splitlines() if not line.startswith(" ")]
    every = own_course().exercises
    assert lines == [*(f"✓ {one.title}: all right, {one.max_points:g} of {one.max_points:g}" for one in every),
                     "15 of 15 points"]  # fmt: skip
    assert ended.err == ""
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["mine.ipynb"]


def test_one_exercise_is_checked_alone_and_its_mistake_explained(autograder: Run, tmp_path: Path) -> None:
    notebook = right()
    source = "".join(notebook["cells"][place(notebook, "encoder")]["source"])
    fill(notebook, "encoder", source.replace("F.relu(self.linear1(x))", "self.linear1(x)"))
    fill(notebook, "decoder", "class Decoder:\n")
    add(notebook, "raise ValueError('[/oops]')", after="test_encoder")
    save(notebook, tmp_path / "mine.ipynb")
    ended = autograder("check", "mine.ipynb", "--exercise", "encoder")
    assert ended.status == 1
    assert "◐ Encoder: partly right, 1 of 2" in ended.out
    said = [line for line in ended.out.splitlines() if line.startswith("    ")]
    assert [line[4] for line in said if line[5:6] == " " and line[4] != " "] == ["✓", "✗", "✓"]
    assert said[1:3] == [
        "    ✗ One hidden layer of 512 units with ReLU (0/1)",
        "      Your output is a purely linear function of the input. Something between",
    ]
    assert max(map(len, said)) <= 80
    assert all(line == line.rstrip() for line in said)
    assert 'Stuck? hint("encoder", 3) in the notebook may help; hints are free.' in " ".join(ended.out.split())
    assert "    To reread: Exercise 1: The encoder" in said
    assert len(ended.out.splitlines()) == len(said) + 3
    assert "1 of 2 points" in ended.out
    assert "Decoder" not in ended.out
    assert "a cell of your own stopped: ValueError: [/oops]" in ended.out
