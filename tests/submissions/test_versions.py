"""Submissions made from another version of the notebook than the one that they are read against."""

from pathlib import Path

from submissions import Notebook, fill, place, right, save

from autograder.course.installed import own_course
from autograder.submissions.submission import read_submission

RELEASE = own_course().release


def remarks(notebook: Notebook, folder: Path) -> tuple[str, ...]:
    return read_submission(save(notebook, folder / "a.ipynb"), "ada", "autoencoders", RELEASE).remarks


def test_cells_that_were_handed_out_with_another_text_are_named(tmp_path: Path) -> None:
    notebook = right()
    for name in ("test_kl", "train"):
        notebook["cells"][place(notebook, name)]["metadata"]["nbgrader"]["checksum"] = "0" * 32
    [said] = remarks(notebook, tmp_path)
    assert "these cells differ: train, test_kl;" in said


def test_what_a_student_has_typed_is_no_other_version(tmp_path: Path) -> None:
    notebook = fill(fill(right(), "train", "def train(): ..."), "test_kl", "check('kl')  # mine")
    del notebook["cells"][place(notebook, "encoder")]["metadata"]["nbgrader"]["checksum"]
    assert remarks(notebook, tmp_path) == ()
