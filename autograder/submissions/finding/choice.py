"""Which of a student's notebooks counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.course.cells import code_cells
from autograder.course.release import Release, code_lines
from autograder.submissions.finding.contents import Notebook
from autograder.submissions.finding.places import notebook_stem, some
from autograder.submissions.notebook_file import UnreadableNotebook, read_notebook
from autograder.submissions.submission import belongs_to

_MOST_READ = 30


@dataclass(frozen=True)
class Choice:
    """The notebook that counts, and what is to be said of the others.

    Attributes:
        notebook: it.
        others: the others that may have been meant.
        elsewhere: notebooks of other assignments.
        flags: what a person should look at.
    """

    notebook: Notebook
    others: tuple[Notebook, ...] = ()
    elsewhere: tuple[Notebook, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Looked:
    """A notebook that was looked into.

    Attributes:
        notebook: it.
        readable: whether it could be read.
        is_ours: whether it is one of this assignment's.
        cells: how many of the release's cells it has.
        begun: in how many of the solution cells there is something else than was handed out.
    """

    notebook: Notebook
    readable: bool = False
    is_ours: bool = False
    cells: int = 0
    begun: int = 0


def choose(notebooks: Sequence[Notebook], assignment: str, release: Release) -> Choice:
    """The notebook that counts: the one in the assignment's folder, of the released name, else with most of the cells.

    Only notebooks of this assignment are compared in that way, as long as there is one; a single notebook is taken as
    it is, and whoever reads it will be told what it is.
    """
    if len(notebooks) == 1:
        return Choice(notebooks[0])
    by_name = sorted(notebooks, key=lambda one: _by_name(one, assignment, release.name))
    looked = [_look(one, release) for one in by_name[:_MOST_READ]]
    unlooked = [_Looked(one) for one in by_name[_MOST_READ:]]
    ranked = sorted(looked, key=lambda one: _rank(one, assignment, release.name))
    best, rest = ranked[0], [*ranked[1:], *unlooked]
    elsewhere = [one.notebook for one in rest if one.readable and not one.is_ours]
    others = [one for one in rest if not (one.readable and not one.is_ours)]
    if not best.is_ours:
        others, elsewhere = rest, []
    return Choice(best.notebook, tuple(one.notebook for one in others), tuple(elsewhere), tuple(_flags(best, others)))


def _look(notebook: Notebook, release: Release) -> _Looked:
    try:
        read = read_notebook(notebook.place.path)
    except UnreadableNotebook:
        return _Looked(notebook)
    cells = code_cells(read)
    stubs = {cell.grade_id: code_lines(cell.source) for cell in release.cells if cell.solution}
    texts = {(cell.grade_id, code_lines(cell.source)) for cell in cells}
    begun = {name for name, lines in texts if name in stubs and lines not in ((), stubs[name])}
    named = {cell.grade_id for cell in release.cells} & {cell.grade_id for cell in cells} - {""}
    return _Looked(notebook, True, belongs_to(read, release), len(named), len(begun))


def _by_name(one: Notebook, assignment: str, released: str) -> tuple[bool, int, int, PurePosixPath]:
    """What the place of a notebook says for it, the smallest first."""
    source = one.place.source
    in_its_folder = len(source.parts) > 2 and source.parts[1] == assignment
    same = notebook_stem(one.name).casefold() == notebook_stem(released).casefold()
    return not in_its_folder, 0 if one.name == released else 1 if same else 2, len(source.parts), source


def _rank(one: _Looked, assignment: str, released: str) -> tuple[object, ...]:
    outside, unlike, depth, source = _by_name(one.notebook, assignment, released)
    near = depth if unlike < 2 else 0
    return not one.is_ours, outside, unlike, near, -one.cells, -one.begun, depth, source


def _flags(best: _Looked, others: Sequence[_Looked]) -> list[str]:
    """What a person should know: first a notebook that may have been meant instead, then all that there are."""
    if not others:
        return []
    counts = _short(best.notebook)
    flags = []
    further = max(others, key=lambda one: one.begun)
    if further.begun > best.begun:
        flags.append(
            f"look which notebook is meant: {_short(further.notebook, counts)} has {_exercises(further.begun)} begun "
            f"and {counts}, which counts, {best.begun or 'none'}"
        )
    names = some(_short(one.notebook, counts) for one in others)
    flags.append(f"several notebooks: {counts} counts, and not {names}")
    return flags


def _exercises(count: int) -> str:
    return "1 exercise" if count == 1 else f"{count} exercises"


def _short(notebook: Notebook, taken: str = "") -> str:
    """Where it lies in what the student has handed in; the whole way where that is what another is called."""
    source = notebook.place.source
    short = PurePosixPath(*source.parts[1:]).as_posix() if len(source.parts) > 1 else source.name
    return source.as_posix() if short == taken else short
