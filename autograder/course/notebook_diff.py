"""A notebook as lines of text, for a diff that people can read."""

import difflib
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

_LONGEST_LINE = 400


def readable_lines(notebook: str) -> list[str]:
    """The lines of a notebook file's content: each cell's header and source, and the metadata of both.

    What is not a notebook comes back as its own lines. A very long line, such as one that holds a picture, is cut, with
    a digest of the rest, so that it still differs where the original does.
    """
    try:
        lines = list(_notebook_lines(json.loads(notebook)))
    except (ValueError, TypeError, AttributeError, KeyError):
        lines = notebook.splitlines()
    return [_shortened(line) for line in lines]


def diff(before: str, after: str, before_name: str, after_name: str) -> str:
    """A unified diff of two notebook files' contents in readable form; empty when they are the same byte for byte."""
    if before == after:
        return ""
    lines = difflib.unified_diff(readable_lines(before), readable_lines(after), before_name, after_name, lineterm="")
    return "\n".join(lines) or f"{before_name}: the same cells as in {after_name}, but not the same bytes"


def _notebook_lines(notebook: Mapping[str, Any]) -> Iterator[str]:
    for cell in notebook["cells"]:
        yield f"# %% [{cell['cell_type']}] {cell.get('id', '')}"
        for part in ("metadata", "attachments", "outputs", "execution_count"):
            if cell.get(part):
                yield f"# {part}: {json.dumps(cell[part], sort_keys=True, ensure_ascii=False)}"
        source = cell["source"]
        yield from (source if isinstance(source, str) else "".join(source)).split("\n")
        yield ""
    rest = {key: value for key, value in notebook.items() if key != "cells"}
    yield f"# %% notebook: {json.dumps(rest, sort_keys=True, ensure_ascii=False)}"


def _shortened(line: str) -> str:
    if len(line) <= _LONGEST_LINE:
        return line
    digest = hashlib.sha256(line.encode()).hexdigest()[:12]
    return f"{line[:_LONGEST_LINE]}… ({len(line):,} characters, sha256 {digest})"
