"""What one student has handed in: the notebooks that may count, and what else there is."""

import filecmp
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.submissions.finding.archives import BadArchive, Unpacker
from autograder.submissions.finding.level import Part
from autograder.submissions.finding.places import Place, is_archive, is_folder, is_notebook, is_visible

_MOST_FILES = 20_000


@dataclass(frozen=True)
class Notebook:
    """A notebook that was handed in.

    Attributes:
        place: where it lies.
        name: what the student called it, as far as the platform has kept that.
        folder: the student's own folder that it lies in; ``None`` where others' files lie beside it.
        part: what it was handed in with.
    """

    place: Place
    name: str
    folder: Path | None
    part: Part


@dataclass
class Contents:
    """What a student has handed in.

    Attributes:
        notebooks: those that can be tried, in the order of their places.
        others: what else there is.
        trouble: what could not be unpacked, with why.
        closed: folders that cannot be looked into.
    """

    notebooks: list[Notebook] = field(default_factory=list)
    others: list[Place] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    closed: list[Place] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that a notebook could be in."""
        return not (self.notebooks or self.trouble or self.closed)


def contents_of(parts: Sequence[Part], unpacker: Unpacker, apart: Sequence[Path] = ()) -> Contents:
    """What is in a student's parts.

    Args:
        parts: the student's files and folders on the first level.
        unpacker: opens zip files.
        apart: folders that are nobody's hand-in, such as the one for results.
    """
    found = Contents()
    for part in parts:
        _look(part, part.place, None, found, unpacker, apart, 0)
    for path, why in unpacker.refused.items():
        for part in parts:
            if path.is_relative_to(part.place.path):
                found.trouble.append(f"{path.relative_to(part.place.path.parent).as_posix()} {why}")
    seen: dict[Path, Notebook] = {}
    for one in sorted(found.notebooks, key=lambda each: each.place.source):
        seen.setdefault(one.place.path, one)
    found.notebooks = _last_attempts(list(seen.values()))
    if len(parts) > 1:
        found.notebooks = _without_copies(found.notebooks)
    return found


def _without_copies(notebooks: Sequence[Notebook]) -> list[Notebook]:
    """The notebooks without those that are in another part as well, such as a zip file beside what was in it."""
    kept: list[Notebook] = []
    for one in notebooks:
        if not any(one.part != other.part and _are_the_same(one.place.path, other.place.path) for other in kept):
            kept.append(one)
    return kept


def _are_the_same(one: Path, other: Path) -> bool:
    try:
        regular = all(stat.S_ISREG(path.lstat().st_mode) for path in (one, other))  # a pipe may never end
        return regular and filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False


def _last_attempts(notebooks: Sequence[Notebook]) -> list[Notebook]:
    """The notebooks without those that the student has handed in anew: the platform's number says which is the last."""
    last: dict[str, tuple[int, ...]] = {}
    for one in notebooks:
        if one.part.told and one.part.told.attempt:
            last[one.name] = max(last.get(one.name, ()), one.part.told.attempt)
    return [one for one in notebooks if not one.part.told or last.get(one.name, ()) == one.part.told.attempt]


def _look(
    part: Part, place: Place, own: Path | None, found: Contents, unpacker: Unpacker, apart: Sequence[Path], depth: int
) -> None:
    """Put what a file or folder holds to what was found; ``depth`` counts the archives around it."""
    if place.path in unpacker.refused:
        return
    if is_folder(place.path) and not is_notebook(place.path.name):
        for inner, folder in _files(place, found, apart):
            _look(part, inner, folder, found, unpacker, apart, depth)
        return
    name = part.told.file if part.told and part.told.file and place == part.place else place.source.name
    if own is None and len(place.source.parts) > 1:  # a notebook given by its path, in a folder of the student's
        own = place.path.parent
    if is_notebook(name):
        found.notebooks.append(Notebook(place, name, own, part))
    elif is_archive(name) and depth == 0:
        try:
            inside = Place(unpacker.students(place.path), place.source)
        except BadArchive as bad:
            found.trouble.append(f"{name} {bad}")
        else:
            for path, why in unpacker.refused.items():
                if path.is_relative_to(inside.path):
                    found.trouble.append(f"{path.name} in {name} {why}")
            _look(part, inside, inside.path, found, unpacker, apart, depth + 1)
    elif place.path.is_symlink():
        found.trouble.append(f"{name} is a link and nothing of its own")
    else:
        found.others.append(place)


def _files(top: Place, found: Contents, apart: Sequence[Path]) -> Iterator[tuple[Place, Path]]:
    """The files below a folder, and the folder that each lies in; what others may have left there is passed over."""
    looked_at = 0
    errors: list[OSError] = []
    for here, folders, files in os.walk(top.path, onerror=errors.append):
        relative = Path(here).relative_to(top.path)
        folders[:] = sorted(name for name in folders if is_visible(name) and Path(here, name) not in apart)
        notebooks = [name for name in folders if is_notebook(name)]
        for name in sorted([*files, *notebooks]):
            if is_visible(name) and (looked_at := looked_at + 1) <= _MOST_FILES:
                yield Place(Path(here, name), top.source / relative / name), Path(here)
    for error in errors:
        relative = Path(error.filename).relative_to(top.path)
        found.closed.append(Place(Path(error.filename), top.source / relative))
