"""The course as an instructor runs it with nbgrader, and its marks beside those of ``autograder grade``."""

import shutil

import pytest
from courses import ROOT, SAMPLES, Place, PlaceOfUsers, new_place

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return new_place(tmp_path_factory.mktemp("nbgrader"), PlaceOfUsers)


def test_every_step_of_the_course_runs(place: Place) -> None:
    student = place.root / "student"
    student.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", student)
    place.nbgrader("course", "generate_assignment", "autoencoders", "--force")
    place.nbgrader("course", "release_assignment", "autoencoders")
    place.nbgrader("student", "fetch_assignment", "autoencoders", "--course", "autoencoders")
    fetched = student / "autoencoders" / "autoencoders.ipynb"
    assert fetched.read_bytes() == (ROOT / "notebooks" / "autoencoders" / "autoencoders.ipynb").read_bytes()

    shutil.copy(SAMPLES / "student-06" / "autoencoders" / "autoencoders.ipynb", fetched)
    place.nbgrader("student", "submit", "autoencoders", "--course", "autoencoders")
    place.nbgrader("course", "collect", "autoencoders")
    place.nbgrader("course", "autograde", "autoencoders", "--Grade.sandbox=best")
    place.nbgrader("course", "generate_feedback", "autoencoders")
    (feedback,) = (place.course / "feedback").glob("*/autoencoders/autoencoders.html")
    assert "nothing random is in it" in feedback.read_text(encoding="utf-8")
    place.nbgrader("course", "release_feedback", "autoencoders")
    place.nbgrader("student", "fetch_feedback", "autoencoders", "--course", "autoencoders")
    assert list((student / "autoencoders" / "feedback").rglob("*.html"))
    assert list(place.exported().values()) == [13.5]


def test_nbgrader_and_autograder_give_the_same_points(place: Place) -> None:
    shutil.rmtree(place.course / "submitted", ignore_errors=True)
    shutil.copytree(SAMPLES, place.course / "submitted")
    (place.course / "gradebook.db").unlink(missing_ok=True)
    (place.course / "autograder.salt").write_text("a secret of this course", encoding="utf-8")
    place.nbgrader("course", "generate_assignment", "autoencoders", "--force")
    place.nbgrader("course", "autograde", "autoencoders", "--force", "--Grade.sandbox=best")
    exported = place.exported()
    assert exported == place.graded()
    assert len(exported) == 10
