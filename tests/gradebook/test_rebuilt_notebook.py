"""The notebook that nbgrader gets to see in place of the student's file."""

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hostile import BREAKING, CLICKED, SHOWN, hostile, picture
from hypothesis import example, given, settings
from hypothesis import strategies as st
from nbgrader.nbgraderformat import MetadataValidator
from odd.metadata import METADATA, as_text, with_a_copy, without, without_metadata
from submissions import Notebook, add, code, fill, place, right, save, stub

from autograder.course.installed import own_course
from autograder.nbgrader import rebuild
from autograder.nbgrader.allowed_html import AllowedHtml
from autograder.nbgrader.rebuild import AS_TEXT, NOT_THERE
from autograder.nbgrader.safe_text import SafeTexts
from autograder.submissions.submission import read_submission

RELEASE = own_course().release


def rebuilt(notebook: Mapping[str, Any]) -> Notebook:
    return rebuild.rebuilt(notebook, RELEASE)


def sources(notebook: Notebook) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"]]


def source(notebook: Notebook, grade_id: str) -> str:
    return "".join(notebook["cells"][place(notebook, grade_id)]["source"])


def prose(text: str, name: str = "note") -> Notebook:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text}


def assert_sound(notebook: Notebook) -> None:
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(nbformat.from_dict(notebook))


def test_a_sound_notebook_stays_as_it_is() -> None:
    notebook = rebuilt(right())
    assert sources(notebook) == sources(right())
    assert [cell["metadata"] for cell in notebook["cells"]] == [cell["metadata"] for cell in right()["cells"]]
    assert_sound(notebook)


@pytest.mark.parametrize(
    "damaged", [without("test_encoder"), with_a_copy("encoder"), with_a_copy("test_kl"), as_text("test_kl")]
)
def test_what_has_no_meaning_is_mended(damaged: Notebook) -> None:
    assert sources(rebuilt(damaged)) == sources(right())


@pytest.mark.parametrize("grade_id", ["test_encoder", "autoencoder", "run_training", "picture_vae"])
def test_what_is_locked_is_as_released(grade_id: str) -> None:
    assert source(rebuilt(fill(right(), grade_id, "99")), grade_id) == source(stub(), grade_id)


def test_a_missing_solution_is_said_to_be_missing() -> None:
    notebook = rebuilt(without("encoder"))
    assert source(notebook, "encoder") == NOT_THERE
    assert len(notebook["cells"]) == len(right()["cells"])


def test_a_solution_that_has_become_text_is_said_to_be_and_shown() -> None:
    notebook = rebuilt(as_text("encoder"))
    assert source(notebook, "encoder") == AS_TEXT
    shown = next(cell for cell in notebook["cells"] if "class Encoder" in cell["source"])
    assert (shown["cell_type"], shown["metadata"]) == ("markdown", {})
    assert_sound(notebook)


def copies() -> Notebook:
    """Pieces of two solutions, and a helper in a copy of a test cell."""
    notebook = right()
    for name, text in (("train", "a = 1"), ("encoder", "b = 2"), ("encoder", "c = 3"), ("test_kl", "d = 4")):
        copy = deepcopy(notebook["cells"][place(notebook, name)])
        notebook["cells"].append({**copy, "id": f"copy-{text[0]}", "source": text})
    return notebook


def test_one_piece_has_the_name_and_the_others_stand_where_they_are() -> None:
    notebook = rebuilt(copies())
    assert source(notebook, "encoder") == source(right(), "encoder")
    assert [(cell["source"], cell["metadata"]) for cell in notebook["cells"][-4:]] == [
        (text, {}) for text in ("a = 1", "b = 2", "c = 3", "d = 4")
    ]
    assert_sound(notebook)


def test_texts_are_as_the_student_has_left_them() -> None:
    notebook = right()
    answer = next(cell for cell in notebook["cells"] if cell["id"] == "notice-autoencoder")
    pasted = {"a.png": {"image/png": picture()}}
    answer |= {"source": ["I notice\n", "gaps. ![](attachment:a.png)"], "attachments": pasted}
    notebook["cells"].insert(place(notebook, "encoder"), prose("My own note"))
    made = rebuilt(notebook)
    shown = next(cell for cell in made["cells"] if cell["id"] == "notice-autoencoder")
    assert (shown["source"], shown["attachments"]) == ("I notice\ngaps. ![](attachment:a.png)", pasted)
    assert sources(made).count("My own note") == 1
    assert len(made["cells"]) == len(right()["cells"]) + 1
    assert_sound(made)


def test_texts_are_harmless_wherever_they_stand_and_code_is_as_it_was() -> None:
    notebook = hostile({**SHOWN, **CLICKED, **BREAKING})
    made = rebuilt(notebook)
    assert_sound(made)
    texts = [cell for cell in made["cells"] if cell["cell_type"] == "markdown"]
    assert len(texts) > len(SHOWN) + len(CLICKED) + len(BREAKING)
    rules = AllowedHtml()
    for cell in texts:
        if cell["id"] not in {"picture-autoencoder", "picture-vae"}:  # the instructor's own, locked
            assert SafeTexts(rules).markdown(cell["source"], cell.get("attachments")).source == cell["source"]
    assert {cell["cell_type"] for cell in made["cells"]} == {"code", "markdown"}
    own = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["source"] for cell in made["cells"] if cell["cell_type"] == "code"] == ["".join(one) for one in own]


def test_a_raw_cell_is_shown_as_it_was_written() -> None:
    notebook = right()
    notebook["cells"].append({**prose("*not bold* <b>"), "cell_type": "raw"})
    assert any(f"```\n{'*not bold* <b>'}\n```" in text for text in sources(rebuilt(notebook)))


def test_a_released_text_that_nobody_has_changed_is_the_instructors() -> None:
    released = deepcopy(RELEASE.notebook)
    text = next(cell for cell in released["cells"] if cell["id"] == "notice-vae")
    text["source"] = "<iframe src='https://example.org'></iframe>"
    release = replace(RELEASE, notebook=released)
    shown = [cell["source"] for cell in rebuild.rebuilt(deepcopy(released), release)["cells"]]
    assert text["source"] in shown
    changed = deepcopy(released)
    changed["cells"][released["cells"].index(text)]["source"] += " mine"
    assert not any("iframe" in "".join(one) for one in sources(rebuild.rebuilt(changed, release)))


def test_own_cells_keep_their_order_among_each_other() -> None:
    notebook = right()
    after = place(notebook, "train") + 1
    notebook["cells"][after:after] = [prose("first"), code("second = 2"), prose("third"), code("fourth = 4")]
    made = sources(rebuilt(notebook))
    start = made.index("first")
    assert made[start : start + 4] == ["first", "second = 2", "third", "fourth = 4"]
    assert made[start - 1] == source(right(), "train")


def test_nothing_of_an_own_cell_but_its_text_is_kept() -> None:
    notebook = right()
    added = code("bonus = 1", "bonus", grade=True, locked=True, points=50)
    added["metadata"]["tags"] = ["driver"]
    added["outputs"] = [{"output_type": "stream", "name": "stderr", "text": "boo"}]
    notebook["cells"].append(added)
    last = rebuilt(notebook)["cells"][-2:]
    (kept,) = (cell for cell in last if cell["source"] == "bonus = 1")
    assert (kept["metadata"], kept["outputs"]) == ({}, [])


@pytest.mark.parametrize(
    "notebook",
    [
        right(),
        add(add(right(), "a = 1", "encoder"), "b = 2", "picture_vae"),
        without("encoder"),
        without_metadata(),
        {**right(), "cells": right()["cells"][::-1]},
        copies(),
        {**copies(), "cells": copies()["cells"][::-1]},
    ],
    ids=["whole", "own cells", "without a solution", "without names", "upside down", "copies", "copies first"],
)
def test_code_stands_in_the_order_in_which_it_is_run(notebook: Notebook, tmp_path: Path) -> None:
    run = [cell.source for cell in read_submission(save(notebook, tmp_path / "a.ipynb"), "ada", "a", RELEASE).cells]
    made = iter(sources(rebuilt(notebook)))
    assert all(text in made for text in run)


@pytest.mark.parametrize("name", METADATA)
def test_nbgrader_finds_nothing_wrong_with_it(name: str) -> None:
    content = METADATA[name].make()
    notebook = json.loads(content) if isinstance(content, bytes) else content
    assert_sound(rebuilt(notebook))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from(["code", "markdown", "raw", "other"])
CELLS = st.fixed_dictionaries(
    {"cell_type": KINDS | JSON},
    optional={
        "id": st.sampled_from(["title", "notice-vae", "added-1"]) | JSON,
        "metadata": st.fixed_dictionaries(
            {},
            optional={
                "nbgrader": st.dictionaries(st.sampled_from(["grade_id", "cell_type", "points"]), KINDS | JSON) | JSON
            },
        )
        | JSON,
        "source": JSON | st.sampled_from(["\ud800", ["x = 1\n", "\udfff"]]),
        "attachments": JSON | st.just({"a.png": {"image/png": "\ud800"}}),
        "outputs": JSON,
    },
)


HALF_A_CHARACTER = {"a.png": {"image/png": "\ud800"}}


@settings(max_examples=60)
@example([{**prose("", "notice-vae"), "attachments": HALF_A_CHARACTER}])
@example([{**prose("of mine"), "attachments": HALF_A_CHARACTER}])
@given(st.lists(CELLS | JSON, max_size=4) | JSON)
def test_whatever_the_file_holds_the_notebook_is_sound(cells: object) -> None:
    notebook = rebuilt({"cells": cells, "metadata": cells, "nbformat": cells})
    assert_sound(notebook)
    nbformat.writes(nbformat.from_dict(notebook)).encode()
