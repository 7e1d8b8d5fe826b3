"""Small tables that people write, as a spreadsheet saves them."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from autograder.errors import UsageError

_LARGEST = 16 << 20


def table_lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The lines with their numbers, of a file separated by commas, semicolons or tabs, in any usual encoding.

    Raises:
        UsageError: it cannot be read or is no such table.
    """
    try:
        if path.is_file() and path.stat().st_size > _LARGEST:
            raise UsageError(f"{path} is too large for a table of a class")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    text = _text(data)
    if "\0" in text:
        raise UsageError(f"{path} is no text; save the table as CSV")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise UsageError(f"{path}, line {reader.line_num}: {error}") from None


def _text(data: bytes) -> str:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
