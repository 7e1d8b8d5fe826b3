"""Marks of the command line in nbgrader's gradebook, read back through nbgrader."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbgrader.api import Course, Gradebook
from results_folder import COURSE, full_marks, write_class

from autograder.errors import UsageError
from autograder.nbgrader.export_marks import export_marks
from autograder.nbgrader.gradebook_place import gradebook_here
from autograder.reports.class_csv import ClassRow
from autograder.reports.class_results import read_class

pytestmark = pytest.mark.slow  # nbgrader takes seconds to make a gradebook


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gradebook that knows no assignment; nbgrader calls alembic by its bare name to make it."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
        Gradebook(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def gradebook(empty: Path, tmp_path: Path) -> Iterator[Gradebook]:
    """A gradebook that knows the assignment."""
    shutil.copy(empty, tmp_path)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment("autoencoders")
        gradebook.add_notebook("autoencoders", "autoencoders")
        for one in COURSE.exercises:
            worth = {"max_score": one.max_points, "cell_type": "code"}
            gradebook.add_grade_cell(one.test_cell, "autoencoders", "autoencoders", **worth)
        yield gradebook


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [ClassRow(name, full_marks(name), "2026-11-20 10:00:00 UTC") for name in ("ada", "bea", "carl")]
    write_class(tmp_path / "results", rows)
    return tmp_path / "results"


def test_scores_overrides_and_penalties_come_into_the_gradebook(
    gradebook: Gradebook, folder: Path, tmp_path: Path
) -> None:
    (folder / "overrides.csv").write_text("student,exercise,points\nbea,kl,0.5\ncarl,,3\n")
    (folder / "late.toml").write_text('due = "2026-11-20T09:00Z"\npenalty = "1 point per day"\n')
    for _ in range(2):  # again is no second mark
        recorded = export_marks(COURSE, read_class(folder), gradebook_here(tmp_path))
    assert (recorded.students, recorded.left_out) == (("ada", "bea"), ("carl",))
    gradebook.db.expire_all()
    ada, bea = (gradebook.find_submission("autoencoders", name) for name in ("ada", "bea"))
    assert (ada.score, ada.max_score, bea.score) == (15, 15, 13.5)
    assert [one.late_submission_penalty for one in ada.notebooks] == [1]
    assert gradebook.find_grade("test_kl", "autoencoders", "autoencoders", "bea").manual_score == 0.5


@pytest.mark.usefixtures("gradebook")
def test_the_configuration_says_which_gradebook_and_which_course(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "gradebook.db").rename(tmp_path / "another.db")
    url = f"sqlite:///{tmp_path / 'another.db'}"
    config = f"c = get_config()\nc.CourseDirectory.db_url = {url!r}\nc.CourseDirectory.course_id = 'ml'\n"
    (tmp_path / "nbgrader_config.py").write_text(config)
    export_marks(COURSE, read_class(folder), gradebook_here(tmp_path))
    with Gradebook(url, "ml") as there:
        assert {one.student.id for one in there.assignment_submissions("autoencoders")} == {"ada", "bea", "carl"}
        assert "ml" in {one.id for one in there.db.query(Course)}
    assert not (tmp_path / "gradebook.db").exists()


def test_a_gradebook_without_the_assignment_says_how_it_gets_there(folder: Path, empty: Path) -> None:
    with pytest.raises(UsageError, match="nbgrader generate_assignment autoencoders --force"):
        export_marks(COURSE, read_class(folder), gradebook_here(empty.parent))


def test_a_test_cell_of_other_worth_is_refused(gradebook: Gradebook, folder: Path, tmp_path: Path) -> None:
    gradebook.find_grade_cell("test_kl", "autoencoders", "autoencoders").max_score = 9
    gradebook.db.commit()
    with pytest.raises(UsageError, match="test_kl of autoencoders is worth 9, not 2"):
        export_marks(COURSE, read_class(folder), gradebook_here(tmp_path))
