"""What in a submission a person should look at, told from its text alone.

Right answers prove what code does, not who wrote it or how it came by them. Nothing here costs points, and nothing here
is proof: an honest student may have a reason for every line, and text can hide what it does.
"""

from collections.abc import Iterator, Sequence

from autograder.reading.evidence.finding import Evidence, Kind
from autograder.reading.evidence.layers import without_layers
from autograder.reading.evidence.names import imported_names
from autograder.reading.evidence.reach import reaching
from autograder.reading.evidence.source import ReadCell, read_cells
from autograder.reading.evidence.texts import odd_text
from autograder.reading.released import Released, code_lines
from autograder.reading.submission import Submission

__all__ = ["FOR_REVIEW", "Evidence", "Kind", "find_evidence", "review_lines"]

FOR_REVIEW = "for review: "
_MOST_LINES = 10


def find_evidence(submission: Submission, released: Released) -> tuple[Evidence, ...]:
    """What the student's own lines hold that a person should look at, in the notebook's order.

    Whatever the cells hold, this gives an answer and raises nothing.
    """
    given = released.given_lines
    cells = read_cells(submission, released)
    found: dict[tuple[str, str, str], Evidence] = {}
    for one in sorted(_all(cells, released), key=lambda one: one.order):
        if not _given(one, cells, given):
            thing = one.seen.partition("`")[2] or one.seen  # imported, reached for and named is one thing to look at
            found.setdefault((one.exercise, one.place, thing), one)
    return tuple(found.values())


def review_lines(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """The evidence as lines for an instructor, each with ``FOR_REVIEW`` before it; long lists are cut."""
    lines = [f"{FOR_REVIEW}look at {one.place}, line {one.line}: {one.seen}" for one in evidence[:_MOST_LINES]]
    if more := len(evidence) - _MOST_LINES:
        lines += [f"{FOR_REVIEW}and {more} more"] if more > 0 else []
    return tuple(lines)


def _all(cells: tuple[ReadCell, ...], released: Released) -> Iterator[Evidence]:
    names = imported_names(cell.nodes for cell in cells)
    own = [cell for cell in cells if cell.own]
    bound = frozenset(name for cell in own for name in cell.parsed.bound)
    for cell in own:
        yield from odd_text(cell)
        yield from reaching(cell, names, bound)
    yield from without_layers(cells, names, released)


def _given(one: Evidence, cells: tuple[ReadCell, ...], given: frozenset[str]) -> bool:
    """Whether the line is the course's own, not the student's."""
    lines = cells[one.order[0]].lines
    text = code_lines(lines[one.line - 1]) if 0 < one.line <= len(lines) else ()
    return one.kind is not Kind.LAYERS and bool(text) and all(part in given for part in text)
