"""One run of ``nbgrader autograde`` over everything that can be wrong with a submission."""

import hashlib
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from courses import Place, new_place
from odd_submissions import ODD, missing_module, stub, write
from submissions import right

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SEVERAL = {"stub-and-copy": 0.0, "two-untitled": 15.0}
NO_NOTEBOOK = {"only-a-zip": 15.0, "only-python": 0.0, "only-a-date": 0.0}
ALONE = {"renamed": 15.0, "unsure": 13.0}
EXPECTED = {**{name: points for name, (_, points) in ODD.items()}, **ALONE, **SEVERAL, **NO_NOTEBOOK}
BY_API = ["killed", "renamed", "solution-twice", "not-json", "honest"]

API = """
import json, sys
from nbgrader.apps import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader

config = PyFileConfigLoader("nbgrader_config.py").load_config()
config.Grade.sandbox = "best"
api = NbGraderAPI(config=config)
print(json.dumps({student: api.autograde("autoencoders", student) for student in sys.argv[1:]}))
"""


def digests(folder: Path) -> dict[Path, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A course with the odd submissions, autograded."""
    place = new_place(tmp_path_factory.mktemp("odd"))
    for name, (make, _) in ODD.items():
        write(make(), place.submitted(name))
    write(right(), place.submitted("renamed").with_name("final (2).ipynb"))
    write(missing_module(), place.submitted("unsure"))
    write(stub(), place.submitted("stub-and-copy"))
    write(right(), place.submitted("stub-and-copy").with_name("autoencoders-Copy1.ipynb"))
    write(stub(), place.submitted("two-untitled").with_name("Untitled.ipynb"))
    write(right(), place.submitted("two-untitled").with_name("Untitled1.ipynb"))
    for name in NO_NOTEBOOK:
        place.submitted(name).parent.mkdir(parents=True)
    with zipfile.ZipFile(place.submitted("only-a-zip").with_name("mine.zip"), "w") as packed:
        packed.writestr("mine/final.ipynb", json.dumps(right()))
    place.submitted("only-python").with_name("answer.py").write_text("class Encoder: ...", encoding="utf-8")
    place.submitted("only-a-date").with_name("timestamp.txt").write_text("2026-11-27 12:00:00 UTC", encoding="utf-8")
    before = digests(place.course / "submitted")
    place.nbgrader("course", "generate_assignment", "autoencoders", "--force")
    place.nbgrader("course", "autograde", "autoencoders", "--Grade.sandbox=best")
    assert digests(place.course / "submitted") == before
    return place


def graded(place: Place, student: str) -> dict[str, Any]:
    """The graded notebook's cells by name."""
    (path,) = (place.course / "autograded" / student / "autoencoders").glob("*.ipynb")
    assert path.name == "autoencoders.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {cell["metadata"].get("nbgrader", {}).get("grade_id", cell["id"]): cell for cell in cells}


def texts(cell: dict[str, Any]) -> str:
    found = [output.get("text") or output["data"]["text/plain"] for output in cell["outputs"]]
    return "\n".join("".join(text) for text in found)


def test_every_submission_earns_what_its_cells_are_worth(place: Place) -> None:
    assert place.exported() == EXPECTED


def test_the_command_line_gives_the_same_points(place: Place) -> None:
    assert place.graded() == EXPECTED


def test_every_test_cell_ends_in_one_number_and_shows_no_error(place: Place) -> None:
    for student in EXPECTED:
        for name, cell in graded(place, student).items():
            if not name.startswith("test_"):
                continue
            kinds = [output["output_type"] for output in cell["outputs"]]
            assert kinds[-2:] == ["display_data", "execute_result"], (student, name)
            assert set(kinds[:-1]) == {"display_data"}, (student, name)
            score = float("".join(cell["outputs"][-1]["data"]["text/plain"]))
            assert 0.0 <= score <= cell["metadata"]["nbgrader"]["points"], (student, name)


@pytest.mark.parametrize(
    ("student", "said"),
    [
        ("not-json", "not valid JSON"),
        ("empty-file", "is empty"),
        ("no-cells", "no code cells"),
        ("another-notebook", "another assignment"),
        ("only-python", "no notebook was handed in, only answer.py"),
        ("only-a-date", "no notebook was handed in: the folder is empty"),
    ],
)
def test_what_cannot_be_read_is_said_in_every_test_cell(place: Place, student: str, said: str) -> None:
    cells = graded(place, student)
    assert all(said in texts(cell) for name, cell in cells.items() if name.startswith("test_"))
    assert place.scores()[student, "test_encoder"] == (0.0, False)


def test_a_person_is_asked_to_look_where_the_grader_is_not_sure(place: Place) -> None:
    asked = {where for where, (_, needs_a_look) in place.scores().items() if needs_a_look}
    assert asked == {("unsure", "test_encoder"), ("text-for-a-solution", "test_encoder")}
    assert "a cell of your own stopped: ModuleNotFoundError" in texts(graded(place, "unsure")["test_encoder"])


def test_a_notebook_whose_text_is_odd_is_flagged_for_the_instructor_alone(place: Place) -> None:
    flagged = place.flagged()
    assert "killed-later" in flagged
    assert {"not-json", "empty-file", "no-cells", "another-notebook", "only-python", "only-a-date"} <= flagged
    assert not flagged & {"honest", "untouched", "renamed"}
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


def test_of_several_notebooks_both_ways_choose_the_same_and_say_so(place: Place) -> None:
    place.graded()
    for student in SEVERAL:
        result = json.loads((place.course / "results" / f"{student}.json").read_text(encoding="utf-8"))
        flags = [flag for flag in result["flags"] if flag.startswith("handed in: ")]
        assert flags
        assert all(f"for review: {flag}" in texts(graded(place, student)["test_encoder"]) for flag in flags)
    assert SEVERAL.keys() <= place.flagged()


def test_formgraders_button_gives_the_same(place: Place) -> None:
    before = place.scores()
    done = place.run("course", "-c", API, *BY_API)
    assert done.status == 0, done.log[-3000:]
    outcomes = json.loads(next(line for line in done.log.splitlines() if line.startswith("{")))
    assert {student: outcome["success"] for student, outcome in outcomes.items()} == dict.fromkeys(BY_API, True)
    assert place.scores() == before


def test_feedback_pages_show_the_cards(place: Place) -> None:
    place.nbgrader("course", "generate_feedback", "autoencoders", "--student=nan")
    page = (place.course / "feedback" / "nan" / "autoencoders" / "autoencoders.html").read_text(encoding="utf-8")
    assert 'aria-label="Result of Encoder"' in page
    assert "Graded by autograder" not in page
    assert "Score: 13.0 / 15.0" in page
