"""Rows as a CSV file that any spreadsheet opens."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula; some do so for the wide forms of the signs as well.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# Without it spreadsheets take the file for one in an alphabet of their own, and spoil names.
BYTE_ORDER_MARK = "\ufeff"


def spreadsheet(rows: Iterable[Sequence[str]]) -> str:
    """The rows as the text of a CSV file: UTF-8 with its mark, a line each, and no formula in it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    return BYTE_ORDER_MARK + text.getvalue()


def harmless(cell: str) -> str:
    """A cell on one line that a spreadsheet will not take for a formula."""
    text = " ".join(cell.split())
    return f"'{text}" if text.startswith(_FORMULA) else text


def as_it_was(cell: str) -> str:
    """A cell without the mark that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
