"""Notebooks under other names."""

from pathlib import Path

import pytest
from odd_submissions import stub
from submissions import right, save

from autograder.course.installed import own_course
from autograder.nbgrader.renamed import handed_in, under_the_released_name
from autograder.submissions.finding.archives import Unpacker


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
    notebooks = [f"/course/submitted/ada/week-3/{name}" for name in names]
    under_the_released_name("autoencoders.ipynb", None, notebooks=notebooks, assignment="week-3", student="*")
    assert notebooks == [f"/course/submitted/ada/week-3/{name}" for name in graded]


def test_the_instructors_own_hook_is_called_first() -> None:
    notebooks, seen = ["/course/submitted/ada/week-3/mine.ipynb"], []

    def own(**about: object) -> None:
        seen.append({**about, "notebooks": list(notebooks)})

    under_the_released_name("autoencoders.ipynb", own, notebooks=notebooks, assignment="week-3", student="ada")
    theirs = ["/course/submitted/ada/week-3/mine.ipynb"]
    assert seen == [{"assignment": "week-3", "student": "ada", "notebooks": theirs}]
    assert notebooks == ["/course/submitted/ada/week-3/autoencoders.ipynb"]


def test_the_notebook_that_counts_is_chosen_as_on_the_command_line(tmp_path: Path) -> None:
    def chosen() -> tuple[str, tuple[str, ...]]:
        with Unpacker() as unpacker:
            path, flags = handed_in(tmp_path, "ada", "autoencoders", own_course().release, unpacker)
            return path.name, flags

    assert chosen() == ("autoencoders.ipynb", ())
    (tmp_path / ".hidden.ipynb").touch()
    save(stub(), tmp_path / "mine.ipynb")
    assert chosen() == ("mine.ipynb", ())
    save(right(), tmp_path / "other.ipynb")
    assert chosen() == (
        "other.ipynb",
        ("several notebooks: autoencoders/other.ipynb counts, and not autoencoders/mine.ipynb",),
    )
    save(stub(), tmp_path / "autoencoders.ipynb")
    name, [look, _] = chosen()
    assert name == "autoencoders.ipynb"
    assert "look which notebook is meant: autoencoders/other.ipynb has 6 exercises begun" in look
