"""What stands in a notebook's place: other encodings and formats, other kinds of files, or nothing; and several."""

import json
from collections.abc import Callable

from submissions import Notebook, code, fill, right, stub, text

from odd.case import EVERYTHING, NAME, NOTHING, Case, Link, Pipe
from odd.students import zipped

REMARK = "# Müller: größer – “so”\n"


def encoded(encoding: str) -> bytes:
    """A right notebook with letters of Western Europe in it, unescaped."""
    notebook = right()
    fill(notebook, "encoder", REMARK + text(notebook, "encoder"))
    return json.dumps(notebook, ensure_ascii=False).encode(encoding, "replace")


def of_ipython_2(notebook: Notebook) -> Notebook:
    """The notebook in the format of before 2014."""
    cells = [
        {"cell_type": "code", "input": one["source"], "language": "python", "metadata": one["metadata"], "outputs": []}
        if one["cell_type"] == "code"
        else {"cell_type": "markdown", "source": one["source"], "metadata": {}}
        for one in notebook["cells"]
    ]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


def in_conflict() -> bytes:
    lines = json.dumps(right(), indent=1).splitlines()
    both = ["<<<<<<< HEAD", lines[40], "=======", lines[40], ">>>>>>> main"]
    return "\n".join([*lines[:40], *both, *lines[41:]]).encode()


def with_pictures() -> Notebook:
    """30 MB of plots."""
    notebook = right()
    plots = [one for one in notebook["cells"] if one["cell_type"] == "code"]
    for one in plots:
        data = {"image/png": "iVBOR" * (6_000_000 // len(plots)), "text/plain": "<Figure>"}
        one["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    return notebook


def nothing() -> None:
    """No notebook."""


def unread(make: Callable[[], bytes | Notebook | Link | None], *said: str, **files: bytes | Link) -> Case:
    """Nothing that can be graded: the student and the teacher read what there is."""
    return Case(make, EVERYTHING, said, flags=("look",), files=files)


def right_beside(files: dict[str, bytes | Link | Pipe], *flags: str) -> Case:
    return Case(right, NOTHING, files=files, flags=flags)


FILES = {
    "utf-8-with-a-mark": Case(lambda: encoded("utf-8-sig"), NOTHING),
    "utf-16": Case(lambda: encoded("utf-16"), NOTHING),
    "utf-16-without-a-mark": Case(lambda: encoded("utf-16-le"), NOTHING),
    "utf-32": Case(lambda: encoded("utf-32"), NOTHING),
    "windows-letters": Case(lambda: encoded("cp1252"), NOTHING),
    "latin-1": Case(lambda: encoded("latin-1"), NOTHING),
    "lines-of-windows": Case(lambda: json.dumps(right(), indent=1).replace("\n", "\r\n").encode(), NOTHING),
    "lines-of-old-macs": Case(lambda: json.dumps(right(), indent=1).replace("\n", "\r").encode(), NOTHING),
    "format-3": Case(lambda: of_ipython_2(right()), NOTHING),
    "30-mb-of-pictures": Case(with_pictures, NOTHING),
    "cut-off": unread(lambda: json.dumps(right()).encode()[:20_000], "is not valid JSON", "breaks off in the middle"),
    "conflict": unread(in_conflict, "a conflict that git could not merge, in line 41"),
    "empty-file": unread(lambda: b"", "is empty"),
    "zeros": unread(lambda: b"\x00" * 5000, "is empty"),
    "page": unread(lambda: b"<!DOCTYPE html>\n<html><body>Log in</body></html>", "is a web page (HTML)"),
    "quarto": unread(lambda: b"---\ntitle: VAE\n---\n```{python}\nclass Encoder: ...\n```\n", "is a Markdown file"),
    "python-file": unread(lambda: b"import torch\n", "is a Python file"),
    "pdf": unread(lambda: b"%PDF-1.7\n", "is a PDF"),
    "zip-called-notebook": unread(lambda: zipped(**{NAME: right()}), "is a zip file under the name of a notebook"),
    "a-number": unread(lambda: b"7", "holds no code cells"),
    "no-cells": unread(lambda: {"nbformat": 3, "worksheets": []}, "holds no code cells"),
    "texts-alone": unread(
        lambda: {"cells": [{"cell_type": "markdown", "metadata": {}, "source": "Mine"}]}, "holds no code cells"
    ),
    "another-notebook": unread(
        lambda: {"cells": [code("print('hello')")], "metadata": {}, "nbformat": 4}, "the notebook of another assignment"
    ),
    "link": unread(lambda: Link("../../honest/autoencoders/autoencoders.ipynb"), "is a link"),
    "link-to-nowhere": unread(lambda: Link("/nowhere/autoencoders.ipynb"), "is a link"),
    "folder": unread(nothing, "autoencoders.ipynb is a folder", **{f"{NAME}/mine.txt": b"mine"}),
    "only-hidden": unread(
        nothing, "only .ipynb_checkpoints", **{".ipynb_checkpoints/autoencoders-checkpoint.ipynb": b"{}"}
    ),
    "only-python": unread(nothing, "no notebook was handed in, only answer.py", **{"answer.py": b"class Encoder: ..."}),
    "only-a-tar": unread(nothing, "no notebook was handed in, only hw.tar.gz", **{"hw.tar.gz": b"\x1f\x8b"}),
    "only-what-nbgrader-adds": unread(
        nothing,
        "the folder is empty",
        **{"timestamp.txt": b"2026-11-27 12:00:00 UTC", "submission_secret.txt": b"5a3f"},
    ),
    "nothing": unread(nothing, "the folder is empty"),
    "evil-zip": unread(nothing, "hw.zip holds names that lead out of it", **{"hw.zip": zipped(**{"../a.ipynb": b""})}),
    "broken-zip": unread(nothing, "hw.zip is broken", **{"hw.zip": b"PK"}),
    "zipped": Case(nothing, NOTHING, files={"hw.zip": zipped(**{f"my work/{NAME}": right()})}),
    "renamed": Case(right, NOTHING, name="final (2).ipynb"),
    "saved-by-a-browser": Case(right, NOTHING, name="autoencoders.ipynb.json"),
    "saved-as-text": Case(right, NOTHING, name="autoencoders.ipynb.txt"),
    "in-capitals": Case(right, NOTHING, name="AUTOENCODERS.IPYNB"),
    "a-name-of-two-lines": Case(right, NOTHING, name="auto\nencoders.ipynb"),
    "in-a-folder": Case(right, NOTHING, name=f"my work/{NAME}"),
}

BOTH = "autoencoders-Copy1.ipynb"
SEVERAL = {
    "stub-and-copy": Case(
        stub, EVERYTHING, files={BOTH: json.dumps(right()).encode()}, flags=(f"{BOTH} has 6 exercises begun",)
    ),
    "two-untitled": Case(
        stub,
        NOTHING,
        name="Untitled.ipynb",
        files={"Untitled1.ipynb": json.dumps(right()).encode()},
        flags=("Untitled1.ipynb counts, and not autoencoders/Untitled.ipynb",),
    ),
    "with-another-assignments": right_beside({"ps2.ipynb": json.dumps({"cells": [code("1", "ps2")]}).encode()}),
    "with-its-checkpoint": right_beside({".ipynb_checkpoints/autoencoders-checkpoint.ipynb": b"{}"}),
    "with-a-zip-of-it": right_beside({"hw.zip": zipped(**{NAME: right()})}),
    "paired-by-jupytext": right_beside({"autoencoders.py": b"# %%\nimport torch\n", "autoencoders.md": b"# Mine\n"}),
    "from-a-mac": right_beside({"__MACOSX/._autoencoders.ipynb": b"\x00\x05", ".DS_Store": b"\x00"}),
    "with-a-link": right_beside({"notes.txt": Link("/etc/hostname")}, "notes.txt is a link"),
    "with-a-link-to-nowhere": right_beside({"data.csv": Link("/nowhere")}, "data.csv is a link"),
    "with-a-pipe": right_beside({"pipe": Pipe()}),
    "with-a-folder-called-notebook": right_beside({"drafts.ipynb/notes.txt": b"x"}),
}
