"""An assignment's whole way through nbgrader, from the instructor's notebook to the page that a student fetches.

The instructor clicks in formgrader, students fetch and submit through an exchange, and marks are kept in PostgreSQL
where the machine has one. The steps are taken once, in order; the tests look at what was seen on the way. Look at the
pictures in ``build/screenshots/nbgrader``.
"""

import csv
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from courses import ROOT, SAMPLES, Place, new_place
from nbgrader.api import Gradebook
from odd import CLASS
from odd.case import hand_in
from postgres import programs, server
from submissions import place as place_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

STUDENTS = {"ada": "student-01", "bea": "student-06", "cyd": "student-03"}
# As if collected, to make them twenty.
ODD = (
    "Smith, J.", "Zoë 👩‍🎓", "cut-off", "conflict", "empty-file", "only-python", "nothing", "zipped", "renamed",
    "stub-and-copy", "copy-renamed", "cell-as-markdown", "no-metadata", "own-names", "colab", "missing-file", "killed",
)  # fmt: skip
ESSAY = {
    "nbgrader": {
        "grade": True, "solution": True, "locked": False, "task": False, "schema_version": 3,
        "grade_id": "why-two", "points": 3, "cell_type": "markdown",
    }
}  # fmt: skip
SETTINGS = """
c.Grade.sandbox = "best"
c.Exchange.root = {exchange!r}
"""
IN_POSTGRES = "c.CourseDirectory.db_url = {url!r}\n"
# What else each user has in a home of their own: what nbgrader remembers of what they have handed in.
OWN_PLACES = """
c = get_config()
c.Exchange.root = {exchange!r}
c.Exchange.cache = {cache!r}
"""
ANSWER = "Because two numbers can be drawn."
COMMENT = "Well said; and what is lost?"


@dataclass
class Round:
    """What was seen on the way; ``marks`` is where nbgrader keeps them."""

    place: Place
    marks: str
    said: dict[str, str] = field(default_factory=dict)
    listed: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)
    pages: dict[str, dict[str, str]] = field(default_factory=dict)
    exported: dict[str, dict[str, str]] = field(default_factory=dict)


def with_an_essay(path: Path) -> None:
    """The instructor's own question, as text, behind the first test."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    essay = {"cell_type": "markdown", "id": "why-two", "metadata": ESSAY, "source": "Why two numbers?"}
    notebook["cells"].insert(place_of(notebook, "test_encoder") + 1, essay)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def fill_in(fetched: Path, sample: str) -> None:
    """A student's answers: those of a sample, and one to the instructor's own question."""
    answers = json.loads((SAMPLES / sample / "autoencoders" / "autoencoders.ipynb").read_text(encoding="utf-8"))
    sources = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["source"]
        for cell in answers["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }
    notebook = json.loads(fetched.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = ANSWER if name == "why-two" else sources.get(name, cell["source"])
    fetched.write_text(json.dumps(notebook), encoding="utf-8")


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Where marks are kept; empty for nbgrader's own file."""
    found = programs()
    if found is None:
        yield ""
        return
    with server(found) as url:
        yield url


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, database: str) -> Place:
    place = new_place(tmp_path_factory.mktemp("round"))
    shutil.rmtree(place.course / "notebooks")
    with_an_essay(place.course / "solutions" / "autoencoders" / "autoencoders.ipynb")
    (place.course / "autograder.salt").write_text("a line of random text")
    config = place.course / "nbgrader_config.py"
    text = config.read_text() + SETTINGS.format(exchange=str(place.root / "exchange"))
    config.write_text(text + (IN_POSTGRES.format(url=database) if database else ""))
    for student in STUDENTS:
        (place.root / student).mkdir()
        own = OWN_PLACES.format(exchange=str(place.root / "exchange"), cache=str(place.root / student / "cache"))
        (place.root / student / "nbgrader_config.py").write_text(own)
    return place


@pytest.fixture(scope="module")
def walked(place: Place, database: str, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Round:
    """The round, walked once."""
    from formgrader import OPTION, SIZES, Formgrader
    from lab_page import jupyterlab

    seen = Round(place, database or f"sqlite:///{place.course / 'gradebook.db'}")
    with jupyterlab(place.course, tmp_path_factory.mktemp("settings"), OPTION) as address:
        page = browser.new_page(viewport=SIZES["desktop"])
        grader = Formgrader(page, address)
        hand_out_and_in(seen, grader)
        give_points(seen, grader)
        give_back(seen, grader, browser)
        page.close()
    place.nbgrader("course", "export")
    with (place.course / "grades.csv").open(encoding="utf-8") as file:
        seen.exported = {row["student_id"]: row for row in csv.DictReader(file)}
    return seen


def hand_out_and_in(seen: Round, grader: Any) -> None:
    """Generate, release, fetch, fill in, submit, collect, grade."""
    from formgrader import as_student

    for step in ("assign", "release"):
        seen.said[step] = grader.press(step)
    for student, sample in STUDENTS.items():
        as_student(seen.place, student, "fetch_assignment", "autoencoders")
        fill_in(seen.place.root / student / "autoencoders" / "autoencoders.ipynb", sample)
        as_student(seen.place, student, "submit", "autoencoders")
    seen.said["collect"] = grader.press("collect")
    for student in STUDENTS:
        seen.said[f"autograde {student}"] = grader.press_for(student, "autograde")
    for student in ODD:
        hand_in(CLASS[student], student, seen.place.course / "submitted")
        folder = seen.place.course / "submitted" / student / "autoencoders"
        (folder / "timestamp.txt").write_text("2026-11-27 12:00:00 UTC")  # without these two, no feedback is released
        (folder / "submission_secret.txt").write_text(student)
    seen.place.nbgrader("course", "autograde", "autoencoders")  # as formgrader says: all at once by the command
    seen.listed = grader.submissions()


def give_points(seen: Round, grader: Any) -> None:
    """Points, a comment and extra credit by hand; then the submission is graded again."""
    grader.open(submission_of("ada", seen.marks))
    grader.type("why-two", "2.5")
    grader.type("why-two-comment", COMMENT)
    grader.type("test_encoder_extra_credit", "1")
    grader.picture("submission")
    seen.said["again"] = grader.press_for("ada", "autograde")
    grader.open(submission_of("ada", seen.marks))
    seen.boxes = {box: grader.reads(box) for box in ("why-two", "why-two-comment", "test_encoder_extra_credit")}


def give_back(seen: Round, grader: Any, browser: Any) -> None:
    """Feedback: made, released, fetched and opened."""
    from formgrader import SIZES, as_student, feedback

    for step in ("generate-feedback", "release-feedback"):
        seen.said[step] = grader.press(step)
    for student in ("ada", "bea"):
        as_student(seen.place, student, "fetch_feedback", "autoencoders")
        [page] = (seen.place.root / student / "autoencoders" / "feedback").rglob("*.html")
        seen.pages[student] = {size: feedback(browser, page, size) for size in SIZES}


def submission_of(student: str, marks: str) -> str:
    """The name that formgrader's pages have for a student's notebook."""
    with Gradebook(marks) as gradebook:
        return str(gradebook.find_submission_notebook("autoencoders", "autoencoders", student).id)


def test_every_button_says_that_it_has_worked(walked: Round) -> None:
    assert len(walked.said) == 3 + len(STUDENTS) + 3
    assert [step for step, said in walked.said.items() if not said.startswith("Successfully")] == []


def test_a_question_of_the_instructors_waits_for_a_person(walked: Round) -> None:
    assert set(walked.listed) == {*STUDENTS, *ODD}
    assert len(walked.listed) == 20
    assert {walked.listed[student] for student in ("ada", "bea")} == {"needs manual grading"}


def test_what_was_given_by_hand_outlasts_another_grading(walked: Round) -> None:
    assert walked.boxes["why-two"] == "2.5"
    assert walked.boxes["why-two-comment"] == COMMENT
    assert float(walked.boxes["test_encoder_extra_credit"]) == 1.0


def test_marks_are_exported_with_what_was_given_by_hand(walked: Round) -> None:
    assert float(walked.exported["ada"]["score"]) == 15 + 2.5 + 1
    assert float(walked.exported["bea"]["score"]) == 13.5
    assert float(walked.exported["ada"]["max_score"]) == 18


@pytest.mark.parametrize("student", ODD)
def test_nobody_is_lost_however_odd(walked: Round, student: str) -> None:
    assert marks_of(walked)[student] == CLASS[student].points
    [page] = (walked.place.course / "feedback" / student / "autoencoders").glob("*.html")
    assert page.read_text(encoding="utf-8").count("Result of ") == 7 or CLASS[student].points == 0


def marks_of(walked: Round) -> dict[str, float]:
    """From the gradebook: nbgrader's own export does not quote the comma in a name."""
    with Gradebook(walked.marks) as gradebook:
        return {one.student.id: one.score for one in gradebook.assignment_submissions("autoencoders")}


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_students_page_has_cards_the_answer_and_the_comment(walked: Round, size: str) -> None:
    ada, bea = walked.pages["ada"][size], walked.pages["bea"][size]
    assert ANSWER in ada
    assert COMMENT in ada
    assert "nothing random is in it" in bea
    assert "your teacher has given 3 of 2 points here" in ada
    assert ada.count("your teacher has given") == 1
    assert "your teacher has given" not in bea
    assert "Variational encoder (Score: 3.0 / 3.0)" in ada
    for page in (ada, bea):
        assert str(ROOT) not in page
        assert str(walked.place.root) not in page


def test_marks_are_kept_in_postgresql(walked: Round, database: str) -> None:
    if not database:
        pytest.skip("no PostgreSQL: `apt install postgresql`")
    import sqlalchemy

    assert not (walked.place.course / "gradebook.db").exists()
    engine = sqlalchemy.create_engine(database)
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("select count(*) from grade")).scalar() == 20 * 8
    engine.dispose()
