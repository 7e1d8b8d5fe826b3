"""A student's notebook, read against the released one."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from submissions import Notebook, code, right, save

from autograder.course.cells import CodeCell, code_cells
from autograder.course.installed import own_course
from autograder.course.release import Release
from autograder.engine.identity import Salt, seed_of
from autograder.submissions import notebook_file
from autograder.submissions import submission as module
from autograder.submissions.merge import written_anew
from autograder.submissions.submission import Cell, Submission, read_submission

IMPORTS, HELPERS = "import math\n", "# Your own helpers"
STUB = "class Encoder:\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"
ANSWER = "class Encoder:\n    size = 2\n"
GIVEN = "class Autoencoder(Encoder):\n    pass\n"
TRAIN_STUB = "def train():\n    loss = ...\n"

RELEASED = Release(
    "a.ipynb",
    (
        CodeCell(IMPORTS),
        CodeCell(HELPERS),
        CodeCell(STUB, "encoder", solution=True),
        CodeCell("check('encoder')", "test_encoder", locked=True, graded=True),
        CodeCell(GIVEN, "autoencoder", locked=True),
        CodeCell("train()", "run_training", locked=True, driver=True),
        CodeCell(TRAIN_STUB, "train", solution=True),
    ),
    {},
)
SALT = Salt("salt", secret=True)
ENDING = (Cell(GIVEN), Cell(TRAIN_STUB, "train"))
ANSWERED = (Cell(IMPORTS), Cell(HELPERS), Cell(ANSWER, "encoder"), *ENDING)

Read = Callable[[object], Submission]


def student(encoder: object = ANSWER) -> list[Notebook]:
    """The released cells as a student has them, the encoder filled in."""
    return [
        code(IMPORTS),
        code(HELPERS),
        code(encoder, "encoder", solution=True, locked=False),
        code("check('encoder')", "test_encoder", locked=True, grade=True, points=2),
        code(GIVEN, "autoencoder", locked=True),
        code("train()", "run_training", locked=True),
        code(TRAIN_STUB, "train", solution=True),
    ]


def read_from(folder: Path, notebook: object, name: str = "a.ipynb") -> Submission:
    data = {"cells": notebook} if isinstance(notebook, list) else notebook
    return read_submission(save(data, folder / name), "ada", "autoencoders", RELEASED)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    return lambda notebook: read_from(tmp_path, notebook)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebooks")


def test_solutions_and_given_cells_are_run_but_no_checks_and_no_drivers(read: Read) -> None:
    submission = read(student())
    assert submission.problem == ""
    assert submission.cells == ANSWERED
    assert submission.solutions == {"encoder": ANSWER, "train": TRAIN_STUB}


@pytest.mark.parametrize("place", [3, 4, 5])
def test_what_is_edited_in_a_locked_cell_changes_nothing(read: Read, place: int) -> None:
    cells = student()
    cells[place]["source"] = "raise SystemExit  # edited"
    assert read(cells) == read(student())


@pytest.mark.parametrize("place", range(7))
def test_a_deleted_cell_takes_nothing_else_away(read: Read, place: int) -> None:
    cells = student()
    deleted = cells.pop(place)["metadata"].get("nbgrader", {}).get("grade_id")
    submission = read(cells)
    assert submission.cells == tuple(cell for cell in ANSWERED if not cell.name or cell.name != deleted)
    assert submission.problem == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["points", "locked", "solution", "grade", "task"]), JSON)))
def test_no_change_of_metadata_but_of_names_changes_anything(
    folder: Path, edits: list[tuple[int, str, object]]
) -> None:
    cells = student()
    for place, key, value in edits:
        cells[place]["metadata"].setdefault("nbgrader", {})[key] = value
    for cell in cells:
        cell["metadata"]["tags"] = ["driver"]
    assert read_from(folder, cells).cells == ANSWERED


@given(JSON, JSON, st.integers(0, 6))
def test_metadata_and_texts_of_any_type_are_borne(folder: Path, metadata: object, source: object, place: int) -> None:
    cells: list[object] = [*student()]
    cells.insert(place, {"cell_type": "code", "metadata": metadata, "source": source})
    cells.insert(place, metadata)
    submission = read_from(folder, cells)
    assert submission.problem == ""
    assert [cell for cell in submission.cells if cell.name] == [cell for cell in ANSWERED if cell.name]


@given(JSON)
def test_any_json_is_read_or_has_a_problem(folder: Path, notebook: object) -> None:
    submission = read_from(folder, {"cells": notebook})
    assert bool(submission.cells) != bool(submission.problem)
    assert len(submission.digest) == 64


@pytest.mark.parametrize(
    ("after", "before"),
    [(None, "# Your own helpers"), (0, STUB), (2, GIVEN), (3, GIVEN), (4, TRAIN_STUB), (5, TRAIN_STUB), (6, None)],
)
def test_an_added_cell_runs_in_its_place(read: Read, after: int | None, before: str | None) -> None:
    cells = student(STUB)
    cells.insert(0 if after is None else after + 1, code("mine = 1"))
    texts = [cell.source for cell in read(cells).cells]
    place = texts.index("mine = 1")
    # Whatever stands before the first named cell runs behind the released imports.
    expected = STUB if after in (None, 0) else before
    assert (texts[place + 1] if place + 1 < len(texts) else None) == expected
    assert len(texts) == 6


def test_several_added_cells_keep_their_order(read: Read) -> None:
    cells = [*student(), code("b = a"), code("c = b")]
    cells.insert(0, code("a = 1"))
    texts = [cell.source for cell in read(cells).cells]
    assert [text for text in texts if text in ("a = 1", "b = a", "c = b")] == ["a = 1", "b = a", "c = b"]


def test_imports_that_a_student_adds_run_behind_the_released_ones(read: Read) -> None:
    cells = student()
    cells[0]["source"] = IMPORTS + "import cmath\n"
    texts = [cell.source for cell in read(cells).cells]
    assert texts[:4] == [IMPORTS, HELPERS, IMPORTS + "import cmath\n", ANSWER]


def test_empty_cells_and_prose_are_not_run(read: Read) -> None:
    extra = [code("  \n"), {"cell_type": "markdown", "metadata": {}, "source": "x = 1"}]
    assert read([*student(), *extra]).cells == ANSWERED


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_a_solution_that_was_turned_into_text_is_text(read: Read, kind: str) -> None:
    cells = student()
    cells[2] |= {"cell_type": kind}
    cells[2]["metadata"]["nbgrader"]["cell_type"] = "code"
    submission = read(cells)
    assert submission.cells == tuple(cell for cell in ANSWERED if cell.name != "encoder")
    assert submission.texts == {"encoder": kind}
    assert read([*cells, code(ANSWER, "encoder")]).texts == {}


def test_a_notebook_whose_solutions_are_all_text_is_the_course_s_own(read: Read) -> None:
    cells = student()
    for place in (2, 6):
        cells[place] |= {"cell_type": "markdown", "source": "my answer"}
    assert (read(cells).problem, set(read(cells).texts)) == ("", {"encoder", "train"})


OTHER = "class Encoder:\n    size = 3\n"
STUB_WITH_NOTES = STUB.replace("    raise", "\n    # to do\n    raise") + "\n\n"


NOTES = "# an empty copy\n"
COPIES = [
    ([ANSWER, STUB], [ANSWER]),
    ([STUB, ANSWER], [ANSWER]),
    ([ANSWER, OTHER], [ANSWER, OTHER]),
    ([OTHER, ANSWER, STUB], [OTHER, ANSWER]),
    ([ANSWER, STUB_WITH_NOTES], [ANSWER]),
    ([ANSWER, ""], [ANSWER]),
    ([ANSWER, NOTES], [ANSWER, NOTES]),
    ([STUB, STUB], [STUB]),
]


@pytest.mark.parametrize(("copies", "run"), COPIES)
def test_copies_right_below_their_original_run_before_the_test(read: Read, copies: list[str], run: list[str]) -> None:
    cells = student(copies[0])
    cells[3:3] = [code(text, "encoder") for text in copies[1:]]
    submission = read(cells)
    pieces = tuple(Cell(text, "encoder") for text in run)
    assert submission.cells == (Cell(IMPORTS), Cell(HELPERS), *pieces, *ENDING)
    assert submission.tests == {"test_encoder": 2 + len(pieces)}
    assert submission.solutions == {"encoder": "\n\n".join(run), "train": TRAIN_STUB}


@pytest.mark.parametrize(("copies", "run"), COPIES)
def test_copies_at_the_end_run_there(read: Read, copies: list[str], run: list[str]) -> None:
    submission = read([*student(copies[0]), *(code(text, "encoder") for text in copies[1:])])
    first, *others = (Cell(text, "encoder") for text in run)
    assert submission.cells == (Cell(IMPORTS), Cell(HELPERS), first, *ENDING, *others)
    assert submission.tests == {"test_encoder": 3}


def test_a_draft_further_up_runs_there(read: Read) -> None:
    cells = [code(TRAIN_STUB.replace("...", "1"), "train"), *student()]
    cells[-1]["source"] = TRAIN_STUB.replace("...", "2")
    texts = [cell.source for cell in read(cells).cells]
    assert texts.index(TRAIN_STUB.replace("...", "1")) < texts.index(TRAIN_STUB.replace("...", "2"))


def test_a_copy_of_a_locked_cell_is_not_run_unless_it_holds_something_else(read: Read) -> None:
    copies = [code("check('encoder')  # again", "test_encoder"), code(GIVEN, "autoencoder"), code("\n", "run_training")]
    assert read([*student(), *copies]).cells == ANSWERED
    helpers = [code("a = 1", "test_encoder"), code("b = 1", "autoencoder"), code("c = 1", "run_training")]
    assert read([*student(), *helpers]).cells == (*ANSWERED, Cell("a = 1"), Cell("b = 1"), Cell("c = 1"))
    assert read([*helpers, *student()]).cells == (
        *(Cell(IMPORTS), Cell(HELPERS), Cell("a = 1"), Cell("b = 1"), Cell("c = 1"), Cell(ANSWER, "encoder")),
        *ENDING,
    )


def test_cells_below_a_copy_stay_below_it(read: Read) -> None:
    for copy in (code(OTHER, "encoder"), code("check('encoder')", "test_encoder")):
        assert read([*student(), copy, code("mine = 1")]).cells[-1] == Cell("mine = 1")


@pytest.mark.parametrize(
    ("lower", "split"), [("    size = 3", True), ("  # here\n\n\tsize = 3", True), ("x = 1\nif x:\n    y = 1", False)]
)
def test_a_piece_that_begins_inside_of_a_class_tells_that_the_cell_was_split(
    read: Read, lower: str, split: bool
) -> None:
    cells = student()
    cells.insert(3, code(lower, "encoder"))
    assert read(cells).split == (frozenset({"encoder"}) if split else frozenset())


def test_digest_changes_with_what_stands_before_a_test(read: Read) -> None:
    above, below = student(), student()
    above.insert(3, code("mine = 1"))
    below.insert(4, code("mine = 1"))
    assert read(above).cells == read(below).cells
    assert read(above).digest != read(below).digest


@pytest.mark.parametrize(
    ("above", "below", "is_anew"),
    [
        ("class A: pass", "class A(B): pass", True),
        ("def f(): pass", "async def f(): pass", True),
        ("a = 1", "a.b = 2", True),
        ("def f(): pass", "f = g", True),
        ("def f():\n    x = 1", "def g():\n    x = 1", False),
        ("a = 1", "a == 1\nprint(a)", False),
        ("a = 1", "b = 1", False),
    ],
)
def test_what_a_later_cell_writes_anew_is_known(above: str, below: str, is_anew: bool) -> None:
    assert written_anew([above, below], 1) is is_anew
    assert not written_anew([above, below], 2)


def test_a_name_that_the_course_does_not_know_makes_an_added_cell(read: Read) -> None:
    assert read([*student(), code("x = 1", "my_own", solution=True)]).cells == (*ANSWERED, Cell("x = 1"))


def test_another_file_name_changes_only_the_path(tmp_path: Path) -> None:
    one, other = read_from(tmp_path, student()), read_from(tmp_path, student(), "final (2).ipynb")
    assert (one.cells, one.digest) == (other.cells, other.digest)
    assert other.path.name == "final (2).ipynb"


def test_a_text_in_lines_is_the_text(read: Read) -> None:
    assert read(student(ANSWER.splitlines(keepends=True))) == read(student())


def test_names_lost_with_the_metadata_do_not_lose_the_answers(read: Read) -> None:
    cells = student()
    for cell in cells:
        cell["metadata"] = {}
    submission = read(cells)
    assert submission.problem == ""
    assert Cell(ANSWER) in submission.cells


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b'{"cells": [', "not valid JSON"),
        (b"\x89PNG\r\n\x1a\n", "is a picture"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "no code cells"),
        (b"null", "no code cells"),
        (b"{}", "no code cells"),
        (b'{"cells": {}}', "no code cells"),
        (b'{"cells": [{"cell_type": "markdown", "source": "text"}]}', "no code cells"),
        (json.dumps({"cells": [code("print('hello')"), code("def f(): ...", "other")]}).encode(), "another assignment"),
    ],
)
def test_what_cannot_be_graded_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    (path := tmp_path / "work.ipynb").write_bytes(content)
    submission = read_submission(path, "ada", "autoencoders", RELEASED)
    assert said in submission.problem
    assert submission.problem.startswith("work.ipynb ")
    assert "\n" not in submission.problem
    assert submission.cells == ()
    assert len(submission.digest) == 64


@pytest.mark.parametrize("limit", ["LARGEST_FILE", "LARGEST_NOTEBOOK"])
def test_a_file_larger_than_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    path = save({"cells": student()}, tmp_path / "a.ipynb")
    monkeypatch.setattr(notebook_file, limit, path.stat().st_size)
    assert read_submission(path, "ada", "autoencoders", RELEASED).problem == ""
    monkeypatch.setattr(notebook_file, limit, path.stat().st_size - len(student()) * 2 - 1)
    monkeypatch.setattr(json, "loads", lambda _text: pytest.fail("the file was read"))
    assert "more than" in read_submission(path, "ada", "autoencoders", RELEASED).problem


def test_what_is_no_file_has_a_problem(tmp_path: Path) -> None:
    (folder := tmp_path / "folder.ipynb").mkdir()
    for path, said in (
        (folder, "is a folder; hand in the notebook itself"),
        (tmp_path / "gone.ipynb", "cannot be opened: No such file"),
    ):
        assert said in read_submission(path, "ada", "autoencoders", RELEASED).problem


def test_unreadable_files_of_other_content_have_other_digests(tmp_path: Path) -> None:
    digests = set()
    for number, content in enumerate([b"", b"{", b"{{"]):
        (path := tmp_path / f"{number}.ipynb").write_bytes(content)
        digests.add(read_submission(path, "ada", "autoencoders", RELEASED).digest)
    assert len(digests) == 3


TEXTS = st.text(" \t\n\r\x0c\u2028\ufeffä#1", max_size=4)


@given(TEXTS, TEXTS)
def test_digest_is_the_same_for_the_same_text_alone(folder: Path, text: str, other: str) -> None:
    one, two = read_from(folder, student(f"x = 1{text}")), read_from(folder, student(f"x = 1{other}"))
    assert (one.digest == two.digest) == (text == other)


BLANKS = {
    "blanks at a line's end inside a string": ('x = """a\n"""', 'x = """a  \n"""'),
    "line ends": ("x = 1\ny = 2", "x = 1\r\ny = 2"),
    "empty lines at the end": ("x = 1", "x = 1\n\n"),
    "an empty line at the beginning": ("x = 1", "\nx = 1"),
    "a line separator that Python does not know": ("x = 'a b'", "x = 'a\u2028b'"),
}


@pytest.mark.parametrize("texts", BLANKS.values(), ids=BLANKS)
def test_digest_and_seed_change_with_what_nobody_sees(read: Read, texts: tuple[str, str]) -> None:
    one, other = (read(student(text)) for text in texts)
    assert one.digest != other.digest
    assert seed_of(one.digest, SALT) != seed_of(other.digest, SALT)


def test_digest_changes_with_order_and_names_and_added_cells(read: Read) -> None:
    added = [code("a = 1"), code("b = 2")]
    digests = {
        read(cells).digest
        for cells in (
            student(),
            [*student(), *added],
            [*student(), *reversed(added)],
            [*added, *student()],
            [*student(), *added, added[0]],
            [cell for cell in student() if cell["metadata"].get("nbgrader", {}).get("grade_id") != "encoder"],
        )
    }
    assert len(digests) == 6


def test_digest_tells_a_solution_from_an_added_cell() -> None:
    assert module._digest((Cell("x = 1", "encoder"),), {}) != module._digest((Cell("x = 1"),), {})


def test_digest_tells_indented_code_from_code_that_runs(read: Read) -> None:
    assert read(student("    x = 1")).digest != read(student("x = 1")).digest


def test_digest_tells_two_cells_from_one(read: Read) -> None:
    assert read([*student(), code("a"), code("b")]).digest != read([*student(), code("a\nb")]).digest


def test_digest_knows_nothing_of_what_is_not_run(read: Read) -> None:
    cells = student()
    cells[2] |= {"outputs": [{"output_type": "stream", "name": "stdout", "text": "hello"}], "execution_count": 7}
    cells[2]["metadata"] |= {"collapsed": True, "tags": ["mine"]}
    cells.insert(3, {"cell_type": "markdown", "metadata": {}, "source": "my notes"})
    assert read(cells).digest == read(student()).digest


def test_released_notebook_is_its_own_untouched_submission(tmp_path: Path) -> None:
    notebook = {"cells": [code(cell.source, cell.grade_id) for cell in own_course().release.cells]}
    submission = read_submission(save(notebook, tmp_path / "a.ipynb"), "ada", "autoencoders", own_course().release)
    assert submission.solutions == {cell.grade_id: cell.source for cell in own_course().release.cells if cell.solution}
    runs = [cell for cell in own_course().release.cells if not cell.graded and not cell.driver]
    assert [cell.source for cell in submission.cells] == [cell.source for cell in runs]


def test_driver_cells_are_told_by_their_tag() -> None:
    tags: list[object] = [["driver"], ["other"], "driver", None, 3]
    cells = [{"cell_type": "code", "source": "", "metadata": {"tags": tag}} for tag in tags]
    assert [cell.driver for cell in code_cells({"cells": cells})] == [True, False, False, False, False]


def test_sample_submission_has_every_solution_cell(tmp_path: Path) -> None:
    submission = read_submission(save(right(), tmp_path / "a.ipynb"), "ada", "autoencoders", own_course().release)
    assert [cell.name for cell in submission.cells if cell.name] == [
        "encoder", "decoder", "train", "variational_encoder", "train_vae", "interpolate",
    ]  # fmt: skip


def test_a_notebook_of_more_cells_than_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save({"cells": (cells := student())}, tmp_path / "a.ipynb")
    monkeypatch.setattr(notebook_file, "MOST_CELLS", len(cells))
    assert read_submission(path, "ada", "autoencoders", RELEASED).problem == ""
    monkeypatch.setattr(notebook_file, "MOST_CELLS", len(cells) - 1)
    assert "more than" in read_submission(path, "ada", "autoencoders", RELEASED).problem
