"""Students of one name: each has a row, whose name says which is which, and a flag that names the other."""

import json
import zipfile
from pathlib import Path

import pytest
from submissions import right, save

from autograder.course.installed import own_course
from autograder.submissions.finding.archives import Unpacker
from autograder.submissions.finding.find import Found, find_submissions

NAME = "autoencoders.ipynb"


def find(*paths: Path) -> dict[str, Found]:
    with Unpacker() as unpacker:
        found = find_submissions(paths, "autoencoders", own_course().release, unpacker)
    assert len({one.student for one in found}) == len(found)
    return {one.student: one for one in found}


def put(*paths: Path) -> None:
    for path in paths:
        save(right(), path)


def test_a_file_and_a_folder_of_one_name(tmp_path: Path) -> None:
    put(tmp_path / "ada.ipynb", tmp_path / "ada" / NAME, tmp_path / "bea" / NAME)
    found = find(tmp_path)
    assert {student: one.source for student, one in found.items()} == {
        "ada": f"ada/{NAME}",
        "ada.ipynb": "ada.ipynb",
        "bea": f"bea/{NAME}",
    }
    assert found["ada"].flags == ("look whether ada.ipynb is of the same student",)
    assert found["ada.ipynb"].flags == ("look whether ada is of the same student",)
    assert found["bea"].flags == ()


def test_files_that_differ_in_their_ends_alone(tmp_path: Path) -> None:
    put(tmp_path / "ada.ipynb", tmp_path / "ada.ipynb.txt")
    assert set(find(tmp_path)) == {"ada.ipynb", "ada.ipynb.txt"}


@pytest.mark.parametrize(
    ("one", "two", "named"),
    [
        ("monday", "tuesday", ("ada (monday)", "ada (tuesday)")),
        ("2026/in", "2027/in", ("ada (2026/in)", "ada (2027/in)")),
    ],
)
def test_students_of_one_name_in_two_classes(tmp_path: Path, one: str, two: str, named: tuple[str, str]) -> None:
    put(tmp_path / one / "ada.ipynb", tmp_path / two / "ada" / NAME, tmp_path / two / "bea" / NAME)
    found = find(tmp_path / one, tmp_path / two)
    assert set(found) == {*named, "bea"}
    assert found[named[0]].path == tmp_path / one / "ada.ipynb"
    assert found[named[0]].flags == (f"look whether {two}/ada is of the same student",)
    assert found[named[1]].path == tmp_path / two / "ada" / NAME


def test_a_folder_inside_the_other(tmp_path: Path) -> None:
    put(tmp_path / "in" / "ada.ipynb", tmp_path / "in" / "late" / "ada.ipynb", tmp_path / "in" / "late" / "b.ipynb")
    found = find(tmp_path / "in", tmp_path / "in" / "late")
    assert {"ada (in)", "ada (late)", "late", "b"} == set(found)


DIFFERS = (f"several notebooks: {NAME} counts, and not ada.zip/{NAME}",)


@pytest.mark.parametrize(("same", "flags"), [(True, ()), (False, DIFFERS)])
def test_a_zip_beside_what_was_unpacked_of_it_is_the_same_students(
    tmp_path: Path, same: bool, flags: tuple[str, ...]
) -> None:
    put(tmp_path / "ada" / NAME, tmp_path / "bea" / NAME)
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as packed:
        packed.writestr(NAME, json.dumps(right() if same else {**right(), "metadata": {"another": True}}))
    found = find(tmp_path)
    assert set(found) == {"ada", "bea"}
    assert found["ada"].source == f"ada/{NAME}"
    assert found["ada"].flags == flags
