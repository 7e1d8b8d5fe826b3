"""Stubs in place of solutions."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import Config

from autograder.nbgrader.clear_solutions import ClearSolutions, SolutionRegionError

SOLUTION = {"nbgrader": {"grade": False, "solution": True, "locked": False, "grade_id": "a", "schema_version": 3}}


def cleared(
    *lines: str,
    config: Config | None = None,
    cell: Callable[..., NotebookNode] = new_code_cell,
    metadata: Mapping[str, Any] = SOLUTION,
) -> list[str]:
    notebook = new_notebook(cells=[cell("\n".join(lines), metadata=metadata)])
    result, _ = ClearSolutions(config=config or Config()).preprocess(notebook, {})
    left: list[str] = result.cells[0].source.split("\n")
    return left


def test_stub_comment_gives_the_stub() -> None:
    assert cleared("a", "### BEGIN SOLUTION", "# stub: z = ...", "z = 1", "### END SOLUTION", "b") == [
        "a",
        "z = ...",
        "b",
    ]


def test_several_stub_comments_give_several_lines_and_blank_ones() -> None:
    region = ("# stub: # first", "# stub: mu = ...", "# stub:", "# stub: z = ...", "mu = 1", "z = 2")
    assert cleared("### BEGIN SOLUTION", *region, "### END SOLUTION") == ["# first", "mu = ...", "", "z = ..."]


def test_stub_has_the_indentation_of_its_region_and_keeps_its_own() -> None:
    region = ("# stub: if x:", "# stub:     z = ...", "z = 2")
    lines = cleared("def f():", "    ### BEGIN SOLUTION", *(f"    {line}" for line in region), "    ### END SOLUTION")
    assert lines == ["def f():", "    if x:", "        z = ..."]


def test_each_region_has_its_own_stub() -> None:
    lines = cleared(
        *("### BEGIN SOLUTION", "# stub: a = ...", "a = 1", "### END SOLUTION"),
        "given",
        *("  ### BEGIN SOLUTION", "  b = 1", "  ### END SOLUTION"),
        *("### BEGIN SOLUTION", "# stub: c = ...", "c = 1", "### END SOLUTION"),
    )
    assert lines == ["a = ...", "given", "  # YOUR CODE HERE", "  raise NotImplementedError()", "c = ..."]


def test_only_the_first_comments_are_stubs() -> None:
    lines = cleared("### BEGIN SOLUTION", "x = 1", "# stub: x = ...", "### END SOLUTION")
    assert lines == ["# YOUR CODE HERE", "raise NotImplementedError()"]


def test_blank_stub_lines_carry_no_spaces() -> None:
    lines = cleared(
        "    ### BEGIN SOLUTION", "    # stub: a = ...", "    # stub: ", "    a = 1", "    ### END SOLUTION"
    )
    assert lines == ["    a = ...", ""]


def test_solution_cell_without_region_becomes_a_stub_as_with_nbgrader() -> None:
    assert cleared("x = 1") == ["# YOUR CODE HERE", "raise NotImplementedError()"]


def test_other_cells_stay() -> None:
    assert cleared("x = 1  # stub: x = ...", metadata={}) == ["x = 1  # stub: x = ..."]


def test_written_answers_are_cleared_as_with_nbgrader() -> None:
    metadata = {"nbgrader": {**SOLUTION["nbgrader"], "grade": True, "points": 1}}
    lines = cleared(
        "Why?", "### BEGIN SOLUTION", "Because.", "### END SOLUTION", cell=new_markdown_cell, metadata=metadata
    )
    assert lines == ["Why?", "YOUR ANSWER HERE"]


def test_is_configured_like_nbgraders_own() -> None:
    config = Config()
    config.ClearSolutions.code_stub = {"python": "pass"}
    config.ClearSolutions.begin_solution_delimeter = "<<<"
    config.ClearSolutions.end_solution_delimeter = ">>>"
    assert cleared("#<<<", "x = 1", "#>>>", config=config) == ["pass"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["### BEGIN SOLUTION", "x = 1"], "does not end"),
        (["### BEGIN SOLUTION", "### BEGIN SOLUTION", "### END SOLUTION"], "line 2: .* within another"),
        (["x = 1", "### END SOLUTION"], "line 2: .* not begun"),
        (["### BEGIN SOLUTION", "### END SOLUTION", "### END SOLUTION"], "line 3: .* not begun"),
    ],
)
def test_unbalanced_regions_are_refused(lines: list[str], message: str) -> None:
    with pytest.raises(SolutionRegionError, match=message):
        cleared(*lines)


def test_region_outside_a_solution_cell_is_refused() -> None:
    with pytest.raises(RuntimeError, match="non-solution cell"):
        cleared("### BEGIN SOLUTION", "x = 1", "### END SOLUTION", metadata={})
