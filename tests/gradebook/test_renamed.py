"""Notebooks under other names."""

import os
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import find_all_files
from submissions import right, save, stub

from autograder.course.installed import own_course
from autograder.nbgrader.renamed import folders_without_notebook, no_copies, under_the_released_name
from autograder.submissions.finding.archives import Unpacker
from autograder.submissions.finding.find import find_in_folder, find_submissions, read_found


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
            found = find_in_folder(tmp_path, "ada", "autoencoders", own_course().release, unpacker)
            return found.path.name, found.flags

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


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (("timestamp.txt",), "no notebook was handed in: the folder is empty"),
        (("timestamp.txt", "answer.py"), "no notebook was handed in, only answer.py; hand in the .ipynb file itself"),
        (("answer.zip",), "no notebook was handed in that can be read: answer.zip is broken"),
    ],
)
def test_what_is_missing_is_said_as_on_the_command_line(tmp_path: Path, files: tuple[str, ...], said: str) -> None:
    folder = tmp_path / "ada" / "autoencoders"
    folder.mkdir(parents=True)
    for name in files:
        (folder / name).write_text("2026-11-27 12:00:00 UTC")
    release = own_course().release
    with Unpacker() as unpacker:
        submission = read_found(
            find_in_folder(folder, "ada", "autoencoders", release, unpacker), "autoencoders", release
        )
        [other] = find_submissions([tmp_path], "autoencoders", release, unpacker)
        assert read_found(other, "autoencoders", release).problem == submission.problem
    assert submission.problem.startswith(said)


def test_folders_that_nbgrader_passes_over_are_found(tmp_path: Path) -> None:
    for student in ("ada", "bea", "carl"):
        (tmp_path / "submitted" / student / "week-3").mkdir(parents=True)
    (tmp_path / "submitted" / "dora").mkdir()
    (tmp_path / "submitted" / "fred").mkdir()
    (tmp_path / "submitted" / "fred" / "week-3").write_text("a file")
    directory = CourseDirectory(root=str(tmp_path))
    directory.assignment_id = "week-3"
    ada, bea, carl = (str(tmp_path / "submitted" / student / "week-3") for student in ("ada", "bea", "carl"))
    assert folders_without_notebook(directory, [ada]) == (bea, carl)
    directory.student_id = "carl"
    assert folders_without_notebook(directory, []) == (carl,)


def test_links_and_pipes_are_not_copied_and_other_files_are(tmp_path: Path) -> None:
    own = tmp_path / "ada" / "week-3"
    (own / "data").mkdir(parents=True)
    (own / "notes.txt").write_text("mine")
    (own / "[1].txt").symlink_to("/etc/hostname")
    (own / "data" / "gone.csv").symlink_to("nowhere")
    os.mkfifo(own / "data" / "pipe")
    assert find_all_files(str(own), list(no_copies(own))) == [str(own / "notes.txt")]
