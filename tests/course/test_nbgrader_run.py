"""The course as an instructor runs it with nbgrader, and its marks beside those of ``autograder grade``."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

COURSE = Path(__file__).parents[2]
SAMPLES = COURSE / "examples" / "submitted"
BROKEN = "student-10"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the course, and what Jupyter keeps for its user."""
    root = tmp_path_factory.mktemp("nbgrader")
    course = root / "course"
    course.mkdir()
    for name in ("solutions", "notebooks"):
        shutil.copytree(COURSE / name, course / name)
    shutil.copy(COURSE / "nbgrader_config.py", course)
    (root / "exchange").mkdir(mode=0o777)
    (root / "exchange").chmod(0o777)
    return root


def nbgrader(place: Path, folder: str, *arguments: str) -> str:
    """Run nbgrader in a folder; its log, once it has ended well."""
    home = {"HOME": str(place), "JUPYTER_CONFIG_DIR": str(place / "jupyter"), "JUPYTER_DATA_DIR": str(place / "data")}
    command = [sys.executable, "-m", "nbgrader", *arguments, f"--Exchange.root={place / 'exchange'}"]
    done = subprocess.run(
        command, cwd=place / folder, env={**os.environ, **home}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


def points(course: Path) -> dict[str, float]:
    with (course / "grades.csv").open(encoding="utf-8") as file:
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def test_every_step_of_the_course_runs(place: Path) -> None:
    student = place / "student"
    student.mkdir()
    shutil.copy(COURSE / "nbgrader_config.py", student)
    nbgrader(place, "course", "generate_assignment", "autoencoders", "--force")
    nbgrader(place, "course", "release_assignment", "autoencoders")
    nbgrader(place, "student", "fetch_assignment", "autoencoders", "--course", "autoencoders")
    fetched = student / "autoencoders" / "autoencoders.ipynb"
    assert fetched.read_bytes() == (COURSE / "notebooks" / "autoencoders" / "autoencoders.ipynb").read_bytes()

    shutil.copy(SAMPLES / "student-06" / "autoencoders" / "autoencoders.ipynb", fetched)
    nbgrader(place, "student", "submit", "autoencoders", "--course", "autoencoders")
    nbgrader(place, "course", "collect", "autoencoders")
    nbgrader(place, "course", "autograde", "autoencoders")
    nbgrader(place, "course", "generate_feedback", "autoencoders")
    (feedback,) = (place / "course" / "feedback").glob("*/autoencoders/autoencoders.html")
    assert "nothing random is in it" in feedback.read_text(encoding="utf-8")
    nbgrader(place, "course", "release_feedback", "autoencoders")
    nbgrader(place, "student", "fetch_feedback", "autoencoders", "--course", "autoencoders")
    assert list((student / "autoencoders" / "feedback").rglob("*.html"))
    nbgrader(place, "course", "export")
    assert list(points(place / "course").values()) == [13.5]


def test_nbgrader_and_autograder_give_the_same_points(place: Path) -> None:
    course = place / "course"
    shutil.rmtree(course / "submitted", ignore_errors=True)
    shutil.copytree(SAMPLES, course / "submitted", ignore=shutil.ignore_patterns(BROKEN))
    (course / "gradebook.db").unlink(missing_ok=True)
    nbgrader(place, "course", "generate_assignment", "autoencoders", "--force")
    nbgrader(place, "course", "autograde", "autoencoders", "--force")
    nbgrader(place, "course", "export")

    grade = "from autograder.cli import main; main()"
    command = [
        sys.executable,
        "-c",
        grade,
        "grade",
        "submitted",
        "--results",
        "results",
        "--sandbox",
        "best",
        "--quiet",
    ]
    subprocess.run(command, cwd=course, check=True)
    with (course / "results" / "class.csv").open(encoding="utf-8") as file:
        graded = {row["student"]: float(row["points"]) for row in csv.DictReader(file)}
    assert points(course) == graded
    assert len(graded) == 9
