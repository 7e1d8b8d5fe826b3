"""A platform's own table: read as it is, written with a few cells changed."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.reports.spreadsheet import BYTE_ORDER_MARK
from autograder.submissions.table_file import table_lines


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        path: where it came from.
        heads: the columns' names.
        rows: the rows below them.
        delimiter: what separates the cells.
        mark: the byte order mark, where the file has one.
    """

    path: Path
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    mark: str = ""

    def column(self, *names: str) -> int | None:
        """The place of the first column with one of these names."""
        lower = [head.strip().casefold() for head in self.heads]
        return next((lower.index(name) for name in names if name in lower), None)

    def text(self, rows: Sequence[Sequence[str]]) -> str:
        """The table with other rows, as the text of a file, to be written as UTF-8."""
        written = io.StringIO()
        csv.writer(written, delimiter=self.delimiter, lineterminator="\n").writerows([self.heads, *rows])
        return self.mark + written.getvalue()


def read_table(path: Path) -> Table:
    """Read a table.

    Raises:
        UsageError: it cannot be read, or has no rows.
    """
    lines = [cells for _, cells in table_lines(path)]
    if len(lines) < 2:
        raise UsageError(f"{path} has no rows below the names of its columns; export it from the platform again")
    heads, *rows = lines
    wide = [(*cells, *[""] * (len(heads) - len(cells))) for cells in rows if any(cells)]
    first = path.read_bytes().split(b"\n", 1)[0].replace(b"\0", b"")
    delimiter = max(",;\t", key=lambda sign: first.count(sign.encode()))
    mark = BYTE_ORDER_MARK if first.startswith(BYTE_ORDER_MARK.encode()) else ""
    return Table(path, tuple(heads), tuple(wide), delimiter, mark)
