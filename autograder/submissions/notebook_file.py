"""Reading a notebook's file, in whatever encoding and format a student has saved it."""

import codecs
import json
import re
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from autograder.course.cells import code_cells
from autograder.errors import AutograderError
from autograder.submissions.other_files import what_it_is
from autograder.submissions.pictures_left_out import without_attachments, without_outputs

# The first letters of a word of JSON, or of a character that is written by its number, and nothing behind them.
_BROKEN_OFF = re.compile(r"t(ru?)?|f(a(ls?)?)?|n(ul?)?|-|\\|u[0-9a-fA-F]{0,3}")

LARGEST_FILE = 100 << 20
LARGEST_NOTEBOOK = 20 << 20  # without outputs
LARGEST_OLD_NOTEBOOK = 2 << 20
MOST_CELLS = 2000
LARGEST_WEIGHT = 64 << 20


class UnreadableNotebook(AutograderError):
    """The file is no notebook that could be graded; the message says why, for the student."""


def read_notebook(path: Path) -> Mapping[str, Any]:
    """A notebook file that has code cells, without what these have shown; only that much is sure about it.

    Raises:
        UnreadableNotebook: the file is too large, unreadable, no JSON, or has no code cells.
    """
    data = _as_bytes_of_text(_bytes_of(path))
    work = without_outputs(data)
    if len(work) > LARGEST_NOTEBOOK:
        work = without_attachments(work)
    if len(work) > LARGEST_NOTEBOOK:
        size = f"{len(work) >> 20} MB without its pictures, more than the {LARGEST_NOTEBOOK >> 20} MB that are read"
        raise UnreadableNotebook(f"{path.name} has {size}")
    if _weight(work) > max(LARGEST_WEIGHT, 8 * len(work)):
        raise UnreadableNotebook(f"{path.name} holds too many small things; clear its outputs and save it again")
    return _with_code(_parsed(work, data, path.name), path.name)


def read_whole_notebook(path: Path) -> Mapping[str, Any]:
    """A notebook file with all that is in it, to be written back; for one's own notebook alone, since it may be large.

    Raises:
        UnreadableNotebook: as in ``read_notebook``.
    """
    data = _as_bytes_of_text(_bytes_of(path))
    return _with_code(_parsed(data, data, path.name), path.name)


def _bytes_of(path: Path) -> bytes:
    try:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            raise UnreadableNotebook(f"{path.name} is a link and no file of its own; hand in the notebook itself")
        if stat.S_ISDIR(found.st_mode):
            raise UnreadableNotebook(f"{path.name} is a folder; hand in the notebook itself")
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableNotebook(f"{path.name} is not a regular file")
        if found.st_size > LARGEST_FILE:
            size = f"{found.st_size >> 20} MB, more than the {LARGEST_FILE >> 20} MB that are read"
            raise UnreadableNotebook(f"{path.name} has {size}; clear its outputs and save it again")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableNotebook(f"{path.name} cannot be opened: {error.strerror}") from None


def _as_bytes_of_text(data: bytes) -> bytes:
    """The bytes without a mark of their order; those of UTF-16, in which PowerShell and editors write, as UTF-8."""
    encoding = json.detect_encoding(data[:8])
    if encoding in ("utf-8", "utf-8-sig"):
        return data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(encoding, "surrogatepass").removeprefix("\ufeff").encode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data


def _text(data: bytes) -> str:
    """The text of bytes in UTF-8, else in the alphabet of Western Europe, which some editors save in."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        with suppress(UnicodeDecodeError):
            return data.decode("cp1252")
        return data.decode("latin-1")


def _weight(data: bytes) -> int:
    """About how many bytes of memory a JSON text takes: most for what is short in the file."""
    return 200 * data.count(b"{") + 64 * data.count(b"[") + 34 * data.count(b",") + 26 * data.count(b'"')


def _parsed(work: bytes, data: bytes, name: str) -> object:
    try:
        return json.loads(_text(work))
    except (ValueError, RecursionError) as error:
        if reason := what_it_is(data):
            raise UnreadableNotebook(f"{name} {reason}") from None
        where = _where(error)
        raise UnreadableNotebook(f"{name} is not valid JSON, so it is no notebook{where}; save it again") from None


def _where(error: Exception) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return ""
    rest = error.doc[error.pos :].strip()
    if not rest or error.msg.startswith("Unterminated string") or _BROKEN_OFF.fullmatch(rest):
        return ": it breaks off in the middle, as when a disk is full or an upload stops"
    return ""


def _with_code(notebook: object, name: str) -> Mapping[str, Any]:
    if not isinstance(notebook, dict):
        raise UnreadableNotebook(f"{name} holds no code cells")
    if "cells" not in notebook and isinstance(notebook.get("worksheets"), list):
        notebook = _upgraded(notebook, name)
    cells = notebook.get("cells")
    if isinstance(cells, list) and len(cells) > MOST_CELLS:
        raise UnreadableNotebook(f"{name} has more than the {MOST_CELLS:,} cells that are read")
    if not code_cells(notebook):
        raise UnreadableNotebook(f"{name} holds no code cells")
    return notebook


def _upgraded(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    """A notebook of IPython's before Jupyter, whose cells lie in worksheets, in the format of today."""
    listed = [one.get("cells") for one in notebook["worksheets"] if isinstance(one, dict)]
    cells = [cell for some in listed if isinstance(some, list) for cell in some if isinstance(cell, dict)]
    if len(cells) > MOST_CELLS:
        raise UnreadableNotebook(f"{name} has more than the {MOST_CELLS:,} cells that are read")
    if len(json.dumps(notebook)) > LARGEST_OLD_NOTEBOOK:
        raise UnreadableNotebook(
            f"{name} is large and in a format of before 2014; open it in Jupyter and save it again"
        )
    from nbformat import from_dict  # not above: it takes seconds, and hardly anybody has such a notebook
    from nbformat.v3.rwbase import rejoin_lines
    from nbformat.v4 import convert

    try:
        old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, **notebook, "worksheets": [{"cells": cells}]}
        sheet = rejoin_lines(from_dict(old))  # type: ignore[no-untyped-call]
        for cell in sheet.worksheets[0].cells:
            cell.setdefault("outputs", [])
        upgraded = [convert.upgrade_cell(cell) for cell in sheet.worksheets[0].cells]  # type: ignore[no-untyped-call]
        # As plain data: what follows knows JSON alone.
        return {"cells": json.loads(json.dumps(upgraded)), "metadata": {}, "nbformat": 4, "nbformat_minor": 2}
    except Exception as error:  # whatever is malformed in it
        old_format = "is in a format of before 2014 that could not be upgraded"
        raise UnreadableNotebook(f"{name} {old_format} ({type(error).__name__}); save it again in Jupyter") from None
