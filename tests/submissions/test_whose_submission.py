"""Whose a submission is, in every form in which a class comes, and which of a student's notebooks counts."""

import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from submissions import Notebook, code, right, save, stub

from autograder.course.installed import own_course
from autograder.errors import GraderFault, UsageError
from autograder.submissions.finding.archives import Unpacker
from autograder.submissions.finding.find import Found, find_submissions
from autograder.submissions.submission import read_submission

ASSIGNMENT, NAME = "autoencoders", "autoencoders.ipynb"
RELEASE = own_course().release
RIGHT = json.dumps(right()).encode()


def other() -> Notebook:
    return {"cells": [code("print('problem 2')", "problem_2", solution=True)], "metadata": {}, "nbformat": 4}


def put(folder: Path, files: Iterable[str]) -> Path:
    for name in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(RIGHT)
    return folder


def pack(path: Path, members: Mapping[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def find(*paths: Path) -> dict[str, Found]:
    with Unpacker() as unpacker:
        found = find_submissions(paths, ASSIGNMENT, RELEASE, unpacker)
        for one in found:
            assert one.problem or one.path.is_file(), one
    assert len({one.student for one in found}) == len(found)
    return {one.student: one for one in found}


def sources(*paths: Path) -> dict[str, str]:
    return {student: found.source for student, found in find(*paths).items()}


FORMS: dict[str, tuple[list[str], dict[str, str]]] = {
    "nbgrader": (["ada/autoencoders/x.ipynb", "ada/ps2/p.ipynb"], {"ada": "ada/autoencoders/x.ipynb"}),
    "flat": (["ada.ipynb", "Bea Müller.IPYNB", "c.ipynb.json", "d.ipynb.txt"], {
        "ada": "ada.ipynb", "Bea Müller": "Bea Müller.IPYNB", "c": "c.ipynb.json", "d": "d.ipynb.txt",
    }),
    "unzipped twice": (["ada/autoencoders/autoencoders/x.ipynb"], {"ada": "ada/autoencoders/autoencoders/x.ipynb"}),
    "wrapped": (["submitted/ada/a.ipynb", "submitted/bea/b.ipynb"], {"ada": "ada/a.ipynb", "bea": "bea/b.ipynb"}),
    "wrapped twice": (["in/in/ada/a.ipynb", "in/in/bea/b.ipynb"], {"ada": "ada/a.ipynb", "bea": "bea/b.ipynb"}),
    "one student": (["ada/a.ipynb"], {"ada": "ada/a.ipynb"}),
    "a class in the assignment's folder": (["autoencoders/ada/a.ipynb", "autoencoders/bea/b.ipynb"], {
        "ada": "ada/a.ipynb", "bea": "bea/b.ipynb",
    }),
    "moodle": ([
        "Ada Lovelace_12345_assignsubmission_file_/autoencoders.ipynb",
        "Bea B_12346_assignsubmission_file/sub/mine.ipynb",
        "Participant_77_assignsubmission_file_/x.ipynb",
    ], {
        "Ada Lovelace": "Ada Lovelace_12345_assignsubmission_file_/autoencoders.ipynb",
        "Bea B": "Bea B_12346_assignsubmission_file/sub/mine.ipynb",
        "Participant 77": "Participant_77_assignsubmission_file_/x.ipynb",
    }),
    "moodle, a text beside": ([
        "Ada_1_assignsubmission_onlinetext_/onlinetext.html", "Ada_1_assignsubmission_file_/a.ipynb",
    ], {"Ada": "Ada_1_assignsubmission_file_/a.ipynb"}),
    "moodle, two of one name": (["Ada_1_assignsubmission_file_/a.ipynb", "Ada_2_assignsubmission_file_/a.ipynb"], {
        "Ada (1)": "Ada_1_assignsubmission_file_/a.ipynb", "Ada (2)": "Ada_2_assignsubmission_file_/a.ipynb",
    }),
    "moodle, flat": (["Ada_1_assignsubmission_file_a.ipynb"], {"Ada": "Ada_1_assignsubmission_file_a.ipynb"}),
    "canvas": ([
        "lovelaceada_12_345_a.ipynb", "müllerbea_LATE_13_346_a.ipynb", "o-haracarl_14_347_a-2.ipynb",
    ], {
        "lovelaceada_12": "lovelaceada_12_345_a.ipynb",
        "müllerbea_13": "müllerbea_LATE_13_346_a.ipynb",
        "o-haracarl_14": "o-haracarl_14_347_a-2.ipynb",
    }),
    "canvas, handed in anew": (["a_1_10_x.ipynb", "a_1_12_x-2.ipynb", "a_1_11_x-1.ipynb"], {"a_1": "a_1_12_x-2.ipynb"}),
    "canvas, anonymous": (["anon_7f_345_a.ipynb", "LATE_anon_8a_346_a.ipynb"], {
        "anon_7f": "anon_7f_345_a.ipynb", "anon_8a": "LATE_anon_8a_346_a.ipynb",
    }),
    "not canvas": (["group_1_2_notes.ipynb", "ada.ipynb"], {
        "group_1_2_notes": "group_1_2_notes.ipynb", "ada": "ada.ipynb",
    }),
    "ilias": (["multi_feedback_VAE_12/lovelace_ada_alov_55/a.ipynb"], {
        "lovelace_ada_alov_55": "lovelace_ada_alov_55/a.ipynb",
    }),
    "blackboard": ([
        "Homework_ada1_attempt_2026-01-02-03-04-05_a.ipynb", "Homework_ada1_attempt_2026-01-03-03-04-05_a.ipynb",
        "Homework_ada1_attempt_2026-01-03-03-04-05.txt",
    ], {"ada1": "Homework_ada1_attempt_2026-01-03-03-04-05_a.ipynb"}),
    "left by systems": ([
        "__MACOSX/ada/._a.ipynb", "ada/__MACOSX/x.ipynb", "ada/.ipynb_checkpoints/y.ipynb", "ada/a.ipynb",
    ], {"ada": "ada/a.ipynb"}),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), FORMS.values(), ids=FORMS)
def test_every_form_of_a_class_names_its_students(tmp_path: Path, files: list[str], expected: dict[str, str]) -> None:
    assert sources(put(tmp_path / "in", files)) == expected


@pytest.mark.parametrize(("files", "expected"), FORMS.values(), ids=FORMS)
def test_a_zip_file_of_it_does_as_well(tmp_path: Path, files: list[str], expected: dict[str, str]) -> None:
    members = dict.fromkeys(files, RIGHT)
    assert sources(pack(tmp_path / "in.zip", members)) == expected
    around = {f"in/{name}": content for name, content in members.items()}
    assert sources(pack(tmp_path / "again" / "in.zip", around)) == expected


def test_a_students_zip_is_opened_where_it_lies(tmp_path: Path) -> None:
    held = {
        f"hw/{NAME}": RIGHT,
        "hw/.ipynb_checkpoints/x.ipynb": b"",
        "__MACOSX/._x.ipynb": b"",
        "hw/helper.py": b"x = 1",
    }
    pack(tmp_path / "in" / "ada" / ASSIGNMENT / "hw.zip", held)
    pack(tmp_path / "in" / "bea.zip", held)
    pack(tmp_path / "in" / "Carl_3_assignsubmission_file_/x.ZIP", held)
    assert sources(tmp_path / "in") == {
        "ada": f"ada/{ASSIGNMENT}/hw.zip/hw/{NAME}",
        "bea": f"bea.zip/hw/{NAME}",
        "Carl": f"Carl_3_assignsubmission_file_/x.ZIP/hw/{NAME}",
    }
    with Unpacker() as unpacker:
        [ada, *_] = [
            one for one in find_submissions([tmp_path / "in"], ASSIGNMENT, RELEASE, unpacker) if one.student == "ada"
        ]
        assert ada.folder is not None
        assert (ada.folder / "helper.py").read_bytes() == b"x = 1"
        assert unpacker.folder.stat().st_mode & 0o077 == 0
    assert not unpacker.folder.exists()


def test_a_class_zip_may_be_called_like_a_file_of_canvas(tmp_path: Path) -> None:
    held = pack(tmp_path / "hw_2_3_final.zip", {"ada/a.ipynb": RIGHT, "bea/b.ipynb": RIGHT})
    assert sources(held) == {"ada": "ada/a.ipynb", "bea": "bea/b.ipynb"}
    one = pack(tmp_path / "lovelaceada_12_345_hw.zip", {NAME: RIGHT})
    assert sources(one) == {"lovelaceada_12": f"lovelaceada_12_345_hw.zip/{NAME}"}


def test_a_file_without_a_folder_of_its_own_has_no_files_beside_it(tmp_path: Path) -> None:
    found = find(put(tmp_path / "in", ["Ada_1_assignsubmission_file_a.ipynb", "Bea_2_assignsubmission_file_/b.ipynb"]))
    assert found["Ada"].folder is None
    assert found["Bea"].folder == tmp_path / "in" / "Bea_2_assignsubmission_file_"


def bomb() -> bytes:
    return b" " * (64 << 20)


def encrypted(path: Path) -> None:
    data = bytearray(pack(path, {NAME: RIGHT}).read_bytes())
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + flags] |= 1
    path.write_bytes(data)


def link(path: Path) -> None:
    member = zipfile.ZipInfo(NAME)
    member.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "/etc/passwd")


BAD_ZIPS = {
    "broken": (lambda path: path.write_bytes(b"PK\x03\x04 and no more"), "hw.zip is broken"),
    "cut": (lambda path: path.write_bytes(pack(path, {NAME: RIGHT}).read_bytes()[:-30]), "hw.zip is broken"),
    "encrypted": (encrypted, "hw.zip is encrypted"),
    "parent": (lambda path: pack(path, {f"../../{NAME}": RIGHT}), "names that lead out of it"),
    "absolute": (lambda path: pack(path, {f"/tmp/{NAME}": RIGHT}), "names that lead out of it"),
    "drive": (lambda path: pack(path, {f"C:\\tmp\\{NAME}": RIGHT}), "names that lead out of it"),
    "backslashes": (lambda path: pack(path, {f"..\\{NAME}": RIGHT}), "names that lead out of it"),
    "link": (link, f"{NAME} in hw.zip is a link"),
    "bomb": (lambda path: pack(path, {NAME: bomb()}), "out of almost nothing"),
    "too many": (lambda path: pack(path, {f"{number}.txt": b"" for number in range(5001)}), "5,001 files"),
}


@pytest.mark.parametrize(("make", "said"), BAD_ZIPS.values(), ids=BAD_ZIPS)
def test_a_zip_that_is_not_unpacked_is_its_students_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make, said: str
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # zip files are unpacked there
    home = put(tmp_path / "out" / "in", ["ada/a.ipynb", "bea/b.ipynb", "carl/note.txt"])
    make(home / "carl" / "hw.zip")
    make(home / "bea" / "hw.zip")
    before = set(tmp_path.rglob("*"))
    found = find(home)
    assert list(found) == ["ada", "bea", "carl"]
    assert said in found["carl"].problem
    assert (found["bea"].source, found["bea"].problem) == ("bea/b.ipynb", "")
    assert said in found["bea"].flags[0]
    assert set(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("case", ["broken", "cut", "encrypted", "parent", "absolute"])
def test_a_class_zip_that_cannot_be_read_is_refused(tmp_path: Path, case: str) -> None:
    make, said = BAD_ZIPS[case]
    make(tmp_path / "hw.zip")
    with pytest.raises(UsageError, match=said):
        find(tmp_path / "hw.zip")


def test_one_file_too_many_in_a_class_zip_is_its_students_alone(tmp_path: Path) -> None:
    pack(tmp_path / "in.zip", {"ada/a.ipynb": RIGHT, "bea/b.ipynb": bomb(), "carl.ipynb": bomb()})
    found = find(tmp_path / "in.zip")
    assert found["ada"].problem == ""
    assert all("out of almost nothing" in found[student].problem for student in ("bea", "carl"))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "no notebook was handed in: the folder is empty"),
        (["autoencoders/solution.py"], "no notebook was handed in, only solution.py; hand in the .ipynb file itself"),
        (["a.py", "b.py", "c.pdf", "d.txt"], "only a.py, b.py, c.pdf and 1 more"),
        (["hw.7z"], "only hw.7z"),
        (["sub/.ipynb_checkpoints/a-checkpoint.ipynb", ".DS_Store"], "handed in, only .DS_Store, .ipynb_checkpoints"),
    ],
)
def test_a_student_without_a_notebook_has_a_row_that_says_what_there_is(
    tmp_path: Path, files: list[str], said: str
) -> None:
    (put(tmp_path / "in", ["ada/a.ipynb"]) / "bea").mkdir()
    put(tmp_path / "in" / "bea", files)
    found = find(tmp_path / "in")
    assert list(found) == ["ada", "bea"]
    assert said in found["bea"].problem


def test_a_folder_of_data_beside_flat_files_is_nobodys(tmp_path: Path) -> None:
    put(tmp_path / "in", ["ada.ipynb", "bea.ipynb", "data/digits.gz"])
    assert list(find(tmp_path / "in")) == ["ada", "bea"]


def test_a_folder_that_holds_no_class_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "in", ["music/a.mp3", "pictures/b.png"])
    with pytest.raises(UsageError, match="holds no notebooks"):
        find(tmp_path / "in")


def test_a_link_to_another_students_folder_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path / "in", ["ada/a.ipynb"])
    (tmp_path / "in" / "mallory").symlink_to("ada", target_is_directory=True)
    found = find(tmp_path / "in")
    assert found["ada"].source == "ada/a.ipynb"
    assert "mallory is a link" in found["mallory"].problem


NAMES = ["Smith, J.", "a:b", "=SUM(A1)", "-rf", "CON", "a\nb", "ä" * 120, "%41", "a*?", "x y", "学生"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.skipif(os.name == "nt", reason="such names are not to be had there")
def test_any_name_that_a_file_system_allows_is_a_students(tmp_path: Path, name: str) -> None:
    assert list(find(put(tmp_path / "in", [f"{name}/autoencoders/a.ipynb"]))) == [name]


def test_a_name_that_is_no_text_is_read_as_what_wrote_it(tmp_path: Path) -> None:
    assert list(find(put(tmp_path / "in", [os.fsdecode(b"jos\xe9") + "/a.ipynb"]))) == ["josé"]


def notebook(*solved: str) -> Notebook:
    """The stub with some cells of the right one."""
    both = stub(), right()
    texts = {one["metadata"].get("nbgrader", {}).get("grade_id"): one["source"] for one in both[1]["cells"]}
    for one in both[0]["cells"]:
        if (name := one["metadata"].get("nbgrader", {}).get("grade_id")) in solved:
            one["source"] = texts[name]
    return both[0]


CHOICES: dict[str, tuple[dict[str, Notebook], str, str]] = {
    "released name": ({NAME: notebook("encoder"), "copy.ipynb": notebook("encoder")}, NAME, "and not copy.ipynb"),
    "released name, another further done": (
        {NAME: notebook(), "autoencoders-Copy1.ipynb": right()},
        NAME,
        "look which notebook is meant: autoencoders-Copy1.ipynb has 6 exercises begun and autoencoders.ipynb, which "
        "counts, none",
    ),
    "most cells": (
        {"a.ipynb": {**stub(), "cells": stub()["cells"][:16]}, "b.ipynb": notebook()}, "b.ipynb", "and not a.ipynb",
    ),
    "most begun": (
        {"a.ipynb": notebook("encoder"), "b.ipynb": notebook("encoder", "decoder")}, "b.ipynb", "and not a.ipynb",
    ),
    "the assignment's folder": (
        {f"old/{NAME}": right(), "autoencoders/x.ipynb": right()}, "autoencoders/x.ipynb", f"and not old/{NAME}",
    ),
    "broken": ({NAME: {}, "b.ipynb": right()}, "b.ipynb", f"and not {NAME}"),
    "saved by a browser": (
        {"autoencoders.ipynb.json": right(), "x.ipynb": right()}, "autoencoders.ipynb.json", "x.ipynb",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "chosen", "flag"), CHOICES.values(), ids=CHOICES)
def test_of_several_notebooks_one_counts_and_a_flag_names_the_others(
    tmp_path: Path, files: dict[str, Notebook], chosen: str, flag: str
) -> None:
    for name, content in files.items():
        save(content, tmp_path / "in" / "ada" / name)
    [ada] = find(tmp_path / "in").values()
    assert ada.source == f"ada/{chosen}"
    assert flag in "; ".join(ada.flags)
    assert len(ada.flags) == (2 if "look" in flag else 1)


def test_other_assignments_are_passed_over_without_a_flag(tmp_path: Path) -> None:
    save(other(), tmp_path / "in" / "ada" / "ps2" / "autoencoders.ipynb")
    save(right(), tmp_path / "in" / "ada" / "mine.ipynb")
    [ada] = find(tmp_path / "in").values()
    assert (ada.source, ada.flags, ada.elsewhere) == ("ada/mine.ipynb", (), ("ada/ps2/autoencoders.ipynb",))


def test_a_notebook_of_another_assignment_is_not_ours_for_a_class_of_the_same_name(tmp_path: Path) -> None:
    same = {"cells": [code("class Encoder:\n    pass", "problem_2", solution=True)], "metadata": {}, "nbformat": 4}
    path = save(same, tmp_path / "a.ipynb")
    assert "another assignment" in read_submission(path, "ada", ASSIGNMENT, RELEASE).problem
    save({**same, "cells": [code("class Encoder:\n    pass")]}, path)
    assert read_submission(path, "ada", ASSIGNMENT, RELEASE).problem == ""


def test_hundreds_of_notebooks_of_one_student_hold_up_nobody(tmp_path: Path) -> None:
    for number in range(300):
        save({}, tmp_path / "in" / "ada" / f"{number:03}.ipynb")
    save(right(), tmp_path / "in" / "ada" / NAME)
    [ada] = find(tmp_path / "in").values()
    assert ada.source == f"ada/{NAME}"
    assert "and 297 more" in ada.flags[0]


def test_when_it_was_handed_in_is_told_where_somebody_has_noted_it(tmp_path: Path) -> None:
    put(tmp_path / "in", ["ada/autoencoders/a.ipynb", "bea/b.ipynb"])
    (tmp_path / "in" / "ada" / "autoencoders" / "timestamp.txt").write_text("2026-01-02 03:04:05 UTC\n")
    found = find(tmp_path / "in")
    assert (found["ada"].handed_in, found["bea"].handed_in) == ("2026-01-02 03:04:05 UTC", "")
    late = find(put(tmp_path / "canvas", ["a_LATE_1_10_x.ipynb", "b_2_11_x.ipynb"]))
    assert (late["a_1"].late, late["b_2"].late) == (True, False)


@pytest.mark.skipif(os.name == "nt", reason="there are no such limits")
def test_a_machine_that_has_no_room_to_unpack_is_no_students_fault(tmp_path: Path) -> None:
    import resource

    pack(tmp_path / "in" / "ada" / "hw.zip", {NAME: RIGHT})
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))  # it stands in for a full disk
    try:
        with pytest.raises(GraderFault, match=r"cannot be unpacked to .*: File too large; TMPDIR"):
            find(tmp_path / "in")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("where", ["timestamp.txt", "autoencoders/mine/timestamp.txt"])
def test_a_time_that_a_student_has_noted_counts_for_nothing(tmp_path: Path, where: str) -> None:
    """Late work would be early then; nbgrader's own note lies in the assignment's folder."""
    save(right(), tmp_path / "in" / "ada" / "autoencoders" / "mine" / "autoencoders.ipynb")
    (tmp_path / "in" / "ada" / where).write_text("2020-01-02 03:04:05 UTC\n")
    [one] = find(tmp_path / "in").values()
    assert one.handed_in == ""
