"""Notebook files as editors, old Jupyters, git and browsers leave them."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from submissions import Notebook, code, fill, place, right, save

from autograder.course.cells import text_of
from autograder.course.installed import own_course
from autograder.submissions.notebook_file import UnreadableNotebook, read_notebook, read_whole_notebook
from autograder.submissions.submission import Submission, read_submission

RELEASE = own_course().release
REMARK = "# Müller: größer – “so”\n"


def german() -> Notebook:
    notebook = right()
    source = text_of(notebook["cells"][place(notebook, "encoder")])
    return fill(notebook, "encoder", REMARK + source)


def read(path: Path) -> Submission:
    return read_submission(path, "ada", "autoencoders", RELEASE)


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "text")
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_encoding_gives_the_same_cells(tmp_path: Path, encoding: str) -> None:
    plain = read(save(german(), tmp_path / "a.ipynb"))
    text = json.dumps(german(), ensure_ascii=False)
    (path := tmp_path / f"{encoding}.ipynb").write_bytes(text.encode(encoding, "replace"))
    assert read(path).problem == ""
    assert (read(path).solutions or {})["encoder"] == (plain.solutions or {})["encoder"]
    assert any(REMARK.strip() in cell.source for cell in read(path).cells)


def test_latin_1_is_read_where_windows_has_no_such_letters(tmp_path: Path) -> None:
    notebook = {"cells": [code("x = 'é\x81'", "encoder", solution=True)]}
    (path := tmp_path / "a.ipynb").write_bytes(json.dumps(notebook, ensure_ascii=False).encode("latin-1"))
    assert text_of(read_notebook(path)["cells"][0]) == "x = 'é\x81'"


def old(notebook: Notebook) -> Notebook:
    """The notebook as IPython 2 would have saved it, without what it could not have."""
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            metadata = cell["metadata"]
            cells.append(
                {
                    "cell_type": "code",
                    "input": cell["source"],
                    "language": "python",
                    "metadata": metadata,
                    "outputs": [{"output_type": "pyout", "prompt_number": 1, "text": ["1"], "metadata": {}}],
                }
            )
        else:
            cells.append({"cell_type": "heading", "level": 2, "source": cell["source"], "metadata": {}})
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


def test_a_notebook_of_before_2014_gives_the_same_cells(tmp_path: Path) -> None:
    now, then = read(save(right(), tmp_path / "a.ipynb")), read(save(old(right()), tmp_path / "b.ipynb"))
    assert then.problem == ""
    assert then.cells == now.cells


@pytest.mark.parametrize("cell", [{}, {"cell_type": "code", "outputs": 3}, {"cell_type": "heading", "level": "a"}])
def test_an_old_notebook_that_is_malformed_is_told(tmp_path: Path, cell: object) -> None:
    sheets = [{"cells": [*old(right())["worksheets"][0]["cells"], cell]}]
    path = save({"nbformat": 3, "worksheets": sheets}, tmp_path / "a.ipynb")
    assert "a format of before 2014 that could not be upgraded" in read(path).problem


TEXT = json.dumps(right(), indent=1)
LINES = TEXT.splitlines()
CONFLICT = "\n".join([*LINES[:40], "<<<<<<< HEAD", LINES[40], "=======", LINES[40], ">>>>>>> main", *LINES[41:]])
OTHERS = {
    "empty": (b"", "is empty"),
    "blank": (b"\n \n", "is empty"),
    "zeros of a full disk": (b"\x00" * 5000, "is empty"),
    "git conflict": (CONFLICT.encode(), "a conflict that git could not merge, in line 41"),
    "git conflict of windows": (CONFLICT.replace("\n", "\r\n").encode(), "git could not merge, in line 41"),
    "page": (b"<!DOCTYPE html>\n<html><body>Log in</body></html>", "is a web page (HTML)"),
    "exported page": (b"\n<html>\n<head>", "is a web page (HTML)"),
    "quarto": (b"---\ntitle: VAE\n---\n\nText.\n\n```{python}\nclass Encoder: pass\n```\n", "is a Markdown file"),
    "markdown": (b"# Exercise\n\n```python\nimport torch\nclass Encoder: pass\n```\n", "is a Markdown file"),
    "python": (b"#!/usr/bin/env python\nimport torch\n", "is a Python file"),
    "python of jupytext": (b"# ---\n# jupyter:\n# ---\n\n# %%\nx = 1\n", "is a Python file"),
    "python of a script": (b'"""My work"""\nimport torch.nn as nn\n\nclass Encoder(nn.Module):\n', "is a Python file"),
    "word": (zipped("[Content_Types].xml", "word/document.xml"), "is a Word document"),
    "zip": (zipped("autoencoders.ipynb"), "is a zip file under the name of a notebook"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "is an Office document"),
    "pdf": (b"%PDF-1.7\n", "is a PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n", "is a picture"),
    "half": (TEXT.encode()[:9000], "is not valid JSON, so it is no notebook: it breaks off in the middle"),
    "cut inside a word": (TEXT.encode()[: TEXT.encode().index(b"null") + 3], "it breaks off in the middle"),
    "cut inside a character": (b'{"cells": "\\u00e', "it breaks off in the middle"),
    "a comma too many": (TEXT.replace("},", "},,", 1).encode(), "is not valid JSON, so it is no notebook; save it"),
}


@pytest.mark.parametrize(("content", "said"), OTHERS.values(), ids=OTHERS)
def test_what_is_no_notebook_is_told_by_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    (path := tmp_path / "a.ipynb").write_bytes(content)
    with pytest.raises(UnreadableNotebook, match=r"a\.ipynb") as told:
        read_notebook(path)
    assert said in str(told.value)
    assert len(str(told.value)) <= 300


def test_a_conflict_in_outputs_alone_costs_nothing(tmp_path: Path) -> None:
    notebook = right()
    notebook["cells"][place(notebook, "encoder")]["outputs"] = ["here"]
    conflict = '<<<<<<< HEAD\n"a"\n=======\n"b"\n>>>>>>> main\n'
    (path := tmp_path / "a.ipynb").write_text(json.dumps(notebook).replace('"here"', conflict), encoding="utf-8")
    assert read(path).cells == read(save(right(), tmp_path / "b.ipynb")).cells


def with_outputs(*outputs: object) -> Notebook:
    notebook = right()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = list(outputs)
    return notebook


def test_pictures_of_40_mb_are_no_obstacle(tmp_path: Path) -> None:
    picture = {"output_type": "display_data", "data": {"image/png": "iVBOR" * 400_000, "text/plain": ['"] }']}}
    path = save(with_outputs(picture), tmp_path / "a.ipynb")
    assert path.stat().st_size > 40_000_000
    assert read(path).cells == read(save(right(), tmp_path / "b.ipynb")).cells


def test_pictures_pasted_into_texts_are_left_out_where_they_are_too_many(tmp_path: Path) -> None:
    notebook = right()
    text = {"cell_type": "markdown", "metadata": {}, "source": "![a](attachment:a.png)"}
    notebook["cells"].insert(3, {**text, "attachments": {"a.png": {"image/png": "A" * 3_000_000}}})
    assert "A" * 1000 in str(read_notebook(save(notebook, tmp_path / "small.ipynb")))
    notebook["cells"][3]["attachments"] = {"a.png": {"image/png": "A" * 25_000_000}}
    large = save(notebook, tmp_path / "large.ipynb")
    assert "A" * 1000 not in str(read_notebook(large))
    assert read(large).cells == read(tmp_path / "small.ipynb").cells


def test_text_about_outputs_is_text(tmp_path: Path) -> None:
    said = 'x = {"outputs": [1, 2], "attachments": {"a": "}"}}\\\n"outputs": ["'
    cells = [code(said, "encoder", solution=True), code('"outputs": [', "decoder", solution=True)]
    path = save({"cells": cells}, tmp_path / "a.ipynb")
    assert [text_of(cell) for cell in read_notebook(path)["cells"]] == [said, '"outputs": [']


def test_a_notebook_that_is_written_back_keeps_its_outputs(tmp_path: Path) -> None:
    path = save(with_outputs({"output_type": "stream", "name": "stdout", "text": "1"}), tmp_path / "a.ipynb")
    assert read_whole_notebook(path) == json.loads(path.read_text(encoding="utf-8"))
    assert read_notebook(path)["cells"] == with_outputs()["cells"]
