"""The notebook that nbgrader gets to see: the released one, with what a student may change put in."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from autograder.course.cells import grade_id_of, is_code, nbgrader_metadata, text_of
from autograder.course.release import Release
from autograder.nbgrader.allowed_html import AllowedHtml
from autograder.nbgrader.safe_text import SafeTexts
from autograder.submissions.merge import Slot, merge
from autograder.submissions.submission import solutions_in_text

NOT_THERE = "# This cell was not in the notebook that was handed in."
AS_TEXT = "# This cell was handed in as text, which Jupyter does not run. It stands near here, as text."

_Json = dict[str, Any]


@dataclass(frozen=True)
class _Cell:
    """A cell with or without code, and what the file says about it."""

    source: str
    grade_id: str
    json: Mapping[str, Any]


def rebuilt(notebook: Mapping[str, Any], release: Release) -> _Json:
    """A sound notebook for nbgrader, made from a student's, which may be anything that was read as JSON.

    Code is what the grader runs, in the same order. Released texts stand as the student has left them, but for what
    would do something in the browser that shows them. Outputs, and all that nbgrader has noted in the student's file,
    stay behind.
    """
    skeleton = _with_ids(deepcopy(dict(release.notebook)))
    given = {cell["id"]: cell for cell in skeleton["cells"]}
    theirs = [cell for cell in _listed(notebook) if is_code(cell) or cell.get("cell_type") in ("markdown", "raw")]
    skeleton["cells"] = [_with_their_text(cell, theirs) for cell in skeleton["cells"]]
    slots = merge(_their_cells(theirs, release), _cells(skeleton["cells"]), release)
    as_text = solutions_in_text(notebook, release) if isinstance(notebook.get("cells"), list) else {}
    texts = SafeTexts(AllowedHtml(frozenset(_names_on_pages(release))))
    skeleton["cells"] = [_shown(cell, given.get(cell["id"]), texts) for cell in _laid_out(slots, as_text)]
    return skeleton


def _with_ids(notebook: _Json) -> _Json:
    """The notebook in the format in which every cell has an id; older ones have none."""
    cells = [{**cell, "id": cell.get("id", f"given-{number}")} for number, cell in enumerate(notebook["cells"])]
    return {**notebook, "nbformat_minor": max(notebook["nbformat_minor"], 5), "cells": cells}


def _names_on_pages(release: Release) -> Iterator[str]:
    """The names by which formgrader and feedback pages find their own parts."""
    yield from ("notebook", "notebook-container", "statusmessage", "toc", "top")
    for cell in release.notebook["cells"]:
        if name := grade_id_of(cell):
            yield from (name, f"{name}-comment", f"comment-{name}", f"{name}_extra_credit")


def _listed(notebook: Mapping[str, Any]) -> list[_Json]:
    cells = notebook.get("cells")
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []


def _cells(cells: Sequence[_Json]) -> list[_Cell]:
    return [_Cell(_encodable(text_of(cell)), grade_id_of(cell), cell) for cell in cells]


def _their_cells(cells: Sequence[_Json], release: Release) -> list[_Cell]:
    """The student's cells; a solution that has become text is a text of their own."""
    solutions = {cell.grade_id for cell in release.cells if cell.solution}
    return [
        replace(cell, grade_id="") if cell.grade_id in solutions and not is_code(cell.json) else cell
        for cell in _cells(cells)
    ]


def _encodable(text: str) -> str:
    # JSON can spell halves of characters, which no file can hold.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _with_their_text(given: _Json, theirs: Sequence[_Json]) -> _Json:
    """A released cell; where it is a text that students may change, as the student has it."""
    if given["cell_type"] != "markdown" or nbgrader_metadata(given).get("solution", True) is not True:
        return given
    own = next((cell for cell in reversed(theirs) if not is_code(cell) and _same_text_cell(cell, given)), None)
    return given if own is None else {**given, "source": text_of(own), "attachments": own.get("attachments")}


def _same_text_cell(cell: _Json, given: _Json) -> bool:
    name = grade_id_of(given)
    return grade_id_of(cell) == name if name else cell.get("id") == given["id"]


def _laid_out(slots: Sequence[Slot[_Cell]], as_text: Collection[str]) -> Iterator[_Json]:
    for number, slot in enumerate(slots):
        if slot.given is not None:
            yield {**slot.given.json, "source": _source(slot, as_text)}
        elif slot.own is not None:
            yield _added(slot.own, number)


def _source(slot: Slot[_Cell], as_text: Collection[str]) -> str:
    assert slot.given is not None
    if slot.own is not None:
        return slot.own.source
    if not is_code(slot.given.json) or nbgrader_metadata(slot.given.json).get("solution") is not True:
        return slot.given.source
    return AS_TEXT if slot.name in as_text else NOT_THERE


def _added(own: _Cell, number: int) -> _Json:
    """A cell of the student's own, with nothing of theirs but its text."""
    kind = "code" if is_code(own.json) else own.json["cell_type"]
    cell: _Json = {"cell_type": kind, "id": f"added-{number}", "metadata": {}, "source": own.source}
    if kind == "code":
        return {**cell, "outputs": [], "execution_count": None}
    return {**cell, "attachments": own.json.get("attachments")}


def _shown(cell: _Json, given: Mapping[str, Any] | None, texts: SafeTexts) -> _Json:
    """A cell as nbgrader's pages may show it: they escape code, and take texts for their instructor's."""
    if cell["cell_type"] == "code":
        return cell
    pictures = cell.pop("attachments", None)
    if given is not None and cell["source"] == text_of(given):
        return {**given, "source": cell["source"]}
    is_markdown = cell["cell_type"] == "markdown"
    text = texts.markdown(cell["source"], pictures) if is_markdown else texts.plain(cell["source"])
    attachments = {"attachments": text.attachments} if text.attachments else {}
    return {**cell, "cell_type": "markdown", "source": text.source, **attachments}
