"""``autograder export --to moodle -o NAME.zip``: feedback pages, read back as Moodle's importer reads them."""

import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from results_folder import full_marks, write_class

from autograder.reports.class_csv import ClassRow
from autograder.submissions.class_list import Listed

Run = Callable[..., Any]

# Participant numbers as in the worksheet; Carl handed in nothing, Dora is in the course alone.
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum grade,Last modified (grade),Feedback comments
Participant 501,Ada_Mae Lovelace,al@x.de,Submitted,,15.00,-,
Participant 502,../Bea <b>Bell,bb@x.de,Submitted,,15.00,-,
Participant 503,Carl Öz,carl@x.de,No submission,,15.00,-,
Participant 504,Dora Zoë,dora@x.de,Submitted,,15.00,-,
"""
COMMAND = ["export", "results", "--to", "moodle", "--template", "moodle.csv", "-o", "feedback.zip"]


@pytest.fixture(autouse=True)
def folder(autograder: Run, tmp_path: Path) -> Path:
    dora = replace(full_marks("Dora Zoë"), source="Dora Zoë_504_assignsubmission_file/autoencoders.ipynb")
    rows = [
        ClassRow("ada", full_marks("ada"), listed=Listed("Ada", (), "al@x.de")),
        ClassRow("bea", full_marks("bea"), listed=Listed("Bea", (), "bb@x.de")),
        ClassRow("Dora Zoë", dora),
        ClassRow("stranger", full_marks("stranger")),
        ClassRow("Carl Öz", listed=Listed("Carl Öz", (), "carl@x.de"), remark="nothing was handed in"),
    ]
    write_class(tmp_path / "results", rows)
    (tmp_path / "moodle.csv").write_text(WORKSHEET, encoding="utf-8")
    assert autograder("report", "results").status == 0
    return tmp_path


def imported(path: Path) -> dict[int, tuple[str, bytes]]:
    """What Moodle would take in, by participant: the rules of `is_valid_filename_for_import`."""
    taken = {}
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            *folders, name = entry.filename.split("/")
            assert not name.startswith((".", "~"))
            [folder] = folders
            parts = folder.split("_", 4)
            assert parts[2:] == ["assignsubmission", "file"]
            assert int(parts[1]) not in taken
            taken[int(parts[1])] = (parts[0], archive.read(entry))
    return taken


def test_each_page_is_in_the_folder_of_its_participant(autograder: Run, folder: Path) -> None:
    ended = autograder(*COMMAND)
    assert (ended.status, "3 feedback pages" in ended.out) == (0, True)
    taken = imported(folder / "feedback.zip")
    pages = folder / "results" / "feedback"
    assert taken == {
        501: ("Ada Mae Lovelace", (pages / "ada.html").read_bytes()),
        502: ("Bea bBell", (pages / "bea.html").read_bytes()),
        504: ("Dora Zoë", (pages / "Dora Zoë.html").read_bytes()),
    }
    assert "no row fits, so no page is in it: stranger; --students FILE.csv can say who they are" in ended.err
    assert "no page for: Carl Öz" in ended.err


def test_who_has_a_mark_and_no_page_is_named(autograder: Run, folder: Path) -> None:
    (folder / "results" / "feedback" / "ada.html").unlink()
    ended = autograder(*COMMAND)
    assert set(imported(folder / "feedback.zip")) == {502, 504}
    assert "no page for: Ada_Mae Lovelace, Carl Öz" in ended.err


def test_the_same_pages_give_the_same_bytes(autograder: Run, folder: Path) -> None:
    autograder(*COMMAND)
    first = (folder / "feedback.zip").read_bytes()
    autograder(*COMMAND)
    assert (folder / "feedback.zip").read_bytes() == first


def test_without_names_moodles_folders_have_numbers_alone(autograder: Run, folder: Path) -> None:
    (folder / "moodle.csv").write_text("Identifier,Status,Grade\nParticipant 504,Submitted,\n", encoding="utf-8")
    assert autograder(*COMMAND).status == 0
    assert {number: name for number, (name, _) in imported(folder / "feedback.zip").items()} == {504: "Participant"}


def test_pages_older_than_the_marks_do_not_leave(autograder: Run, folder: Path) -> None:
    page = folder / "results" / "feedback" / "bea.html"
    overrides = folder / "results" / "overrides.csv"
    overrides.write_text("student,exercise,points\nbea,kl,1\n")
    os.utime(overrides, (page.stat().st_mtime + 60, page.stat().st_mtime + 60))
    ended = autograder(*COMMAND)
    assert (ended.status, (folder / "feedback.zip").exists()) == (2, False)
    assert "pages are older than the marks that they show: ada, bea," in ended.complaint.replace("Dora Zoë, ", "")
    assert "`autograder report results` makes them anew" in ended.complaint


def test_without_pages_it_says_what_makes_them(autograder: Run, folder: Path) -> None:
    for page in (folder / "results" / "feedback").iterdir():
        page.unlink()
    ended = autograder(*COMMAND)
    assert (ended.status, (folder / "feedback.zip").exists()) == (2, False)
    assert "feedback holds no pages; `autograder report results` makes them" in ended.complaint


def test_another_table_is_no_worksheet(autograder: Run, folder: Path) -> None:
    (folder / "moodle.csv").write_text("Student,ID\nAda,1\n", encoding="utf-8")
    ended = autograder(*COMMAND)
    assert (ended.status, (folder / "feedback.zip").exists()) == (2, False)
    assert "is no grading worksheet of Moodle" in ended.complaint
