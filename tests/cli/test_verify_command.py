"""``autograder verify``: an instructor's course proves itself, or is told what is off."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from submissions import ROOT, Notebook, fill, place, save

from autograder.nbgrader.build import build

Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("_one_fleet")

NOTEBOOK = Path("autoencoders") / "autoencoders.ipynb"
NO_RELU = ("F.relu(self.linear1(x))", "self.linear1(x)")
QUESTION = {
    "cell_type": "markdown",
    "id": "my-question",
    "metadata": {
        "nbgrader": {
            "grade": True,
            "grade_id": "why-relu",
            "locked": False,
            "points": 2,
            "schema_version": 3,
            "solution": True,
            "task": False,
        }
    },
    "source": "Because a composition of linear functions is linear.",
}


def read(path: Path) -> Notebook:
    notebook: Notebook = json.loads(path.read_text(encoding="utf-8"))
    return notebook


def change(path: Path, edit: Callable[[Notebook], object]) -> None:
    edit(notebook := read(path))
    path.write_text(json.dumps(notebook), encoding="utf-8")


def says(text: str, instead_of: str, grade_id: str = "encoder") -> Callable[[Notebook], object]:
    """Has a cell say something else."""

    def edit(notebook: Notebook) -> None:
        source = "".join(notebook["cells"][place(notebook, grade_id)]["source"])
        assert instead_of in source
        fill(notebook, grade_id, source.replace(instead_of, text))

    return edit


def without(grade_id: str) -> Callable[[Notebook], object]:
    return lambda notebook: notebook["cells"].pop(place(notebook, grade_id))


def own_question(**nbgrader: object) -> Callable[[Notebook], object]:
    """Adds a question of the instructor's own: one that a person grades, or what is said instead."""
    about = {**QUESTION["metadata"]["nbgrader"], **nbgrader}  # type: ignore[index]
    return lambda notebook: notebook["cells"].append({**QUESTION, "metadata": {"nbgrader": about}})


def own_task() -> Callable[[Notebook], object]:
    """Adds what nbgrader calls a manually graded task: a person gives its points, and no cell holds the answer."""
    return own_question(grade=False, solution=False, locked=True, task=True)


def own_test(
    points: float = 1, source: str = "assert Encoder(2)(torch.zeros(5, 1, 28, 28)).shape == (5, 2)"
) -> Callable[[Notebook], object]:
    """Adds a test cell of the instructor's own."""
    about = {"grade": True, "grade_id": "test_own", "locked": True, "points": points, "schema_version": 3,
             "solution": False, "task": False, "cell_type": "code"}  # fmt: skip
    cell = {"cell_type": "code", "id": "own-test", "metadata": {"nbgrader": about}, "source": source}
    return lambda notebook: notebook["cells"].append({**cell, "outputs": [], "execution_count": None})


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The folder of a course as its authors have it."""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    for name in ("solutions", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def quickstart(tmp_path: Path) -> Path:
    """A course with nbgrader's own folders and no configuration, whose notebooks ask for the encoder alone."""

    def encoder_alone(notebook: Notebook) -> None:
        about = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
        tests = [one["grade_id"] for one in about if one.get("grade") and one["grade_id"] != "test_encoder"]
        for test in tests:
            without(test)(notebook)

    for name, origin in (("source", "solutions"), ("release", "notebooks")):
        shutil.copytree(ROOT / origin, tmp_path / name)
        change(tmp_path / name / NOTEBOOK, encoder_alone)
    return tmp_path


@pytest.fixture
def solution(quickstart: Path) -> Path:
    return quickstart / "source" / NOTEBOOK


@pytest.fixture
def release(quickstart: Path) -> Path:
    return quickstart / "release" / NOTEBOOK


def off(ended: Any) -> list[str]:
    """What a command that has ended says to be off."""
    assert ended.status == (1 if "✗" in ended.out else 0)
    assert ended.err == ""
    return [line.removeprefix("✗ ") for line in ended.out.splitlines() if line.startswith("✗")]


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_checkout_proves_itself_and_stays_as_it_is(autograder: Run, checkout: Path) -> None:
    before = contents(checkout)
    ended = autograder("verify")
    assert ended.out.splitlines() == [
        f"✓ solutions/{NOTEBOOK}: 15 of 15 points",
        f"✓ notebooks/{NOTEBOOK}: 0 of 15 points",
        "✓ the release is what the source makes",
    ]
    assert (ended.status, ended.err) == (0, "")
    assert contents(checkout) == before


@pytest.mark.usefixtures("quickstart")
def test_a_folder_as_nbgraders_quickstart_makes_it_needs_no_configuration(autograder: Run) -> None:
    ended = autograder("verify")
    assert ended.out.splitlines() == [
        f"✓ source/{NOTEBOOK}: 2 of 2 points",
        f"✓ release/{NOTEBOOK}: 0 of 2 points",
        "✓ no nbgrader_config.py: whether the release is what the source makes was not looked at",
    ]
    assert (ended.status, ended.err) == (0, "")


def test_the_configuration_says_where_the_notebooks_lie(autograder: Run, quickstart: Path) -> None:
    config = (
        "c = get_config()\nc.CourseDirectory.source_directory = 'mine'\nc.CourseDirectory.release_directory = 'out'"
    )
    (quickstart / "nbgrader_config.py").write_text(f"{config}\n", encoding="utf-8")
    (quickstart / "source").rename(quickstart / "mine")
    (quickstart / "release").rename(quickstart / "out")
    assert f"✓ mine/{NOTEBOOK}: 2 of 2 points" in autograder("verify").out.splitlines()


def test_notebooks_of_other_assignments_are_passed_over(autograder: Run, quickstart: Path) -> None:
    for name, notebook in (("problem", {"cells": [QUESTION]}), ("notes", {"cells": []})):
        path = quickstart / "source" / "ps2" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
    ended = autograder("verify")
    assert off(ended) == []
    assert "ps2" not in ended.out


def test_a_header_without_ids_and_an_assignment_to_come_are_no_drift(autograder: Run, quickstart: Path) -> None:
    """As nbgrader's quickstart lays a course out: a header in an old format, and a problem set not generated yet."""
    config = "\nc.IncludeHeaderFooter.header = 'source/header.ipynb'\n"
    for name in ("source", "release"):
        config += f"c.CourseDirectory.{name}_directory = {name!r}\n"
    (quickstart / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text() + config)
    header = {"cells": [{"cell_type": "markdown", "metadata": {}, "source": "Your name:"}], "metadata": {}}
    save({**header, "nbformat": 4, "nbformat_minor": 0}, quickstart / "source" / "header.ipynb")
    save({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, quickstart / "source" / "ps2" / "a.ipynb")
    (quickstart / "release" / "autoencoders").rename(quickstart / "release" / "not-generated")
    build(quickstart)
    shutil.rmtree(quickstart / "release" / "ps2")
    ended = autograder("verify")
    assert off(ended) == []
    assert "✓ the release is what the source makes" in ended.out.splitlines()
    change(quickstart / "release" / NOTEBOOK, lambda notebook: notebook["cells"][0].update(source="Your number:"))
    [drifted] = off(autograder("verify"))
    assert "'-Your number:'" in drifted


def test_a_wrong_answer_in_the_solution_is_named_with_what_is_wrong(autograder: Run, solution: Path) -> None:
    change(solution, says(instead_of=NO_RELU[0], text=NO_RELU[1]))
    first, second = off(autograder("verify"))
    assert first == f"source/{NOTEBOOK}: 1 of 2 points"
    assert second.strip().startswith("Encoder: partly right. Your output is a purely linear function")


def test_a_solution_that_stops_is_named_with_its_error(autograder: Run, solution: Path) -> None:
    change(solution, says(instead_of=NO_RELU[0], text="F.relu(self.linear_1(x))"))
    first, second = off(autograder("verify"))
    assert first == f"source/{NOTEBOOK}: 1.75 of 2 points"
    assert second.strip().startswith("Encoder: partly right. ")
    assert "linear_1" in second


def test_a_solution_with_a_cell_that_stops_is_told(autograder: Run, solution: Path) -> None:
    stops = {"cell_type": "code", "id": "x", "metadata": {}, "source": "1 / 0", "outputs": [], "execution_count": None}
    change(solution, lambda notebook: notebook["cells"].append(stops))
    (only,) = off(autograder("verify"))
    assert "ZeroDivisionError: division by zero" in only


def test_a_release_that_gives_an_answer_away_is_told(autograder: Run, solution: Path, release: Path) -> None:
    answer = "".join(read(solution)["cells"][place(read(solution), "encoder")]["source"])
    change(release, lambda notebook: fill(notebook, "encoder", answer))
    first, second = off(autograder("verify"))
    assert first == f"release/{NOTEBOOK}: 2 of 2 points"
    assert second.strip().startswith("not untouched as released: Encoder: all right.")


def test_a_release_in_which_an_answer_was_begun_is_told(autograder: Run, release: Path) -> None:
    begun = "class Encoder(nn.Module):\n    def __init__(self, latent_dims):\n        super().__init__()\n"
    change(release, lambda notebook: fill(notebook, "encoder", begun))
    ended = autograder("verify")
    # What was begun is no untouched stub, although it earns nothing.
    (only,) = off(ended)
    assert only.strip().startswith("not untouched as released: Encoder: ")
    assert f"✓ release/{NOTEBOOK}: 0 of 2 points" in ended.out.splitlines()


def rewritten(path: Path) -> None:
    change(path, says(instead_of="self.decoder(z)", text="self.decoder(z)  # mine", grade_id="autoencoder"))


def saved_anew(path: Path) -> None:
    path.write_text(json.dumps(read(path)), encoding="utf-8")


def with_a_stray(path: Path) -> None:
    shutil.copy(path, path.with_name("old.ipynb"))


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (rewritten, "'-        return self.decoder(z)  # mine'"),
        (saved_anew, "the same cells as in built from the solution, but not the same bytes"),
        (with_a_stray, "old.ipynb: no solution makes this notebook"),
    ],
)
def test_a_release_that_has_drifted_is_told_by_its_first_line(
    autograder: Run, checkout: Path, edit: Callable[[Path], None], told: str
) -> None:
    edit(checkout / "notebooks" / NOTEBOOK)
    (only,) = off(autograder("verify"))
    assert only.startswith("the release is not what the source makes, as in ")
    assert told in only
    assert only.endswith("; run `autograder build` or `nbgrader generate_assignment`")


def test_a_release_that_is_missing_is_told(autograder: Run, release: Path) -> None:
    release.unlink()
    assert off(autograder("verify")) == [
        f"release/{NOTEBOOK} is missing; run `autograder build` or `nbgrader generate_assignment`"
    ]


@pytest.mark.parametrize("add", [own_question(), own_test(), own_task()])
def test_own_questions_are_looked_for(
    autograder: Run, solution: Path, release: Path, add: Callable[[Notebook], object]
) -> None:
    for path in (solution, release):
        change(path, add)
    ended = autograder("verify")
    assert off(ended) == []
    assert f"✓ release/{NOTEBOOK}: your own questions are all there (1)" in ended.out.splitlines()


SHAPE = "assert Encoder(2)(torch.zeros(5, 1, 28, 28)).shape == {}"
HIDDEN = f"assert Encoder\n### BEGIN HIDDEN TESTS\n{SHAPE}\n### END HIDDEN TESTS"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (HIDDEN.format("(5, 2)"), []),
        (HIDDEN.format("(5, 3)"), ["test_own: not right yet. AssertionError"]),
        ("assert autoencoder", ["The test needs `autoencoder`, which comes from a cell that is not run in grading."]),
        ("assert True", ["your own question 'test_own' gives 1 of 1 points to a notebook without answers"]),
    ],
    ids=["right", "wrong", "trained", "free"],
)
def test_own_tests_are_tried_with_what_students_do_not_see_of_them(
    autograder: Run, solution: Path, release: Path, source: str, told: list[str]
) -> None:
    change(solution, own_test(source=source))
    change(release, own_test(source=source.partition("\n###")[0]))
    found = off(autograder("verify"))
    assert all(any(line.endswith(one) for line in found) for one in told), found
    assert bool(found) == bool(told)


@pytest.mark.parametrize(
    ("add", "name"), [(own_question(), "why-relu"), (own_test(), "test_own"), (own_task(), "why-relu")]
)
def test_an_own_question_that_is_missing_is_told(
    autograder: Run, solution: Path, add: Callable[[Notebook], object], name: str
) -> None:
    change(solution, add)
    assert off(autograder("verify")) == [f"release/{NOTEBOOK}: your own question {name!r} is missing"]


def test_a_test_cell_of_the_courses_that_is_missing_is_told(autograder: Run, solution: Path, release: Path) -> None:
    whole = read(ROOT / "solutions" / NOTEBOOK)
    test = whole["cells"][place(whole, "test_kl")]
    change(solution, lambda notebook: notebook["cells"].append(test))
    assert off(autograder("verify")) == [f"release/{NOTEBOOK}: the test cell 'test_kl' is missing"]
    change(solution, without("test_kl"))
    change(release, lambda notebook: notebook["cells"].append(test))
    assert f"release/{NOTEBOOK}: the test cell 'test_kl' is not in the solution" in off(autograder("verify"))


def test_a_question_that_the_solution_does_not_have_is_told(autograder: Run, release: Path) -> None:
    change(release, own_question())
    assert off(autograder("verify")) == [f"release/{NOTEBOOK}: the question 'why-relu' is not in the solution"]


@pytest.mark.parametrize(
    ("in_solution", "in_release", "name", "told"),
    [
        (own_question(), own_question(points=3), "why-relu", "is worth 3 points, in the solution 2"),
        (own_test(), own_test(0.5), "test_own", "is worth 0.5 points, in the solution 1"),
    ],
)
def test_an_own_question_with_other_points_is_told(
    autograder: Run,
    solution: Path,
    release: Path,
    in_solution: Callable[[Notebook], object],
    in_release: Callable[[Notebook], object],
    name: str,
    told: str,
) -> None:
    change(solution, in_solution)
    change(release, in_release)
    assert off(autograder("verify")) == [f"release/{NOTEBOOK}: {name!r} {told}"]


def empty(_folder: Path) -> None:
    pass


def another_course(folder: Path) -> None:
    path = folder / "source" / "ps1" / "problem1.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"cells": [QUESTION]}), encoding="utf-8")


def no_notebooks(folder: Path) -> None:
    (folder / "solutions" / "autoencoders").mkdir(parents=True)


def broken_solution(folder: Path) -> None:
    path = folder / "source" / NOTEBOOK
    path.parent.mkdir(parents=True)
    path.write_text('{"cells": [', encoding="utf-8")


def no_notebook(folder: Path) -> None:
    path = folder / "source" / NOTEBOOK
    path.parent.mkdir(parents=True)
    path.write_text("[]", encoding="utf-8")


def broken_configuration(folder: Path) -> None:
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.root = rot\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("prepare", "status", "said"),
    [
        (empty, 2, "is no course: it has neither nbgrader_config.py nor solutions/ or source/"),
        (another_course, 2, "holds no notebook with test cells of 'Building Autoencoders with PyTorch'"),
        (no_notebooks, 2, "expected solutions/<assignment>/<notebook>.ipynb"),
        (broken_solution, 2, f"{NOTEBOOK} cannot be read as a notebook"),
        (no_notebook, 2, f"{NOTEBOOK} cannot be read as a notebook"),
        (broken_configuration, 1, "nbgrader_config.py cannot be run: NameError: name 'rot' is not defined"),
    ],
)
def test_where_there_is_no_course_one_line_says_so(
    autograder: Run, tmp_path: Path, prepare: Callable[[Path], None], status: int, said: str
) -> None:
    prepare(tmp_path)
    before = contents(tmp_path)
    ended = autograder("verify")
    assert ended.status == status
    assert said in ended.complaint
    assert (ended.out, len(ended.err.splitlines())) == ("", 1)
    assert contents(tmp_path) == before


def test_a_release_that_is_no_notebook_is_told_in_one_line(autograder: Run, release: Path) -> None:
    release.write_text("<<<<<<< HEAD\n", encoding="utf-8")
    ended = autograder("verify")
    assert ended.status == 2
    assert f"release/{NOTEBOOK} cannot be read as a notebook" in ended.complaint
