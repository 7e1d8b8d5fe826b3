"""A folder of results, read back as a class."""

from dataclasses import replace
from pathlib import Path

import pytest
from results_folder import COURSE, full_marks, write_class

from autograder.errors import UsageError
from autograder.reports.class_csv import ClassRow, class_csv
from autograder.reports.class_results import read_class
from autograder.submissions.class_list import Listed


def test_a_class_is_read_as_it_was_written(tmp_path: Path) -> None:
    person = Listed("Ada Lovelace", ("12",), "ada@x.de", "A")
    ada = ClassRow("=ada", full_marks("=ada"), "2026-01-02 03:04:05 UTC", True, person)
    bob = ClassRow("+bob", listed=Listed("+bob", ("13",)), remark="nothing was handed in")
    write_class(tmp_path, [ada, bob])
    first, second = read_class(tmp_path).students
    assert (first.student, first.remark, first.result) == ("+bob", "nothing was handed in", None)
    assert (second.student, second.result, second.file) == ("=ada", ada.result, "%3Dada")
    assert (second.handed_in, second.late, second.listed) == (ada.handed_in, True, person)
    assert first.mark is not None
    assert second.mark is not None
    assert (first.mark.points, first.mark.max_points, second.mark.points) == (None, 15, 15)


def test_what_is_damaged_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    write_class(tmp_path, [ClassRow(name, full_marks(name)) for name in ("ada", "bea", "carl")])
    (tmp_path / "bea.json").write_text("{")
    (tmp_path / "carl.json").unlink()
    read = read_class(tmp_path)
    assert [(one.student, one.result is None) for one in read.students] == [
        ("ada", False), ("bea", True), ("carl", True),
    ]  # fmt: skip
    [line] = read.damaged
    assert line.startswith(str(tmp_path / "bea.json"))
    assert all("grading again mends that" in one.remark for one in read.students[1:])


@pytest.mark.parametrize("text", ["", "\x00", "a,b\n1,2\n", "student\n\xff"])
def test_without_a_readable_class_file_the_results_are_the_class(tmp_path: Path, text: str) -> None:
    write_class(tmp_path, [ClassRow("ada", full_marks("ada"))])
    (tmp_path / "class.csv").write_bytes(text.encode("latin-1"))
    read = read_class(tmp_path)
    assert [one.student for one in read.students] == ["ada"]
    assert read.not_of_last_run == ()
    assert "class.csv cannot be read" in read.damaged[0]
    (tmp_path / "class.csv").unlink()
    assert read_class(tmp_path).damaged == read_class(tmp_path).not_of_last_run == ()


def test_results_of_another_run_are_there_and_named(tmp_path: Path) -> None:
    write_class(tmp_path, [ClassRow("ada", full_marks("ada")), ClassRow("bea", full_marks("bea"))])
    (tmp_path / "class.csv").write_text(class_csv(COURSE, [ClassRow("bea", full_marks("bea"))]), encoding="utf-8")
    read = read_class(tmp_path)
    assert ([one.student for one in read.students], read.not_of_last_run) == (["ada", "bea"], ("ada",))


def test_two_students_whose_names_a_table_shows_alike_stay_two(tmp_path: Path) -> None:
    rows = [ClassRow(name, replace(full_marks(name), source=name)) for name in ("a  b", "a b")]
    write_class(tmp_path, rows)
    assert [one.student for one in read_class(tmp_path).students] == ["a  b", "a b"]


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no results"):
        read_class(tmp_path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_class(tmp_path / "missing")
