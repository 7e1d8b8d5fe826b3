"""Notebooks as other editors than JupyterLab save them: without nbgrader's metadata, cell ids or a kernel's name."""

import copy
from typing import Any

from submissions import Notebook, code, place, right

from odd.case import NOTHING, Case


def marked(name: str, cells: dict[str, Any], notebook: dict[str, Any], keep_nbgrader: bool) -> Notebook:
    """The notebook with an editor's own metadata in place of all other, and without ids."""
    made = right()
    for number, cell in enumerate(made["cells"]):
        kept = {"nbgrader": cell["metadata"]["nbgrader"]} if keep_nbgrader and "nbgrader" in cell["metadata"] else {}
        cell["metadata"] = {**kept, **{key: number if value is int else value for key, value in cells.items()}}
        cell.pop("id", None)
    made["metadata"], made["nbformat_minor"] = notebook | {"editor": name}, 4
    return made


def colab() -> Notebook:
    made = marked("colab", {"id": int, "outputId": "x"}, {"colab": {"provenance": []}, "accelerator": "GPU"}, False)
    mount = ["from google.colab import drive\n", "drive.mount('/content/drive')\n"]
    made["cells"].insert(0, code(["%pip install --no-deps autoencoder_autograder-*.whl\n", "!nvidia-smi\n"]))
    made["cells"].insert(1, code(mount))
    return made


def databricks() -> Notebook:
    made = marked("databricks", {"application/vnd.databricks.v1+cell": {"nuid": "x"}}, {}, False)
    made["cells"][1:1] = [code("%sql\nselect 1"), code("dbutils.fs.ls('/')\nspark.range(3)")]
    return made


def one_id() -> Notebook:
    made = right()
    for cell in made["cells"]:
        cell["id"] = "same"
    return made


def merged() -> Notebook:
    """All answers in the first one's cell."""
    made = right()
    answers = [one for one in made["cells"] if one["metadata"].get("nbgrader", {}).get("solution")]
    first = copy.deepcopy(answers[0])
    first["source"] = "\n\n".join("".join(one["source"]) for one in answers)
    at = made["cells"].index(answers[0])
    return {**made, "cells": [*made["cells"][:at], first, *[o for o in made["cells"][at:] if o not in answers]]}


def another_kernel() -> Notebook:
    return {**right(), "metadata": {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}}


def last_year() -> Notebook:
    """Of a release in which a cell was called otherwise, and all others had other texts."""
    made = right()
    for cell in made["cells"]:
        cell["metadata"].get("nbgrader", {})["checksum"] = "0" * 32
    made["cells"][place(made, "train_vae")]["metadata"]["nbgrader"]["grade_id"] = "train_variational"
    return made


def windows_lines() -> Notebook:
    made = right()
    for cell in made["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")
    return made


EDITORS = {
    "colab": Case(colab, NOTHING, ("No module named 'google'", "it may work on your computer")),
    "vscode": Case(lambda: marked("vscode", {"vscode": {"languageId": "python"}}, {}, True), NOTHING),
    "databricks": Case(databricks, NOTHING, ("name 'dbutils' is not defined",)),
    "deepnote": Case(lambda: marked("deepnote", {"cell_id": int, "deepnote_cell_type": "code"}, {}, True), NOTHING),
    "one-id": Case(one_id, NOTHING),
    "merged": Case(merged, NOTHING),
    "another-kernel": Case(another_kernel, NOTHING),
    "last-year": Case(last_year, NOTHING, ("made from another version of the assignment",)),
    "windows-lines": Case(windows_lines, NOTHING),
}
