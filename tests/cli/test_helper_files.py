"""Files handed in beside a notebook: there for its code, to read, and nobody else's."""

import os
from pathlib import Path

import pytest
from graded import results_in, run_grade
from odd.case import REVIEW, lost, words
from odd.helpers import with_act
from submissions import save

from autograder.course.installed import own_course
from autograder.submissions import helper_files as module
from autograder.submissions.submission import Submission, read_submission


def test_files_beside_notebooks_of_several_students_are_nobodys(tmp_path: Path) -> None:
    for student in ("ada", "bea"):
        save(with_act("from my_layers import act"), tmp_path / "class" / f"{student}.ipynb")
    (tmp_path / "class" / "my_layers.py").write_bytes(b"act = abs")
    run_grade(tmp_path)
    for result in results_in(tmp_path / "results").values():
        assert lost(result) == REVIEW
        assert "my_layers" in words(result)


RELEASE = own_course().release


def read(folder: Path, source: str = "import mine, other, deep; open('secret.txt')") -> Submission:
    path = save(with_act(source), folder / "autoencoders.ipynb")
    return read_submission(path, "ada", "autoencoders", RELEASE, folder)


def test_links_and_pipes_and_other_hand_ins_stay_behind(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    own = tmp_path / "own"
    (own / "linked").mkdir(parents=True)
    (own / "secret.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "mine.py").write_text("a = 1")
    (own / "inside").symlink_to(tmp_path / "away")
    os.mkfifo(own / "other.py")
    (own / "another").mkdir()
    (own / "another" / "x.ipynb").write_text("{}")
    (own / "another" / "deep.py").write_text("a = 1")
    assert read(own).files == ()


def test_files_that_nobody_names_stay_behind_and_change_nothing(tmp_path: Path) -> None:
    before = read(tmp_path).digest
    (tmp_path / "notes.txt").write_text("x")
    assert (read(tmp_path).files, read(tmp_path).digest) == ((), before)


def test_digest_changes_with_a_file_that_is_named(tmp_path: Path) -> None:
    digests = {read(tmp_path).digest}
    for text in ("a = 1", "a = 2"):
        (tmp_path / "mine.py").write_text(text)
        digests.add(read(tmp_path).digest)
    assert len(digests) == 3


def test_number_and_size_have_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("mine.py", "other.py", "deep.py"):
        (tmp_path / name).write_text("a = 1")
    monkeypatch.setattr(module, "MOST_FILES", 2)
    assert [len(read(tmp_path).files), len(read(tmp_path).remarks)] == [2, 1]
    monkeypatch.setattr(module, "MOST_FILES", 9)
    monkeypatch.setattr(module, "LARGEST_TOGETHER", 11)
    assert [len(read(tmp_path).files), len(read(tmp_path).remarks)] == [2, 1]
