"""A student's cells laid into the released notebook: which of them count, and where each one goes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from autograder.reading.released import Released, code_lines


class Named(Protocol):
    """A cell that can be laid in: it has a text and, where nbgrader knows it, a name."""

    @property
    def source(self) -> str:
        """Its text."""

    @property
    def grade_id(self) -> str:
        """nbgrader's name for it; empty where it has none."""


C = TypeVar("C", bound=Named)


@dataclass(frozen=True)
class Place(Generic[C]):
    """One place in the merged notebook.

    Attributes:
        given: the released cell there; ``None`` where the student has added a cell.
        own: the student's cell there, added or with a solution in it; ``None`` in a given cell's place, and where the
            student's notebook lacks a solution cell.
    """

    given: C | None
    own: C | None

    @property
    def name(self) -> str:
        """The released cell's name; empty for a cell that was added."""
        return self.given.grade_id if self.given else ""


def merge(cells: Sequence[C], skeleton: Sequence[C], released: Released) -> tuple[Place[C], ...]:
    """The skeleton's cells in their order, with the student's solutions in theirs and added cells in between.

    Args:
        cells: the student's.
        skeleton: the released ones, as the student's are given: the code cells, or texts as well.
        released: what says which cells are solutions, and which code cells have names.
    """
    solutions, added = _solutions(cells, released), _added(cells, skeleton, released)
    anchors = _anchors(released)
    places: list[Place[C]] = []
    first = True
    for cell in skeleton:
        named = cell.grade_id in anchors
        if named and first:
            places += [Place(None, own) for own in added.get("", ())]
            first = False
        places.append(Place(cell, solutions.get(cell.grade_id)))
        if named:
            places += [Place(None, own) for own in added.get(cell.grade_id, ())]
    return tuple(places)


def _anchors(released: Released) -> frozenset[str]:
    return frozenset(cell.grade_id for cell in released.cells if cell.grade_id)


def _solutions(cells: Sequence[C], released: Released) -> dict[str, C]:
    """The student's solution cells; of several with one name, the last that is not the untouched stub."""
    known = {cell.grade_id: cell.source for cell in released.cells if cell.solution}
    chosen: dict[str, C] = {}
    for cell in cells:
        stub = known.get(cell.grade_id)
        if stub is None:
            continue
        untouched = code_lines(cell.source) in ((), code_lines(stub))
        if cell.grade_id not in chosen or not untouched:
            chosen[cell.grade_id] = cell
    return chosen


def _added(cells: Sequence[C], skeleton: Sequence[C], released: Released) -> Mapping[str, list[C]]:
    """The student's own cells, by the named code cell that they follow; ``""`` for those before the first."""
    anchors = _anchors(released)
    names = {cell.grade_id for cell in skeleton if cell.grade_id}
    plain = {cell.source for cell in skeleton if not cell.grade_id}
    added: dict[str, list[C]] = defaultdict(list)
    place = ""
    for cell in cells:
        if cell.grade_id in anchors:
            place = cell.grade_id
        elif cell.source.strip() and cell.source not in plain and cell.grade_id not in names:
            added[place].append(cell)
    return added
