"""Notebooks as text for a diff."""

import json

from autograder.course.notebook_diff import diff, readable_lines


def notebook(*sources: object, **cell: object) -> str:
    cells = [{"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": s, **cell} for i, s in enumerate(sources)]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_sources_are_plain_lines_however_they_are_stored() -> None:
    assert readable_lines(notebook("a\nb")) == readable_lines(notebook(["a\n", "b"]))
    assert readable_lines(notebook("a\nb"))[:4] == ["# %% [code] c0", "a", "b", ""]


def test_diff_names_the_lines_that_differ_and_no_others() -> None:
    lines = diff(notebook("a\nb"), notebook("a\nc"), "old", "new").splitlines()
    assert lines[:2] == ["--- old", "+++ new"]
    assert [line for line in lines[2:] if line[0] in "+-"] == ["-b", "+c"]


def test_equal_notebooks_have_no_diff() -> None:
    assert diff(notebook("a"), notebook("a"), "old", "new") == ""


def test_metadata_and_outputs_count() -> None:
    assert diff(notebook("a"), notebook("a", outputs=[{"text": "1"}]), "old", "new")
    assert diff(notebook("a"), notebook("a", execution_count=1), "old", "new")


def test_long_lines_are_cut_and_still_differ() -> None:
    shown = diff(notebook("x" * 9000 + "1"), notebook("x" * 9000 + "2"), "old", "new")
    assert shown
    assert max(map(len, shown.splitlines())) < 500


def test_what_is_no_notebook_is_shown_as_it_is() -> None:
    assert readable_lines("<<<<<<< HEAD\nx") == ["<<<<<<< HEAD", "x"]
    assert readable_lines('{"cells": 3}') == ['{"cells": 3}']
    assert readable_lines("[]") == ["[]"]
