"""A student's cells laid into the released notebook: which of them count, and where each one goes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from autograder.course.release import Release, code_lines


class NamedCell(Protocol):
    """A cell that can be laid in: it has a text and, where nbgrader knows it, a name."""

    @property
    def source(self) -> str:
        """Its text."""

    @property
    def grade_id(self) -> str:
        """nbgrader's name for it; empty where it has none."""


C = TypeVar("C", bound=NamedCell)


@dataclass(frozen=True)
class Slot(Generic[C]):
    """One cell's position in the merged notebook.

    Attributes:
        given: the released cell there; ``None`` where the student has added a cell.
        own: the student's cell there, added or with a solution in it; ``None`` for a given cell, and where a
            solution cell is missing from the student's notebook.
    """

    given: C | None
    own: C | None

    @property
    def name(self) -> str:
        """The released cell's name; empty for a cell that was added."""
        return self.given.grade_id if self.given else ""


def merge(cells: Sequence[C], skeleton: Sequence[C], release: Release) -> tuple[Slot[C], ...]:
    """The skeleton's cells in their order, with the student's solutions in theirs and added cells in between.

    Args:
        cells: the student's.
        skeleton: the released ones, as the student's are given: the code cells, or texts as well.
        release: what says which cells are solutions, and which code cells have names.
    """
    solutions, added = _solutions(cells, release), _added(cells, skeleton, release)
    anchors = _anchors(release)
    slots: list[Slot[C]] = []
    first = True
    for cell in skeleton:
        named = cell.grade_id in anchors
        if named and first:
            slots += [Slot(None, own) for own in added.get("", ())]
            first = False
        slots.append(Slot(cell, solutions.get(cell.grade_id)))
        if named:
            slots += [Slot(None, own) for own in added.get(cell.grade_id, ())]
    return tuple(slots)


def _anchors(release: Release) -> frozenset[str]:
    return frozenset(cell.grade_id for cell in release.cells if cell.grade_id)


def _solutions(cells: Sequence[C], release: Release) -> dict[str, C]:
    """The student's solution cells; of several with one name, the last that is not the untouched stub."""
    known = {cell.grade_id: cell.source for cell in release.cells if cell.solution}
    chosen: dict[str, C] = {}
    for cell in cells:
        stub = known.get(cell.grade_id)
        if stub is None:
            continue
        untouched = code_lines(cell.source) in ((), code_lines(stub))
        if cell.grade_id not in chosen or not untouched:
            chosen[cell.grade_id] = cell
    return chosen


def _added(cells: Sequence[C], skeleton: Sequence[C], release: Release) -> Mapping[str, list[C]]:
    """The student's own cells, by the named code cell that they follow; ``""`` for those before the first."""
    anchors = _anchors(release)
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
