"""Finding submissions, and the names of their results."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from autograder.course.installed import own_course
from autograder.errors import UsageError
from autograder.submissions.finding.archives import Unpacker
from autograder.submissions.finding.find import Found, find_submissions, student_of
from autograder.submissions.submission import read_submission

ASSIGNMENT = "autoencoders"
RELEASE = own_course().release
NOBODY = 65534


@pytest.fixture
def as_plain_user() -> Callable[[], AbstractContextManager[Path]]:
    """Gives a folder, and who uses it: root, whom no mode of a file keeps out, becomes somebody else meanwhile."""
    if not hasattr(os, "seteuid"):
        pytest.skip("files have no modes here")

    @contextmanager
    def plain() -> Iterator[Path]:
        with tempfile.TemporaryDirectory() as folder:
            if (user := os.geteuid()) == 0:
                os.chown(folder, NOBODY, -1)
                os.seteuid(NOBODY)
            try:
                yield Path(folder)
            finally:
                os.seteuid(user)

    return plain


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def find(*paths: Path) -> tuple[Found, ...]:
    with Unpacker() as unpacker:
        return find_submissions(paths, ASSIGNMENT, RELEASE, unpacker)


def students(*paths: Path) -> list[str]:
    return [found.student for found in find(*paths)]


def test_the_first_level_of_a_folder_names_the_students(tmp_path: Path) -> None:
    for student in ("bea", "ada"):
        touch(tmp_path / student / "autoencoders" / "autoencoders.ipynb")
    touch(tmp_path / "carl" / "autoencoders" / "renamed.ipynb")
    touch(tmp_path / "dan" / "dan müller.ipynb")
    touch(tmp_path / "eva" / "as" / "unpacked" / "a.ipynb")
    touch(tmp_path / "fay müller.ipynb")
    assert students(tmp_path) == ["ada", "bea", "carl", "dan", "eva", "fay müller"]


@pytest.mark.parametrize(
    "deeper", ["notes/alice.ipynb", "alice/autoencoders/autoencoders.ipynb", "autoencoders/alice/a.ipynb"]
)
@pytest.mark.parametrize("given", ["", "mallory", "mallory/autoencoders"])
def test_what_lies_deeper_never_names_another_student(tmp_path: Path, given: str, deeper: str) -> None:
    touch(tmp_path / "mallory" / "autoencoders" / "autoencoders.ipynb")
    touch(tmp_path / "mallory" / "autoencoders" / deeper)
    [found] = find(tmp_path / given)
    assert (found.student, found.source) == ("mallory", "mallory/autoencoders/autoencoders.ipynb")
    assert found.passed_over == (f"mallory/autoencoders/{deeper}",)


def test_where_a_notebook_lies_is_the_same_however_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = touch(tmp_path / "in" / "ada" / "autoencoders" / "a.ipynb")
    monkeypatch.chdir(path.parent)
    given = (tmp_path / "in", path.parents[1], path.parent, path, Path("a.ipynb"), Path())
    assert {find(one)[0].source for one in given} == {"ada/autoencoders/a.ipynb"}
    assert [one.student for one in find(*given)] == ["ada"]


def test_paths_may_be_mixed(tmp_path: Path) -> None:
    one = touch(tmp_path / "one" / "ada" / "autoencoders" / "a.ipynb")
    touch(tmp_path / "two" / "bea.ipynb")
    found = find(tmp_path / "two", one)
    assert [(each.student, each.path) for each in found] == [("ada", one), ("bea", tmp_path / "two" / "bea.ipynb")]


def test_a_student_is_told_from_where_the_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path / "ada" / "autoencoders" / "a.ipynb")
    monkeypatch.chdir(tmp_path / "ada" / "autoencoders")
    assert student_of(Path("a.ipynb"), ASSIGNMENT) == "ada"


def test_hidden_places_are_passed_over(tmp_path: Path) -> None:
    touch(tmp_path / "ada" / "autoencoders" / "a.ipynb")
    touch(tmp_path / "ada" / "autoencoders" / ".ipynb_checkpoints" / "a-checkpoint.ipynb")
    touch(tmp_path / "ada" / "autoencoders" / ".~a.ipynb")
    touch(tmp_path / ".trash" / "bea" / "autoencoders" / "a.ipynb")
    assert students(tmp_path) == ["ada"]


def test_a_hidden_folder_that_is_named_is_looked_into(tmp_path: Path) -> None:
    touch(tmp_path / ".hidden" / "ada.ipynb")
    assert students(tmp_path / ".hidden") == ["ada"]


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("ada.ipynb", "ada.py", "notes.txt", "bea.ipynb.bak"):
        touch(tmp_path / name)
    assert students(tmp_path) == ["ada"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("gone.ipynb", "does not exist"), ("empty", "holds no notebooks"), ("notes.txt", "is not a notebook")],
)
def test_what_is_no_notebook_is_refused_by_name(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    touch(tmp_path / "notes.txt")
    with pytest.raises(UsageError, match=said) as caught:
        find(touch(tmp_path / "fine.ipynb"), tmp_path / name)
    assert name in str(caught.value)


def test_of_several_notebooks_the_one_with_the_released_name_counts(tmp_path: Path) -> None:
    for name in ("a.ipynb", "autoencoders.ipynb", "deeper/autoencoders.ipynb"):
        touch(tmp_path / "ada" / "autoencoders" / name)
    [found] = find(tmp_path)
    assert found.source == "ada/autoencoders/autoencoders.ipynb"
    assert found.passed_over == ("ada/autoencoders/a.ipynb", "ada/autoencoders/deeper/autoencoders.ipynb")


@pytest.mark.parametrize(
    ("closed", "mode"),
    [
        *((folder, mode) for folder in ("bea", "bea/autoencoders") for mode in (0o000, 0o400, 0o600)),
        ("bea/autoencoders/autoencoders.ipynb", 0o000),
    ],
)
def test_a_place_that_cannot_be_entered_is_its_students_alone(
    as_plain_user: Callable[[], AbstractContextManager[Path]], closed: str, mode: int
) -> None:
    with as_plain_user() as folder:
        for student in ("ada", "bea", "carl"):
            touch(folder / student / "autoencoders" / "autoencoders.ipynb")
        (folder / closed).chmod(mode)
        found = find(folder)
        problems = [read_submission(one.path, one.student, ASSIGNMENT, RELEASE).problem for one in found]
        (folder / closed).chmod(0o700)
    assert [one.student for one in found] == ["ada", "bea", "carl"]
    assert problems[1] == "autoencoders.ipynb cannot be opened: Permission denied"
    assert problems[0] == problems[2] != problems[1]


def test_a_closed_folder_beside_a_notebook_makes_no_other_student(
    as_plain_user: Callable[[], AbstractContextManager[Path]],
) -> None:
    with as_plain_user() as folder:
        touch(folder / "ada" / "autoencoders" / "a.ipynb")
        for name in ("ada/notes", "ada/autoencoders/data"):
            (folder / name).mkdir(mode=0)
        assert students(folder) == ["ada"]


def test_a_folder_that_is_named_and_cannot_be_looked_into_is_refused(
    as_plain_user: Callable[[], AbstractContextManager[Path]],
) -> None:
    with as_plain_user() as folder:
        (folder / "class").mkdir(mode=0)
        with pytest.raises(UsageError, match="class cannot be read: Permission denied"):
            find(folder / "class")


def test_what_is_gone_since_it_was_found_is_named(tmp_path: Path) -> None:
    [found] = find(touch(tmp_path / "ada.ipynb"))
    found.path.unlink()
    gone = read_submission(found.path, "ada", ASSIGNMENT, RELEASE)
    assert gone.problem == "ada.ipynb cannot be opened: No such file or directory"
    assert len(gone.digest) == 64


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file that cannot be read is looked for in /proc")
def test_a_disk_that_fails_is_named() -> None:
    failing = read_submission(Path("/proc/self/mem"), "ada", ASSIGNMENT, RELEASE)
    assert failing.problem == "mem cannot be opened: Input/output error"
    assert len(failing.digest) == 64
