"""What a card says where the notebook's file holds something else than what has run: that is what a grader reads."""

import copy
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from submissions import Notebook, code, fill, place, right

from autograder.autoencoders.course import AUTOENCODERS
from autograder.notebook.saved_notebook import SavedNotebook, path_of

ENCODER = AUTOENCODERS.exercise("encoder")
RAN, SAVED, BEFORE = 50.0, 100.0, 10.0
CELL = "the-encoder"


def notebook() -> Notebook:
    """A right notebook; the encoder's cell has an id."""
    made = right()
    made["cells"][place(made, "encoder")]["id"] = CELL
    return made


def source() -> str:
    return "".join(notebook()["cells"][place(notebook(), "encoder")]["source"])


def below(made: Notebook, *cells: Notebook) -> Notebook:
    at = place(made, "encoder") + 1
    made["cells"][at:at] = cells
    return made


def turned(kind: str) -> Notebook:
    made = notebook()
    made["cells"][place(made, "encoder")]["cell_type"] = kind
    return made


def without_the_cell(*instead: Notebook) -> Notebook:
    made = notebook()
    at = place(made, "encoder")
    made["cells"][at : at + 1] = instead
    return made


def split() -> Notebook:
    made = notebook()
    upper, found, lower = source().partition("    def forward")
    fill(made, "encoder", upper)
    return below(made, code(found + lower, "encoder", solution=True))


def copied_to_the_end(text: str) -> Notebook:
    made = notebook()
    made["cells"].append({**copy.deepcopy(made["cells"][place(made, "encoder")]), "id": "copy", "source": text})
    return made


ANOTHER = source().replace("512", "256")
BELOW, GONE = "Another cell, between this one and the check, defines `Encoder`", "not in the saved notebook any more"

CASES: dict[str, tuple[Callable[[], Notebook], str]] = {
    "as it ran": (notebook, ""),
    "edited": (lambda: fill(notebook(), "encoder", ANOTHER), "another text now"),
    "Markdown": (lambda: turned("markdown"), "The cell that defined `Encoder` is a Markdown cell now"),
    "raw": (lambda: turned("raw"), "The cell that defined `Encoder` is a raw cell now"),
    "deleted": (without_the_cell, GONE),
    "deleted and written again": (lambda: without_the_cell(code(source())), ""),
    "deleted, imported": (lambda: without_the_cell(code("from mine import Encoder")), ""),
    "deleted, assigned": (lambda: without_the_cell(code("Encoder = make(2)")), ""),
    "another answer below": (lambda: below(notebook(), code(ANOTHER)), BELOW),
    "a copy of another answer below": (lambda: below(notebook(), code(ANOTHER, "encoder", solution=True)), BELOW),
    "the stub below": (
        lambda: below(notebook(), code(AUTOENCODERS.release.stub("encoder"), "encoder", solution=True)), ""
    ),
    "no Python below": (lambda: below(notebook(), code("class Encoder(nn.Module:\n    pass")), ""),
    "text below": (lambda: below(notebook(), {"cell_type": "markdown", "metadata": {}, "source": ANOTHER}), ""),
    "another answer below the check": (lambda: copied_to_the_end(ANOTHER), ""),
    "a helper below": (lambda: below(notebook(), code("def double(x):\n    return 2 * x")), ""),
}  # fmt: skip


def saved(made: Notebook, folder: Path, when: float = SAVED) -> SavedNotebook:
    path = folder / "mine.ipynb"
    path.write_text(json.dumps(made), encoding="utf-8")
    os.utime(path, (when, when))
    return SavedNotebook(path, AUTOENCODERS.release)


@pytest.mark.parametrize("name", CASES)
def test_the_card_says_what_a_grader_would_find_instead(tmp_path: Path, name: str) -> None:
    make, told = CASES[name]
    said = saved(make(), tmp_path).differs(ENCODER, source(), CELL, RAN)
    assert told in said
    assert bool(said) is bool(told), said
    assert not saved(make(), tmp_path, BEFORE).differs(ENCODER, source(), CELL, RAN)


NOWHERE = "The text that defined `Encoder` stands in no cell of the saved notebook"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("as it ran", ""),
        ("edited", NOWHERE),
        ("deleted", NOWHERE),
        ("deleted and written again", ""),
        ("Markdown", "is a Markdown cell now"),
        ("another answer below", BELOW),
        ("another answer below the check", ""),
    ],
)
def test_where_the_cells_id_is_unknown_as_in_vs_code_its_text_tells_it(tmp_path: Path, name: str, told: str) -> None:
    make, _ = CASES[name]
    said = saved(make(), tmp_path).differs(ENCODER, source(), "", RAN)
    assert told in said
    assert bool(said) is bool(told), said
    assert not saved(make(), tmp_path, BEFORE).differs(ENCODER, source(), "", RAN)


def test_of_a_file_that_cannot_be_read_nothing_is_said(tmp_path: Path) -> None:
    notebook_file = saved(notebook(), tmp_path)
    notebook_file.path.write_text("{")
    assert not notebook_file.differs(ENCODER, source(), "", RAN)


def test_a_cell_that_was_split_in_the_middle_is_to_be_merged(tmp_path: Path) -> None:
    upper = source().partition("    def forward")[0]
    assert "Shift+M" in saved(split(), tmp_path).differs(ENCODER, upper, CELL, RAN)


def test_an_answer_in_a_text_cell_is_told_where_nothing_has_run(tmp_path: Path) -> None:
    told = saved(turned("markdown"), tmp_path).answer_in_text(ENCODER)
    assert told.startswith("The cell for this answer is a Markdown cell now")
    assert not saved(notebook(), tmp_path).answer_in_text(ENCODER)
    stub = fill(turned("markdown"), "encoder", AUTOENCODERS.release.stub("encoder"))
    assert not saved(stub, tmp_path).answer_in_text(ENCODER)


def test_the_notebooks_file_is_the_one_that_jupyter_or_vs_code_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert path_of({}) is None
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/mine.ipynb")
    assert path_of({}) == Path("/home/me/mine.ipynb")
    assert path_of({"__vsc_ipynb_file__": "/other.ipynb"}) == Path("/other.ipynb")
