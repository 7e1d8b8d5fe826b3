"""``autograder grade --course``: the instructor's notebook says what is asked, and what it is worth."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from submissions import ROOT, code, place, right, save

from autograder.course.cells import code_cells
from autograder.course.installed import own_course
from autograder.course.release import Release
from autograder.errors import UsageError
from autograder.nbgrader.course_folder import HandedOut, handed_out_here, run_by_nbgrader_alone

RELEASED = ROOT / "notebooks" / "autoencoders" / "autoencoders.ipynb"
CONFIG = "c = get_config()\nc.CourseDirectory.release_directory = 'out'\n"


def changed() -> dict[str, Any]:
    """The released notebook with a KL term worth five points and without an interpolation."""
    notebook: dict[str, Any] = json.loads(RELEASED.read_text(encoding="utf-8"))
    notebook["cells"][place(notebook, "test_kl")]["metadata"]["nbgrader"]["points"] = 5
    for name in ("interpolate", "test_interpolate"):
        del notebook["cells"][place(notebook, name)]
    return notebook


@pytest.fixture
def class_folder(tmp_path: Path) -> Path:
    """A class of one, whose notebook cannot be read: that needs no worker, and shows what was asked."""
    notebook = tmp_path / "class" / "ada" / "week-7" / "ae.ipynb"
    notebook.parent.mkdir(parents=True)
    notebook.write_text("{", encoding="utf-8")
    return tmp_path


def graded(autograder: Any, *options: str) -> dict[str, Any]:
    done = autograder("grade", "class", "--results", "results", "--sandbox", "none", "--quiet", *options)
    assert done.status == 0, done.err
    result: dict[str, Any] = json.loads(Path("results/ada.json").read_text(encoding="utf-8"))
    return result


@pytest.mark.parametrize(
    ("at", "option"),
    [
        ("release/week-7/ae.ipynb", ()),
        ("elsewhere/release/week-7/ae.ipynb", ("--course", "elsewhere")),
        ("elsewhere/release/week-7/ae.ipynb", ("--course", "elsewhere/release/week-7")),
        ("elsewhere/week-7/ae.ipynb", ("--course", "elsewhere/week-7")),
    ],
)
def test_the_release_of_the_course_counts(
    autograder: Any, class_folder: Path, at: str, option: tuple[str, ...]
) -> None:
    save(changed(), class_folder / at)
    if "release" in at:
        save(changed(), class_folder / at.replace("release", "source"))
    result = graded(autograder, *option)
    assert result["assignment"] == "week-7"
    assert {one["key"]: one["max_points"] for one in result["exercises"]}["kl"] == 5.0
    assert "interpolate" not in [one["key"] for one in result["exercises"]]
    assert result["max_points"] == 16.0


def test_nbgraders_configuration_says_where_it_lies(autograder: Any, class_folder: Path) -> None:
    save(changed(), class_folder / "out" / "week-7" / "ae.ipynb")
    (class_folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    assert graded(autograder)["max_points"] == 16.0


@pytest.mark.usefixtures("class_folder")
def test_without_a_course_the_bundled_one_counts(autograder: Any) -> None:
    assert graded(autograder)["max_points"] == 15.0


@pytest.mark.usefixtures("_one_fleet")
def test_other_points_are_graded_anew(autograder: Any, class_folder: Path) -> None:
    save(right(), class_folder / "class" / "ada" / "week-7" / "ae.ipynb")
    released = class_folder / "release" / "week-7" / "ae.ipynb"
    save(changed(), class_folder / "source" / "week-7" / "ae.ipynb")
    save(changed(), released)
    assert graded(autograder, "--sandbox", "best")["points"] == 16.0
    cheaper = changed()
    cheaper["cells"][place(cheaper, "test_kl")]["metadata"]["nbgrader"]["points"] = 1
    save(cheaper, released)
    assert graded(autograder, "--sandbox", "best")["points"] == 12.0


@pytest.mark.parametrize(
    ("prepare", "option", "said"),
    [
        (lambda _: None, ("--course", "nowhere"), "nowhere: there is no such folder of a course"),
        (lambda _: None, ("--course", "class"), "no notebook there has test cells of"),
        (lambda here: save(changed(), here / "source/week-7/ae.ipynb"), (), "nbgrader generate_assignment week-7"),
        (
            lambda here: [save(changed(), here / f"{kind}/{week}/ae.ipynb")
                          for kind in ("source", "release") for week in ("one", "two")],
            (), "several notebooks of the course: one/ae.ipynb, two/ae.ipynb",
        ),
        (lambda here: (here / "nbgrader_config.py").write_text("c = rot()"), (), "nbgrader_config.py cannot be run"),
    ],
)  # fmt: skip
def test_a_course_that_cannot_be_used_is_named_before_anything_runs(
    autograder: Any, class_folder: Path, prepare: Any, option: tuple[str, ...], said: str
) -> None:
    prepare(class_folder)
    done = autograder("grade", "class", "--results", "results", "--sandbox", "none", *option)
    assert done.status in (1, 2)
    assert said in done.err.replace("\n", " ")
    assert "Traceback" not in done.err
    assert not Path("results").exists()


@pytest.mark.parametrize("folder", ["source", "solutions"])
@pytest.mark.parametrize("given", ["{}", "{}/ada", "{}/ada/ae.ipynb"])
def test_students_notebooks_in_a_folder_called_like_an_instructors_are_no_course(
    tmp_path: Path, folder: str, given: str
) -> None:
    for student in ("ada", "bea"):
        save(right(), tmp_path / folder / student / "ae.ipynb")
    found = handed_out_here(own_course(), tmp_path, [tmp_path / given.format(folder)])
    assert found == HandedOut("autoencoders", own_course().release)
    with pytest.raises(UsageError, match="generate_assignment ada"):
        handed_out_here(own_course(), tmp_path, [tmp_path / "elsewhere"])
    release = tmp_path / {"source": "release", "solutions": "notebooks"}[folder] / "week-7" / "ae.ipynb"
    save(changed(), release)
    assert handed_out_here(own_course(), tmp_path, [tmp_path / folder]).assignment == "week-7"
    release.unlink()
    (tmp_path / "nbgrader_config.py").write_text(f"get_config().CourseDirectory.source_directory = {folder!r}")
    with pytest.raises(UsageError, match="generate_assignment ada"):
        handed_out_here(own_course(), tmp_path, [tmp_path / folder])


def test_an_instructors_own_notebook_is_not_graded_against_another_release(autograder: Any, tmp_path: Path) -> None:
    own = changed()
    own["cells"][place(own, "encoder")]["source"] = "### BEGIN SOLUTION\nclass Encoder: ...\n### END SOLUTION"
    save(own, tmp_path / "source" / "week-7" / "ae.ipynb")
    done = autograder("grade", "source", "--results", "results", "--sandbox", "none")
    assert done.status == 2
    assert "nbgrader generate_assignment week-7" in done.err.replace("\n", " ")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("### AUTOTEST f(1)\n### BEGIN HIDDEN TESTS\n### HASHED AUTOTEST f(2)\n### END HIDDEN TESTS", ("own",)),
        ("### AUTOTEST f(1)", ()),
        ("assert f(1)\n### BEGIN HIDDEN TESTS\nassert f(2)\n### END HIDDEN TESTS", ()),
    ],
)
def test_hidden_tests_that_only_nbgrader_has_are_known(source: str, told: tuple[str, ...]) -> None:
    notebook = {"cells": [code(source, "own", grade=True, solution=False, locked=True, points=2)]}
    own = Release("ae.ipynb", code_cells(notebook), notebook)
    assert run_by_nbgrader_alone(own) == told


def test_the_salt_lies_with_the_course(autograder: Any, class_folder: Path) -> None:
    save(changed(), class_folder / "elsewhere" / "release" / "week-7" / "ae.ipynb")
    shutil.copytree(class_folder / "elsewhere" / "release", class_folder / "elsewhere" / "source")
    (class_folder / "elsewhere" / "autograder.salt").write_text("secret", encoding="utf-8")
    assert graded(autograder, "--course", "elsewhere")["environment"]["salt"] == "own"
