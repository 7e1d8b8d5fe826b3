"""Building the students' notebooks, and seeing when they have drifted."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.nbgrader.build import BuildError, build, difference
from autograder.nbgrader.course_folder import UnreadableCourse

ROOT = Path(__file__).parents[2]
ASSIGNMENT = Path("autoencoders/autoencoders.ipynb")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    return tmp_path


@pytest.fixture
def release(course: Path) -> Path:
    return course / "notebooks" / ASSIGNMENT


def contents(course: Path) -> dict[Path, bytes]:
    return {path.relative_to(course): path.read_bytes() for path in course.rglob("*") if path.is_file()}


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_committed_notebooks_are_what_the_solutions_build() -> None:
    assert difference(ROOT) == ""


def test_build_makes_the_same_bytes_again(course: Path, release: Path) -> None:
    committed = release.read_bytes()
    release.unlink()
    assert build(course).written == (release,)
    assert release.read_bytes() == committed
    assert build(course).unchanged == (release,)


def test_build_touches_only_the_release(course: Path, release: Path) -> None:
    edit(release, "Exercise 1", "Exercise one")
    before, here = contents(course), Path.cwd()
    report = build(course)
    after = contents(course)
    assert report.written == (release,)
    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} == {
        Path("notebooks") / ASSIGNMENT
    }
    assert Path.cwd() == here


def test_build_leaves_files_that_it_does_not_make(course: Path) -> None:
    (own := course / "notebooks" / "autoencoders" / "own.txt").write_text("kept")
    build(course)
    assert own.read_text() == "kept"


@pytest.mark.parametrize("side", ["solutions", "notebooks"])
def test_drift_is_shown_in_the_words_of_the_cell(course: Path, side: str) -> None:
    edit(course / side / ASSIGNMENT, "return z.reshape((-1, 1, 28, 28))", "return z.reshape((-1, 28, 28))")
    shown = difference(course)
    old, new = ("", "1, ") if side == "notebooks" else ("1, ", "")
    assert f"-        return z.reshape((-1, {old}28, 28))" in shown.splitlines()
    assert f"+        return z.reshape((-1, {new}28, 28))" in shown.splitlines()


def test_a_change_within_a_solution_region_is_no_drift(course: Path) -> None:
    edit(course / "solutions" / ASSIGNMENT, "x_hat = autoencoder(x)", "x_hat = autoencoder.forward(x)")
    assert difference(course) == ""


def test_drift_in_the_bytes_alone_is_seen(course: Path, release: Path) -> None:
    notebook = json.loads(release.read_text(encoding="utf-8"))
    release.write_text(json.dumps(notebook), encoding="utf-8")
    assert "not the same bytes" in difference(course)


def test_missing_release_is_drift(course: Path, release: Path) -> None:
    release.unlink()
    assert "+### EXERCISE 1: Implement the Encoder ###" in difference(course)


def test_release_that_no_solution_makes_is_drift(course: Path, release: Path) -> None:
    shutil.copy(release, stray := release.with_name("old.ipynb"))
    assert difference(course) == f"{stray}: no solution makes this notebook"


def test_release_that_is_no_notebook_is_drift(course: Path, release: Path) -> None:
    release.write_text("<<<<<<< HEAD\n", encoding="utf-8")
    assert "-<<<<<<< HEAD" in difference(course).splitlines()


def test_other_files_of_an_assignment_are_released_too(course: Path) -> None:
    (course / "solutions" / "autoencoders" / "notes.txt").write_text("read me")
    notes = course / "notebooks" / "autoencoders" / "notes.txt"
    assert difference(course) == f"{notes}: not what the build makes"
    assert build(course).written == (notes,)


def test_folder_without_a_course_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCourse, match=r"no nbgrader_config\.py"):
        build(tmp_path)


def test_course_without_solutions_is_refused(course: Path) -> None:
    shutil.rmtree(course / "solutions")
    with pytest.raises(BuildError, match="holds no notebooks"):
        build(course)


def test_what_nbgrader_refuses_is_told(course: Path, release: Path) -> None:
    edit(course / "solutions" / ASSIGNMENT, "### END SOLUTION", "###")
    before = release.read_bytes()
    with pytest.raises(BuildError, match="a solution region begins within another"):
        build(course)
    assert release.read_bytes() == before


@pytest.mark.slow
def test_nbgraders_own_command_builds_the_same(course: Path, release: Path) -> None:
    committed = release.read_bytes()
    shutil.rmtree(course / "notebooks")
    # nbgrader calls alembic by its bare name when it makes a gradebook.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", "autoencoders"],
        cwd=course,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
    )
    assert release.read_bytes() == committed


def test_release_that_is_no_text_is_drift(course: Path, release: Path) -> None:
    release.write_bytes(b"\xff\xfe")
    assert difference(course)
