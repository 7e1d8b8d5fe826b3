"""What workers may read: installed packages, and nothing that the grader's surroundings bring in."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from autograder.course.installed import find_course
from autograder.engine import fleet, interpreter, readable
from autograder.engine.identity import Salt
from autograder.engine.levels import Level
from autograder.engine.options import Options
from autograder.errors import GraderFault, UsageError

COURSE = find_course("toy")
FOLDERS = """
import json
from autograder.engine.interpreter import workers_path
from autograder.engine.readable import readable_folders
print(json.dumps([list(workers_path()), list(map(str, readable_folders(workers_path())))]))
"""


def course_in(folder: Path) -> Path:
    """A course's folder as it is likely to look, with a package of the instructor's in it."""
    for name in ("solutions/autoencoders", "submitted/ada", "results", "helpers"):
        (folder / name).mkdir(parents=True)
    (folder / "autograder.salt").write_text("salt")
    (folder / "helpers" / "__init__.py").touch()
    return folder


@pytest.mark.parametrize("spelt", [":", "::", ":/x", ".", "", "<here>", "<above>:", "/usr:<here>", "solutions"])
def test_no_folder_of_a_course_gets_in_by_pythonpath(tmp_path: Path, spelt: str) -> None:
    here = course_in(tmp_path / "course")
    spelt = spelt.replace("<here>", str(here)).replace("<above>", str(tmp_path))
    environment = {**os.environ, "PYTHONPATH": spelt, "PYTHONSTARTUP": str(here), "PYTHONUSERBASE": str(here)}
    command = [sys.executable, "-c", FOLDERS]
    ran = subprocess.run(command, cwd=here, env=environment, capture_output=True, check=True, timeout=60)
    path, folders = json.loads(ran.stdout)
    assert not [entry for entry in path if entry in ("", "/x") or str(tmp_path) in entry]
    assert not [folder for folder in folders if Path(folder) in (here, *here.parents) or str(tmp_path) in folder]
    assert sysconfig.get_path("purelib") in folders


def test_an_editable_installation_opens_its_packages_and_nothing_beside_them(tmp_path: Path) -> None:
    here = course_in(tmp_path)
    (here / "helpers-1.0.dist-info").mkdir()
    found = [folder for folder in readable.readable_folders([str(here)]) if here in folder.parents]
    assert found == [here / "helpers", here / "helpers-1.0.dist-info"]


def test_the_standard_library_and_packages_are_open() -> None:
    found = readable.readable_folders(sys.path)
    for needed in (os.__file__, json.__file__, pytest.__file__):
        assert any(folder in Path(needed).resolve().parents for folder in found)
    assert Path("/") not in found
    assert not any(folder in (Path.home(), Path.cwd()) for folder in found)


def test_what_holds_judges_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / "site-packages"
    for name in ("other", "course/exercises", "grader/_bundled"):
        (packages / name).mkdir(parents=True)
    (packages / "single.py").touch()
    monkeypatch.setattr(readable, "_OUR_PACKAGE", packages / "grader")
    monkeypatch.setattr(sys, "path", [str(packages)])
    found = {path for path in readable.readable_files(packages / "course") if tmp_path in path.parents}
    assert found == {packages / "other", packages / "single.py"}


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with installed packages, and a course's in it."""
    folder = tmp_path / "site-packages"
    course_in(folder / "course")
    monkeypatch.setattr(readable, "workers_path", lambda: (str(folder),))
    return folder


@pytest.mark.parametrize("private", ["course/autograder.salt", "course/solutions", "course", "course/results-to-be"])
def test_nobody_grades_where_workers_could_read_what_is_private(packages: Path, private: str) -> None:
    options = Options(
        course=COURSE, level=Level.BEST, salt=Salt("a", True), private=(packages.parent, packages / private)
    )
    with pytest.raises(UsageError, match="to a folder of their own") as refused:
        fleet.source_for(options)
    assert str(packages) in str(refused.value)
    assert str(packages / private) in str(refused.value)


def test_a_link_to_a_private_folder_makes_no_difference(packages: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(packages / "course")
    with pytest.raises(UsageError, match="link"):
        readable.refuse_private([tmp_path / "link" / "autograder.salt"])


def test_a_course_beside_packages_or_above_them_is_graded(packages: Path, tmp_path: Path) -> None:
    """As a virtual environment lies in a course's folder."""
    readable.refuse_private([tmp_path, tmp_path / "autograder.salt", packages.parent / "submitted"])


def test_an_interpreter_that_does_not_start_is_a_fault_of_the_grader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(interpreter.ENVIRONMENT, "PYTHONHOME", "/nowhere")
    with pytest.raises(GraderFault, match="doctor"):
        interpreter.workers_path.__wrapped__()
