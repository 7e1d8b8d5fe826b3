"""A student's cells laid into the released notebook: which of them count, and where each one goes."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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

_BOUND = re.compile(r"^(?:(?:async +)?def|class) +(\w+)|^(\w+)(?:\.\w+)* *=(?!=)", re.MULTILINE)


@dataclass(frozen=True)
class Slot(Generic[C]):
    """One cell's position in the merged notebook.

    Attributes:
        given: the released cell there; ``None`` where the student has added a cell.
        own: the student's cell there, added or with a solution in it; ``None`` for a given cell, and where a
            solution cell is missing from the student's notebook.
        piece_of: the solution cell that an added cell is a further piece of, by its name; mostly empty.
    """

    given: C | None
    own: C | None
    piece_of: str = ""

    @property
    def name(self) -> str:
        """The released cell's name, for a further piece of it as well; empty for a cell that was added."""
        return self.given.grade_id if self.given else self.piece_of


def merge(cells: Sequence[C], skeleton: Sequence[C], release: Release) -> tuple[Slot[C], ...]:
    """The skeleton's cells in their order, with the student's solutions in theirs and added cells in between.

    Jupyter copies a cell's name with the cell, and gives it to both halves of one that is split. So of several
    cells with a solution's name one stands in the solution's place, and the others where the student has them.

    Args:
        cells: the student's.
        skeleton: the released ones, as the student's are given: the code cells, or texts as well.
        release: what says which cells are solutions, and which code cells have names.
    """
    homes = _homes(cells, release)
    added = _added(cells, homes, skeleton, release)
    solutions = {cell.grade_id for cell in release.cells if cell.solution}
    anchors = frozenset(cell.grade_id for cell in release.cells if cell.grade_id)
    slots: list[Slot[C]] = []
    first = True
    for cell in skeleton:
        named = cell.grade_id in anchors
        if named and first:
            slots += added.get("", ())
            first = False
        has_own = cell.grade_id in solutions and cell.grade_id in homes
        slots.append(Slot(cell, cells[homes[cell.grade_id]] if has_own else None))
        if named:
            slots += added.get(cell.grade_id, ())
    return tuple(slots)


def _homes(cells: Sequence[C], release: Release) -> Mapping[str, int]:
    """Which of the student's cells stands for each named cell of the release, by its number."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, cell in enumerate(cells):
        numbers[cell.grade_id].append(number)
    homes: dict[str, int] = {}
    after = len(cells)  # where what comes behind a cell begins: its test, or what else is locked
    for released in reversed(release.cells):
        theirs = numbers.get(released.grade_id, []) if released.grade_id else []
        if theirs and released.solution:
            written = [number for number in theirs if not _is_untouched(cells[number], released.source)] or theirs
            homes[released.grade_id] = max((one for one in written if one < after), default=written[0])
        elif theirs:
            same = [number for number in theirs if code_lines(cells[number].source) == code_lines(released.source)]
            after = homes[released.grade_id] = (same or theirs)[0]
    return homes


def _is_untouched(cell: NamedCell, stub: str) -> bool:
    return code_lines(cell.source) in ((), code_lines(stub))


def _added(
    cells: Sequence[C], homes: Mapping[str, int], skeleton: Sequence[C], release: Release
) -> Mapping[str, list[Slot[C]]]:
    """The student's own cells, by the named code cell that they follow; ``""`` for those before the first.

    Among them are copies of named cells that hold something else by now: what a student types into one runs.
    """
    released = {cell.grade_id: cell for cell in release.cells if cell.grade_id}
    names = {cell.grade_id for cell in skeleton if cell.grade_id}
    plain = {cell.source for cell in skeleton if not cell.grade_id}
    added: dict[str, list[Slot[C]]] = defaultdict(list)
    place = ""
    for number, cell in enumerate(cells):
        known = released.get(cell.grade_id)
        if known is not None and homes[cell.grade_id] == number:
            place = cell.grade_id
        elif known is not None:
            if cell.source.strip() and code_lines(cell.source) != code_lines(known.source):
                added[place].append(Slot(None, cell, cell.grade_id if known.solution else ""))
        elif cell.source.strip() and cell.source not in plain and cell.grade_id not in names:
            added[place].append(Slot(None, cell))
    return added


def written_anew(sources: Sequence[str], place: int) -> bool:
    """Whether cells from this number on give a name that cells before it have given, at a line's start."""
    before, after = (set(bound_names(part)) for part in (sources[:place], sources[place:]))
    return bool(before & after)


def bound_names(sources: Sequence[str]) -> Iterator[str]:
    """The names that cells give at a line's start: classes, functions, what is assigned to."""
    for source in sources:
        yield from (defined or assigned for defined, assigned in _BOUND.findall(source))
