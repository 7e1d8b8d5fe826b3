"""``autograder check`` ends with status 0 for a notebook that is all right, and for no other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from submissions import fill, place, right, save

pytestmark = pytest.mark.usefixtures("_one_fleet")


def test_one_mistake_among_right_exercises_is_status_1(autograder: Callable[..., Any], tmp_path: Path) -> None:
    notebook = right()
    source = "".join(notebook["cells"][place(notebook, "train")]["source"])
    fill(notebook, "train", source.replace(").sum()", ").mean()"))
    save(notebook, tmp_path / "mine.ipynb")
    ended = autograder("check", "mine.ipynb")
    assert ended.out.count("all right") == 6
    assert ended.status == 1
