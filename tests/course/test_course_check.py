"""Every installed course is complete; what is missing is one clear failure."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from course_check import Checkout, problems

from autograder.course.course import Course
from autograder.course.exercise import Check
from autograder.course.installed import find_course

TESTS = Path(__file__).parents[1]
HEAD, RIGHT, WRONG = 'exercise = "doubling"\n', '[[right]]\nname = "a"\n', '[[wrong]]\nname = "b"\n'
ANSWERS = {"autoencoders": TESTS / "catalogue", "toy": TESTS / "toy_course" / "answers"}


@pytest.mark.parametrize("key", ANSWERS)
def test_course_is_complete(key: str) -> None:
    if lines := problems(Checkout(find_course(key), ANSWERS[key])):
        pytest.fail("\n".join(lines), pytrace=False)


def toy() -> Course:
    """The toy course with its first exercise alone, whatever else it has."""
    course = find_course("toy")
    return replace(course, exercises=(course.exercise("doubling"),))


def with_exercise(**changes: object) -> Course:
    return replace(toy(), exercises=(replace(toy().exercises[0], **changes),))  # type: ignore[arg-type]


def with_notebook(folder: Path, change: Callable[[list[dict[str, object]]], object]) -> Course:
    notebook = json.loads(toy().files["notebook"]().read_text(encoding="utf-8"))
    change(notebook["cells"])
    path = folder / "toy.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return replace(toy(), files={"notebook": lambda: path})


def found(course: Course, answers: Path = ANSWERS["toy"]) -> str:
    lines = [line for line in problems(Checkout(course, answers)) if line.startswith("doubling: ")]
    assert len(lines) == 1, "\n".join(lines)
    return lines[0]


def test_exercise_without_code_is_named() -> None:
    lines = problems(Checkout(with_exercise(key="absent", cell="doubling"), ANSWERS["toy"]))
    assert "absent: no observe.py in exercises/absent" in lines
    assert "absent: no judge.py in exercises/absent" in lines
    assert "absent: toy.ipynb has no locked test cell 'test_absent'" in lines
    assert "absent: no answers; write absent.toml with at least one [[right]] and one [[wrong]]" in lines
    assert "exercises/doubling is no exercise of the course; add it to `exercises` in course.py" in lines


def test_code_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_course: Course, name: str) -> object:
        raise ImportError(f"no {name}")

    monkeypatch.setattr(Course, "module", broken)
    lines = problems(Checkout(toy(), ANSWERS["toy"]))
    assert "doubling: judge.py cannot be imported: ImportError: no exercises.doubling.judge" in lines


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"short": "Doubling"}, "`short` is 'Doubling'; a table's heading has 1 to 6 characters"),
        ({"hints": ("a", " ", "c")}, "a hint is empty"),
        ({"name": "twice"}, "the solution cell 'doubling' does not define 'twice'"),
        ({"checks": (Check("values", "", 1.0), Check("shape", "", 0.5))}, "is worth 2 points, the checks 1.5"),
    ],
)
def test_text_that_does_not_fit_is_named(changes: dict[str, object], line: str) -> None:
    assert line in found(with_exercise(**changes))


def test_lacking_mistakes_of_python_are_named() -> None:
    own = tuple(one for one in toy().exercises[0].misconceptions if one.key != "raised")
    assert "lacks 'raised' and other mistakes of Python" in found(with_exercise(misconceptions=own))


def test_test_cell_with_another_end_is_named(tmp_path: Path) -> None:
    course = with_notebook(tmp_path, lambda cells: cells[3].update(source='check("doubling");'))
    assert 'does not end in check("doubling")' in found(course)


def test_missing_test_cell_is_named(tmp_path: Path) -> None:
    assert "no locked test cell 'test_doubling'" in found(with_notebook(tmp_path, lambda cells: cells.pop(3)))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{HEAD}{RIGHT}", "doubling.toml has no [[wrong]] answer"),
        ("[[right", "doubling.toml is no TOML"),
        (f'{RIGHT}{WRONG}expect = ["squared"]', "doubling.toml says `exercise = None`"),
        (f'{HEAD}{RIGHT}{WRONG}expect = ["halved"]', "expects 'halved'"),
        (f"{HEAD}{RIGHT}{WRONG}", "the wrong answer 'b' names no misconception in `expect`"),
        (f'{HEAD}{RIGHT}{WRONG}expect = ["squared"]\nexpekt = []', "'b' has an unknown 'expekt'"),
    ],
)
def test_answers_that_do_not_fit_are_named(tmp_path: Path, text: str, line: str) -> None:
    (tmp_path / "doubling.toml").write_text(text, encoding="utf-8")
    assert line in found(toy(), tmp_path)
