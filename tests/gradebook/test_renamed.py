"""Notebooks under other names."""

from pathlib import Path

import pytest

from autograder.errors import UsageError
from autograder.nbgrader.renamed import handed_in, under_the_released_name


@pytest.mark.parametrize(
    ("names", "graded"),
    [
        (["final (2).ipynb"], ["autoencoders.ipynb"]),
        (["a.ipynb", "b.ipynb"], ["autoencoders.ipynb"]),
        (["autoencoders.ipynb"], ["autoencoders.ipynb"]),
        (["autoencoders.ipynb", "scratch.ipynb"], ["autoencoders.ipynb", "scratch.ipynb"]),
        ([], []),
    ],
)
def test_nbgrader_gets_the_name_that_it_knows(names: list[str], graded: list[str]) -> None:
    notebooks = [f"/course/submitted/ada/autoencoders/{name}" for name in names]
    under_the_released_name(assignment="autoencoders", student="*", notebooks=notebooks)
    assert notebooks == [f"/course/submitted/ada/autoencoders/{name}" for name in graded]


def test_other_assignments_are_left_alone() -> None:
    notebooks = ["/course/submitted/ada/ps2/problem.ipynb"]
    under_the_released_name(assignment="ps2", student="*", notebooks=notebooks)
    assert notebooks == ["/course/submitted/ada/ps2/problem.ipynb"]


def test_the_only_notebook_is_the_one_handed_in(tmp_path: Path) -> None:
    assert handed_in(tmp_path, "autoencoders.ipynb").name == "autoencoders.ipynb"
    (tmp_path / ".hidden.ipynb").touch()
    (only := tmp_path / "mine.ipynb").touch()
    assert handed_in(tmp_path, "autoencoders.ipynb") == only
    (tmp_path / "other.ipynb").touch()
    with pytest.raises(UsageError, match=r"mine\.ipynb and other\.ipynb"):
        handed_in(tmp_path, "autoencoders.ipynb")
    (released := tmp_path / "autoencoders.ipynb").touch()
    assert handed_in(tmp_path, "autoencoders.ipynb") == released
