"""Cells deleted, and what nbgrader and Jupyter note in a file damaged, old, or of another version."""

import json
from copy import deepcopy

from submissions import Notebook, cell, code, place, right, stub

from odd.case import NOTHING, Case


def without(grade_id: str) -> Notebook:
    """A right notebook without one of its cells."""
    notebook = right()
    del notebook["cells"][place(notebook, grade_id)]
    return notebook


def without_imports() -> Notebook:
    """A right notebook without the cell of imports, which is not locked."""
    notebook = right()
    kept = [one for one in notebook["cells"] if "import torch.nn as nn" not in "".join(one["source"])]
    assert len(kept) == len(notebook["cells"]) - 1
    return {**notebook, "cells": kept}


def with_metadata(grade_id: str, **nbgrader: object) -> Notebook:
    notebook = right()
    cell(notebook, grade_id)["metadata"]["nbgrader"].update(nbgrader)
    return notebook


def every_metadata(**nbgrader: object) -> Notebook:
    notebook = right()
    for one in notebook["cells"]:
        if "nbgrader" in one["metadata"]:
            one["metadata"]["nbgrader"].update(nbgrader)
    return notebook


def as_text(grade_id: str) -> Notebook:
    """A right notebook in which a cell has become Markdown."""
    notebook = right()
    one = cell(notebook, grade_id)
    one["cell_type"] = "markdown"
    del one["outputs"], one["execution_count"]
    return notebook


def with_a_copy(grade_id: str) -> Notebook:
    """A right notebook with a cell as it was released once more, at its end."""
    notebook = right()
    notebook["cells"].append(deepcopy(cell(stub(), grade_id)))
    return notebook


def without_metadata() -> Notebook:
    """A right notebook that holds nothing but its cells' kinds and texts."""
    notebook = right()
    notebook["metadata"] = {}
    for one in notebook["cells"]:
        one["metadata"] = {}
        one.pop("id", None)
    return notebook


def with_own_names() -> Notebook:
    notebook = right()
    notebook["cells"] += [
        code("1", "bonus", grade=True, solution=False, locked=True, points=50, schema_version=3),
        code("'text of half a letter: \ud800'", "mine", solution=True),
        {"cell_type": "markdown", "metadata": {"nbgrader": None}, "source": 7, "attachments": {"a": 1}},
        {"cell_type": "odd", "metadata": 3},
    ]
    return notebook


def of_version(minor: int, ids: bool) -> Notebook:
    """A right notebook that says another minor version of the format, with or without what that brought."""
    notebook = {**right(), "nbformat_minor": minor}
    for one in notebook["cells"]:
        if not ids:
            one.pop("id", None)
    return notebook


def sources_as(kind: str) -> Notebook:
    """A right notebook whose cells' texts are one string, or a list of single letters."""
    notebook = right()
    for one in notebook["cells"]:
        whole = "".join(one["source"])
        one["source"] = whole if kind == "text" else list(whole)
    return notebook


def with_broken_cells() -> Notebook:
    """Among the right cells others that lack what a cell has."""
    notebook = right()
    broken = [
        {"cell_type": "code", "metadata": {}, "source": None, "outputs": None},
        {"cell_type": "code", "source": ["a = 1\n", None, 2]},
        {"cell_type": "code", "metadata": {"nbgrader": "encoder"}, "outputs": 7},
        {"metadata": {"nbgrader": {"grade_id": ["encoder"], "solution": True}}, "source": "b = 2"},
        {},
        None,
        "class Encoder: pass",
    ]
    notebook["cells"][2:2] = broken
    return notebook


def repeated_keys() -> bytes:
    """Each cell's text stands there twice, as some tools that merge notebooks leave it; JSON's last one counts."""
    return json.dumps(right()).replace('"source":', '"source": "1 / 0", "source":').encode()


METADATA = {
    "test-deleted": Case(lambda: without("test_encoder"), NOTHING),
    "solution-deleted": Case(lambda: without("encoder"), {"encoder": (0.0, "not-attempted")}),
    "given-cell-deleted": Case(lambda: without("autoencoder"), NOTHING),
    "imports-deleted": Case(without_imports, NOTHING),
    "stub-copied": Case(lambda: with_a_copy("encoder"), NOTHING),
    "test-copied-as-released": Case(lambda: with_a_copy("test_kl"), NOTHING),
    "more-points": Case(lambda: with_metadata("test_encoder", points=100), NOTHING),
    "odd-points": Case(lambda: with_metadata("test_encoder", points="many"), NOTHING),
    "text-for-a-test": Case(lambda: as_text("test_encoder"), NOTHING),
    "no-metadata": Case(without_metadata, NOTHING),
    "old-schema": Case(lambda: every_metadata(schema_version=1), NOTHING),
    "schema-of-the-future": Case(lambda: every_metadata(schema_version=9, extra={"key": 1}), NOTHING),
    "own-names": Case(with_own_names, NOTHING),
    "format-4.0": Case(lambda: of_version(0, ids=False), NOTHING),
    "format-4.4-with-ids": Case(lambda: of_version(4, ids=True), NOTHING),
    "format-4.5-without-ids": Case(lambda: of_version(5, ids=False), NOTHING),
    "format-4.9": Case(lambda: of_version(9, ids=True), NOTHING),
    "format-5": Case(lambda: {**right(), "nbformat": 5, "nbformat_minor": 0}, NOTHING),
    "format-unsaid": Case(lambda: {"cells": right()["cells"]}, NOTHING),
    "texts-in-one-string": Case(lambda: sources_as("text"), NOTHING),
    "texts-in-letters": Case(lambda: sources_as("letters"), NOTHING),
    "broken-cells": Case(with_broken_cells, NOTHING),
    "keys-twice": Case(repeated_keys, NOTHING),
}
