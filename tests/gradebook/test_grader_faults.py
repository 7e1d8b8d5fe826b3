"""When the grader itself cannot work: nobody gets a zero for it, and the others are graded."""

import pytest
from courses import Place, new_place
from submissions import right, save, stub

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

# As if the machine failed while one student is graded: nbgrader runs this when it reads its configuration.
FAULT = """
import autograder.nbgrader.grade as step
from autograder.errors import GraderFault
whole = step.grade_submission
def grade_submission(submission, options, fleet):
    if submission.student in FAULTY:
        raise GraderFault("the disk is full")
    return whole(submission, options, fleet)
step.grade_submission = grade_submission
"""
TESTS = ("test_encoder", "test_kl")
ALL_RIGHT = {"ada": [2.0, 2.0], "ben": [2.0, 2.0], "eve": [2.0, 2.0]}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = new_place(tmp_path_factory.mktemp("faults"))
    save(right(), place.submitted("ada"))
    save(right(), place.submitted("ben").with_name("my notebook.ipynb"))
    save(right(), place.submitted("eve"))
    place.nbgrader("course", "generate_assignment", "autoencoders", "--force")
    return place


def autograde(place: Place, *faulty: str) -> tuple[int, str]:
    config = place.course / "nbgrader_config.py"
    sound = config.read_text(encoding="utf-8")
    config.write_text(f"{sound}\n{FAULT.replace('FAULTY', repr(faulty))}", encoding="utf-8")
    try:
        done = place.try_nbgrader("course", "autograde", "autoencoders", "--force", "--Grade.sandbox=best")
    finally:
        config.write_text(sound, encoding="utf-8")
    return done.status, done.log


def marks(place: Place) -> dict[str, list[float | None]]:
    scores = place.scores()
    return {student: [scores[student, test][0] for test in TESTS] for student in ALL_RIGHT}


def test_a_fault_of_the_grader_is_no_zero(place: Place) -> None:
    status, log = autograde(place, "ada", "ben")
    assert status == 1
    assert "ada was not graded: the disk is full" in log
    assert marks(place) == {"ada": [None, None], "ben": [None, None], "eve": [2.0, 2.0]}
    assert not (place.course / "autograded" / "ada" / "autoencoders").exists()

    # The next run grades them, and a later fault takes nothing away.
    assert autograde(place)[0] == 0
    assert marks(place) == ALL_RIGHT
    assert autograde(place, "ada")[0] == 1
    assert marks(place) == ALL_RIGHT


def test_of_several_notebooks_under_other_names_the_one_that_is_further_counts_and_is_named(place: Place) -> None:
    save(stub(), place.submitted("ben").with_name("another.ipynb"))
    status, log = autograde(place)
    place.submitted("ben").with_name("another.ipynb").unlink()
    assert status == 0
    assert "autoencoders/my notebook.ipynb counts, and not autoencoders/another.ipynb" in log
    assert marks(place) == ALL_RIGHT
