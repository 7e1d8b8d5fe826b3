"""Where the students begin: the folder whose entries are one student's each, and what each of these is called."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from autograder.errors import UsageError
from autograder.submissions.finding.archives import BadArchive, Unpacker
from autograder.submissions.finding.places import (
    Place,
    absolute,
    as_text,
    is_archive,
    is_folder,
    is_notebook,
    is_visible,
    notebook_stem,
)
from autograder.submissions.finding.platforms import (
    PlatformName,
    is_from_canvas,
    is_platforms_folder,
    told_by_canvas,
    told_by_name,
)

_WRAPPERS = {"submitted", "submissions"}
_DEEPEST = 8


@dataclass(frozen=True)
class Part:
    """A file or folder on the first level, all of it one student's.

    Attributes:
        root: the folder or archive that it lies in, which tells one class's students from another's.
        place: the file or folder.
        told: what a platform's name says of it.
    """

    root: Path
    place: Place
    told: PlatformName | None = None

    @property
    def owner(self) -> str:
        """What tells its student from every other one there."""
        return self.told.owner if self.told else self.place.source.parts[0]

    @property
    def student(self) -> str:
        """The student's name."""
        if self.told:
            return as_text(self.told.name)
        name = self.place.source.parts[0]
        is_file = len(self.place.source.parts) == 1 and not is_folder(self.place.path)
        return as_text(notebook_stem(name) if is_file or is_notebook(name) else name)


def parts_of(paths: Sequence[Path], assignment: str, released: str, unpacker: Unpacker) -> Iterator[Part]:
    """What lies on the first level below each path, and the paths that are one student's own.

    Raises:
        UsageError: a path does not exist, cannot be read, or is nothing that holds notebooks.
    """
    together: dict[Path, list[Path]] = defaultdict(list)
    for given in paths:
        top = absolute(given)
        try:
            if not given.exists():
                raise UsageError(f"{given} does not exist")
            if given.is_dir():
                parts = list(_level_of_folder(top, assignment, released))
                if not parts:
                    raise UsageError(f"{given} holds no notebooks (*.ipynb)")
                yield from parts
            elif is_archive(top.name):
                yield from _level_of_archive(given, assignment, released, unpacker)
            elif is_notebook(top.name):
                together[top.parent].append(top)
            else:
                raise UsageError(f"{given} is not a notebook (its name does not end in .ipynb), a folder or a zip file")
        except OSError as error:
            raise UsageError(f"{error.filename or given} cannot be read: {error.strerror}") from None
    for folder, files in together.items():
        yield from _of_files(folder, files, assignment)


def _level_of_folder(top: Path, assignment: str, released: str) -> Iterator[Part]:
    if own := _students_folder(top, assignment, released):
        yield _part(own.parent, own)
        return
    folder = _below_wrappers(top, assignment, top.name)
    if own := _students_folder(folder, assignment, released) if folder != top else None:
        yield _part(own.parent, own)
        return
    yield from _entries(folder, folder)


def _level_of_archive(given: Path, assignment: str, released: str, unpacker: Unpacker) -> Iterator[Part]:
    archive = absolute(given)
    if told := told_by_name(archive.name):  # one student's, as it came from the platform
        yield Part(archive.parent, Place(archive, PurePosixPath(archive.name)), told)
        return
    try:
        folder = unpacker.class_of(archive)
    except BadArchive as bad:
        raise UsageError(f"{given} {bad}") from None
    if not _visible(folder) and not unpacker.refused:
        raise UsageError(f"{given} holds no notebooks (*.ipynb)")
    if _is_one_students(folder, assignment, released):
        # Only now, since a class's own archive may well be called like a file of Canvas's.
        yield Part(archive.parent, Place(archive, PurePosixPath(archive.name)), told_by_canvas(archive.name))
        return
    folder = _below_wrappers(folder, assignment, notebook_stem(archive.name))
    if own := _students_folder(folder, assignment, released):
        yield Part(archive, Place(own, PurePosixPath(own.name)), told_by_name(own.name))
        return
    yield from _entries(folder, archive, [path.name for path in unpacker.refused if path.parent == folder])


def _of_files(folder: Path, files: Sequence[Path], assignment: str) -> Iterator[Part]:
    """Notebooks that were given by their own paths."""
    if folder.name == assignment and folder.parent.name:
        own = folder.parent
        source = PurePosixPath(own.name, assignment)
        told = told_by_name(own.name)
        for file in files:
            yield Part(own.parent, Place(file, source / file.name), told)
        return
    canvas = is_from_canvas([file.name for file in files])
    for file in files:
        yield Part(folder, Place(file, PurePosixPath(file.name)), _told(file.name, canvas))


def _entries(folder: Path, root: Path, refused: Sequence[str] = ()) -> Iterator[Part]:
    names = sorted({*_visible(folder), *refused})
    files = [name for name in names if not is_folder(folder / name)]
    canvas = is_from_canvas(files)
    for name in names:
        path, told = folder / name, _told(name, canvas)
        if is_folder(path) or path.is_symlink() or is_notebook(name) or is_archive(name) or told:
            yield Part(root, Place(path, PurePosixPath(name)), told)


def _part(root: Path, path: Path) -> Part:
    return Part(root, Place(path, PurePosixPath(path.name)), told_by_name(path.name))


def _told(name: str, canvas: bool) -> PlatformName | None:
    return told_by_name(name) or (told_by_canvas(name) if canvas else None)


def _students_folder(folder: Path, assignment: str, released: str) -> Path | None:
    """The folder of one student that a folder is or belongs to; ``None`` where it is a class's."""
    if folder.name == assignment and folder.parent.name and not _is_class(folder):
        return folder.parent
    if folder.name and (told_by_name(folder.name) or _is_one_students(folder, assignment, released)):
        return folder
    return None


def _is_one_students(folder: Path, assignment: str, released: str) -> bool:
    """Whether a folder holds one student's work: the assignment's folder, or the released notebook and no other."""
    names = _visible(folder)
    if assignment in names and is_folder(folder / assignment):
        return not _is_class(folder / assignment)
    return [name for name in names if is_notebook(name)] == [released] and not any(
        told_by_name(name) or is_archive(name) for name in names
    )


def _is_class(folder: Path) -> bool:
    """Whether a folder that is named like the assignment holds a class: no notebook but several folders."""
    names = _visible(folder)
    if any(told_by_name(name) for name in names) or is_from_canvas([name for name in names if is_notebook(name)]):
        return True
    folders = [name for name in names if is_folder(folder / name)]
    return len(folders) > 1 and not any(map(is_notebook, names))


def _below_wrappers(folder: Path, assignment: str, called: str) -> Path:
    """The folder below those that only wrap it, such as an archive puts around what it unpacks."""
    for _ in range(_DEEPEST):
        names = _visible(folder)
        if len(names) != 1 or not is_folder(inner := folder / names[0]) or is_notebook(names[0]):
            break
        wraps = names[0] in (assignment, folder.name, called) or names[0].casefold() in _WRAPPERS
        wraps = wraps or is_platforms_folder(names[0])
        if not wraps and not any(map(told_by_name, _visible(inner))):
            break
        if told_by_name(names[0]):
            break
        folder = inner
    return folder


def _visible(folder: Path) -> list[str]:
    """What a folder holds.

    Raises:
        OSError: it cannot be looked into.
    """
    return sorted(path.name for path in folder.iterdir() if is_visible(path.name))
