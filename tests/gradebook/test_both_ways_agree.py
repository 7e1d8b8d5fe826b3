"""A class in which nearly everybody has handed in something odd, graded by both ways: the same marks, the same words.

One run of ``nbgrader autograde`` and one of ``autograder grade`` over the same folder. The table of what came of each
is in ``build/odd-class.md``.
"""

import hashlib
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from courses import ROOT, Place, new_place
from graded import results_in
from odd import BOTH_WAYS, ELSEWHERE, THEMES
from odd.case import check_case, hand_in
from odd.students import NOT_FOR_NBGRADER
from odd.surroundings import TIMEOUT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

LIMITS = f"c.Grade.sandbox = 'best'\nc.Grade.timeout = {TIMEOUT}\n"
BY_BUTTON = ("killed", "renamed", "stub-copied", "cut-off", "honest", "nothing")

API = """
import json, sys
from nbgrader.apps import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader

api = NbGraderAPI(config=PyFileConfigLoader("nbgrader_config.py").load_config())
print(json.dumps({student: api.autograde("autoencoders", student) for student in sys.argv[1:]}))
"""


def digests(folder: Path) -> dict[Path, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A course with the odd class, autograded by nbgrader."""
    place = new_place(tmp_path_factory.mktemp("odd"))
    config = place.course / "nbgrader_config.py"
    config.write_text(config.read_text() + LIMITS)
    for student, case in BOTH_WAYS.items():
        hand_in(case, student, place.course / "submitted")
    for student in NOT_FOR_NBGRADER:
        hand_in(ELSEWHERE[student], student, place.course / "submitted")
    before = digests(place.course / "submitted")
    place.nbgrader("course", "generate_assignment", "autoencoders", "--force")
    (place.root / "log").write_text(place.nbgrader("course", "autograde", "autoencoders"), encoding="utf-8")
    assert digests(place.course / "submitted") == before
    for student in NOT_FOR_NBGRADER:
        shutil.rmtree(place.course / "submitted" / student)
    return place


@pytest.fixture(scope="module")
def results(place: Place) -> Iterator[Mapping[str, Any]]:
    """What ``autograder grade`` says of the same folder, by student."""
    place.graded("--timeout", str(TIMEOUT))
    found = results_in(place.course / "results")
    yield found
    write_table(found, place)


@pytest.fixture(scope="module")
def marks(place: Place) -> Mapping[str, float]:
    """What nbgrader's gradebook has, by student."""
    return marks_in(place)


def marks_in(place: Place) -> dict[str, float]:
    marks: dict[str, float] = defaultdict(float)
    for (student, _), (points, _) in place.scores().items():
        marks[student] += points or 0.0
    return dict(marks)


def short(student: str) -> str:
    return f"`{student}`" if len(student) < 50 else f"`{student[:20]}…` ({len(student)} letters)"


def write_table(results: Mapping[str, Any], place: Place) -> None:
    marks, flagged = marks_in(place), place.flagged()
    lines = ["| theme | case | mark by the command | mark by nbgrader | words |", "|---|---|---|---|---|"]
    for theme, cases in THEMES.items():
        for student in filter(results.__contains__, cases):
            result = results[student]
            said = [check["message"] for one in result["exercises"] for check in one["checks"] if not check["passed"]]
            words = [*result["warnings"], *filter(None, said), *(f"(flag) {flag}" for flag in result["flags"])]
            flag = " (flagged)" if student in flagged else ""
            told = " · ".join(dict.fromkeys(words)).replace("|", "\\|").replace("\n", " ")
            cells = (theme, short(student), f"{result['points']:g}", f"{marks[student]:g}{flag}", told)
            lines.append(f"| {' | '.join(cells)} |")
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "odd-class.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def graded(place: Place, student: str) -> dict[str, Any]:
    """The graded notebook's cells by name."""
    (path,) = (place.course / "autograded" / student / "autoencoders").glob("*.ipynb")
    assert path.name == "autoencoders.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {cell["metadata"].get("nbgrader", {}).get("grade_id", cell["id"]): cell for cell in cells}


def read(result: Mapping[str, Any]) -> bool:
    """Whether there was a notebook that could be read."""
    return not any("nothing could be graded" in flag for flag in result["flags"])


def texts(cell: Mapping[str, Any]) -> str:
    found = [output.get("text") or output["data"]["text/plain"] for output in cell["outputs"]]
    return "\n".join("".join(text) for text in found)


def test_nobody_is_lost(results: Mapping[str, Any], marks: Mapping[str, float]) -> None:
    assert results.keys() == marks.keys() == BOTH_WAYS.keys()


@pytest.mark.parametrize("student", BOTH_WAYS)
def test_both_ways_give_the_marks_that_the_case_earns(
    results: Mapping[str, Any], marks: Mapping[str, float], student: str
) -> None:
    check_case(BOTH_WAYS[student], results[student])
    assert marks[student] == results[student]["points"] == BOTH_WAYS[student].points


@pytest.mark.parametrize("student", BOTH_WAYS)
def test_both_ways_give_each_exercise_the_same_points_in_the_same_words(
    place: Place, results: Mapping[str, Any], student: str
) -> None:
    cells, result = graded(place, student), results[student]
    for one in result["exercises"]:
        shown = texts(cells[f"test_{one['key']}"])
        *said, score = shown.splitlines()
        assert float(score) == one["points"]
        head = "\n".join(said)
        is_shown = one["status"] != "not-attempted"
        for check in one["checks"] if is_shown or not read(result) else ():
            assert (check["message"] or "") in head
            assert (f"({check['points']:g}/{check['max_points']:g})" in head) == is_shown


@pytest.mark.parametrize("student", BOTH_WAYS)
def test_both_ways_tell_student_and_instructor_the_same_of_the_whole(
    place: Place, results: Mapping[str, Any], student: str
) -> None:
    first = texts(next(cell for name, cell in graded(place, student).items() if name.startswith("test_")))
    told = re.findall("^Note: (.*)$", first, re.MULTILINE)
    expected = [*(f"for review: {flag}" for flag in results[student]["flags"]), *results[student]["warnings"]]
    assert told == expected


def test_what_the_command_is_not_sure_of_nbgrader_asks_a_person_about(place: Place, results: Mapping[str, Any]) -> None:
    asked = {where for where, (_, needs_a_look) in place.scores().items() if needs_a_look}
    unsure = {
        (student, f"test_{one['key']}")
        for student, result in results.items()
        for one in result["exercises"]
        if one["status"] == "review"
    }
    assert asked == unsure
    assert place.flagged() == {student for student, result in results.items() if result["flags"]}


@pytest.mark.parametrize("student", NOT_FOR_NBGRADER)
def test_whose_name_is_a_pattern_to_nbgrader_is_named_and_stops_nobody(place: Place, student: str) -> None:
    lines = (place.root / "log").read_text(encoding="utf-8").splitlines()
    name = repr(student)[1:-1]
    assert any("ERROR" in line and f"/{name}/autoencoders' was not graded" in line for line in lines)


def test_every_test_cell_ends_in_one_number_and_shows_no_error(place: Place) -> None:
    for student in BOTH_WAYS:
        for name, cell in graded(place, student).items():
            if not name.startswith("test_"):
                continue
            kinds = [output["output_type"] for output in cell["outputs"]]
            assert kinds[-2:] == ["display_data", "execute_result"], (student, name)
            assert set(kinds[:-1]) == {"display_data"}, (student, name)
            score = float("".join(cell["outputs"][-1]["data"]["text/plain"]))
            assert 0.0 <= score <= cell["metadata"]["nbgrader"]["points"], (student, name)


@pytest.mark.parametrize("student", [name for name, case in BOTH_WAYS.items() if len(case.lost) == 7 and case.said])
def test_what_cannot_be_read_is_said_in_every_test_cell(place: Place, student: str) -> None:
    cells = graded(place, student)
    for said in BOTH_WAYS[student].said:
        assert all(said in texts(cell) for name, cell in cells.items() if name.startswith("test_"))


def test_what_is_for_the_instructor_is_not_on_the_students_page(place: Place) -> None:
    assert "for review: " in texts(graded(place, "killed-later")["test_encoder"])
    place.nbgrader("course", "generate_feedback", "autoencoders", "--student=killed-later")
    (page,) = (place.course / "feedback" / "killed-later").rglob("*.html")
    assert "for review: " not in page.read_text(encoding="utf-8")


def test_a_lost_worker_is_named_in_its_exercise_only(place: Place) -> None:
    cells = graded(place, "killed")
    assert "ended" in texts(cells["test_encoder"])
    assert "all right" in texts(cells["test_decoder"])


def test_cards_say_how_to_see_a_failure_again(place: Place) -> None:
    cells = graded(place, "nan")
    assert re.search(r'check\("encoder", seed=\d+\)', texts(cells["test_encoder"]))
    assert "seed=" not in texts(cells["test_decoder"])


def test_cells_that_train_or_plot_are_not_run(place: Place) -> None:
    cells = graded(place, "honest")
    assert "Not run in grading" in texts(cells["run_training"])
    assert cells["encoder"]["outputs"] == []


def test_how_a_submission_was_graded_is_said_once(place: Place) -> None:
    cells = graded(place, "honest")
    assert [name for name, cell in cells.items() if "sandbox best" in str(cell.get("outputs"))] == ["test_encoder"]
    assert "public salt" in texts(cells["test_encoder"])


def test_nothing_of_others_is_copied_among_what_was_graded(place: Place) -> None:
    assert not [path for path in (place.course / "autograded").rglob("*") if path.is_symlink() or path.is_fifo()]
    beside = place.course / "autograded" / "with-a-link" / "autoencoders"
    assert [path.name for path in beside.iterdir()] == ["autoencoders.ipynb"]


def test_formgraders_button_gives_the_same(place: Place) -> None:
    before = place.scores()
    done = place.run("course", "-c", API, *BY_BUTTON)
    assert done.status == 0, done.log[-3000:]
    outcomes = json.loads(next(line for line in done.log.splitlines() if line.startswith("{")))
    assert {student: outcome["success"] for student, outcome in outcomes.items()} == dict.fromkeys(BY_BUTTON, True)
    assert place.scores() == before


def test_feedback_pages_show_the_cards(place: Place) -> None:
    place.nbgrader("course", "generate_feedback", "autoencoders", "--student=nan")
    page = (place.course / "feedback" / "nan" / "autoencoders" / "autoencoders.html").read_text(encoding="utf-8")
    assert 'aria-label="Result of Encoder"' in page
    assert "Graded by autograder" not in page
    assert "Score: 13.0 / 15.0" in page
