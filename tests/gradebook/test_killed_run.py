"""``nbgrader autograde`` killed in the middle: what was graded is kept whole, and the next run goes on."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from courses import Place, new_place
from submissions import add, right, save

from autograder.nbgrader import unfinished

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

STUDENTS = ("ada", "ben", "eve")


@pytest.mark.parametrize("moment", [".", "autoencoders.ipynb"])
def test_a_run_that_was_killed_keeps_what_it_has_and_the_next_one_goes_on(
    tmp_path_factory: pytest.TempPathFactory, moment: str
) -> None:
    """Killed as soon as the second student's folder is there, or has something in it."""
    place = new_place(tmp_path_factory.mktemp("killed"))
    for student in STUDENTS:
        save(right(), place.submitted(student))
    save(add(right(), "import time; time.sleep(6)", "encoder"), place.submitted("ben"))
    place.nbgrader("course", "generate_assignment", "autoencoders", "--force")
    run = subprocess.Popen(
        [sys.executable, "-m", "nbgrader", "autograde", "autoencoders", "--Grade.sandbox=best"],
        cwd=place.course,
        env={**os.environ, "HOME": str(place.root)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not points(place).get("ada"):
        assert run.poll() is None
        time.sleep(0.2)
    while not (place.course / "autograded" / "ben" / "autoencoders" / moment).exists():
        assert run.poll() is None
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait()

    with sqlite3.connect(place.course / "gradebook.db") as gradebook:
        assert gradebook.execute("pragma integrity_check").fetchall() == [("ok",)]
    assert points(place)["ada"] == 15.0
    assert "eve" not in points(place)
    place.nbgrader("course", "autograde", "autoencoders", "--Grade.sandbox=best")
    assert points(place) == dict.fromkeys(STUDENTS, 15.0)
    assert list(place.course.rglob(unfinished.MARK)) == []
    place.nbgrader("course", "generate_feedback", "autoencoders")
    assert {path.parts[-3] for path in (place.course / "feedback").glob("*/*/*.html")} == set(STUDENTS)


def points(place: Place) -> dict[str, float]:
    """The sum of each student's scores in the gradebook so far."""
    found: dict[str, float] = {}
    for (student, _), (score, _) in place.scores().items():
        found[student] = found.get(student, 0.0) + (score or 0.0)
    return found
