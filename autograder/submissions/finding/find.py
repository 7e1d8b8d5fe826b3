"""Each student's notebook, or why there is none."""

import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path, PurePosixPath

from autograder.course.release import Release
from autograder.errors import UsageError
from autograder.submissions.finding.archives import Unpacker
from autograder.submissions.finding.choice import choose
from autograder.submissions.finding.contents import Contents, contents_of
from autograder.submissions.finding.level import Part, parts_of
from autograder.submissions.finding.namesakes import Groups, Key, names_of
from autograder.submissions.finding.places import (
    Place,
    absolute,
    as_text,
    is_archive,
    is_folder,
    is_visible,
    notebook_stem,
    some,
)
from autograder.submissions.submission import Submission, nothing_handed_in, read_submission

_TIMESTAMP = "timestamp.txt"
_OF_NBGRADER = (_TIMESTAMP, "submission_secret.txt")  # beside what it has collected
_LONGEST_TIME, _MOST_HIDDEN = 60, 1000


@dataclass(frozen=True)
class Found:
    """What a student has handed in, as far as it is graded.

    Attributes:
        path: the notebook; where there is none, where it should be.
        student: whose it is.
        source: where it lies in the folder of submissions, such as ``ada/autoencoders/autoencoders.ipynb``.
        folder: the student's own folder that it lies in; ``None`` where others' files lie beside it.
        problem: why there is no notebook.
        flags: what a person should look at.
        passed_over: other notebooks of the assignment that the student has.
        elsewhere: notebooks of other assignments beside it.
        number: the platform's number or login for the student.
        handed_in: when it came; empty where nothing says so.
        late: whether the platform says that it came late.
    """

    path: Path
    student: str
    source: str
    folder: Path | None = None
    problem: str = ""
    flags: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    number: str = ""
    handed_in: str = ""
    late: bool = False


def find_submissions(
    paths: Sequence[Path], assignment: str, release: Release, unpacker: Unpacker, apart: Sequence[Path] = ()
) -> tuple[Found, ...]:
    """One for each student under the paths, sorted by student, whatever each has handed in.

    Args:
        paths: notebooks, folders and zip files.
        assignment: the assignment's name.
        release: what was handed out.
        unpacker: opens zip files; what it has unpacked has to be there as long as what is found is read.
        apart: folders among them that are nobody's hand-in.

    Raises:
        UsageError: a path does not exist or is no notebook, or a folder holds none.
    """
    nobodys = [absolute(path) for path in apart]
    found: list[Found] = []
    groups: Groups = defaultdict(list)
    for part in parts_of(paths, assignment, release.name, unpacker):
        if part.place.path not in nobodys:
            groups[part.root, part.owner].append(part)
    _put_zips_to_their_folders(groups)
    held = {key: contents_of(parts, unpacker, nobodys) for key, parts in groups.items()}
    _see_that_there_are_some(paths, groups, held, assignment)
    groups = {key: parts for key, parts in groups.items() if not _is_data(parts, groups, held, key)}
    names = names_of(groups)
    for key, parts in groups.items():
        found.append(_found(parts, held[key], names[key].name, assignment, release, names[key].namesakes))
    return tuple(sorted(found, key=lambda one: (one.student, one.source)))


def find_in_folder(folder: Path, student: str, assignment: str, release: Release, unpacker: Unpacker) -> Found:
    """What a student has handed in whose folder for the assignment is known, as nbgrader's tree has it.

    Args:
        folder: that folder.
        student: whose it is.
        assignment: the assignment's name.
        release: what was handed out.
        unpacker: opens zip files; what it has unpacked has to be there as long as what is found is read.
    """
    parts = [Part(folder.parent.parent, Place(folder, PurePosixPath(student, assignment)))]
    return _found(parts, contents_of(parts, unpacker), student, assignment, release)


def read_found(found: Found, assignment: str, release: Release) -> Submission:
    """The submission that was found; where there is no notebook, one that says so."""
    if found.problem:
        submission = nothing_handed_in(found.path, found.student, assignment, release, found.problem)
    else:
        submission = read_submission(found.path, found.student, assignment, release, found.folder)
    return replace(submission, source=found.source, flags=found.flags)


def _see_that_there_are_some(
    paths: Sequence[Path],
    groups: Groups,
    held: dict[Key, Contents],
    assignment: str,
) -> None:
    """See that the paths lead to submissions at all, and not to any other folder of somebody's machine."""
    parts = [part for some_parts in groups.values() for part in some_parts]
    if all(one.is_empty for one in held.values()) and not any(
        part.told or is_folder(part.place.path / assignment) for part in parts
    ):
        raise UsageError(f"{some(map(str, paths))} holds no notebooks (*.ipynb)")


def _is_data(
    parts: Sequence[Part],
    groups: Groups,
    held: dict[Key, Contents],
    key: Key,
) -> bool:
    """Whether a folder without notebooks lies among notebooks that lie flat: it is nobody's then."""
    if not held[key].is_empty or any(part.told for part in parts):
        return False
    beside = [part for (root, _), some_parts in groups.items() if root == key[0] for part in some_parts]
    folders = [one for one in beside if is_folder(one.place.path)]
    flat = len(folders) < len(beside)
    return flat and all(held[one.root, one.owner].is_empty for one in folders)


def _put_zips_to_their_folders(groups: Groups) -> None:
    """Have `ada.zip` beside a folder `ada` be of the same student: that is how it is unpacked."""
    for root, owner in list(groups):
        folder = root, owner[: -len(".zip")]
        if is_archive(owner) and folder in groups and not any(part.told for part in groups[folder]):
            groups[folder] += groups.pop((root, owner))


def _found(
    parts: Sequence[Part],
    held: Contents,
    student: str,
    assignment: str,
    release: Release,
    namesakes: Sequence[str] = (),
) -> Found:
    told = parts[0].told
    late = bool(told and told.late)
    number = told.number if told else ""
    alike = (f"look whether {some(namesakes)} is of the same student",) if namesakes else ()
    first = parts[0].place
    if not held.notebooks:
        stand_in, problem = _nothing(first, held, assignment)
        return Found(
            stand_in.path, student, stand_in.source.as_posix(),
            problem=problem, flags=alike, number=number, late=late, handed_in=_time(parts[0], assignment),
        )  # fmt: skip
    choice = choose(held.notebooks, assignment, release)
    chosen = choice.notebook
    return Found(
        chosen.place.path,
        student,
        chosen.place.source.as_posix(),
        chosen.folder,
        flags=(*choice.flags, *held.trouble, *alike),
        passed_over=tuple(sorted(one.place.source.as_posix() for one in choice.others)),
        elsewhere=tuple(sorted(one.place.source.as_posix() for one in choice.elsewhere)),
        number=number,
        handed_in=_time(chosen.part, assignment),
        late=bool(chosen.part.told and chosen.part.told.late),
    )


def _nothing(first: Place, held: Contents, assignment: str) -> tuple[Place, str]:
    """Where a notebook should be, and why there is none; a folder that is closed tells that by itself."""
    if held.closed and not held.trouble:
        closed = held.closed[0]
        inside = assignment in closed.source.parts[1:]
        folder = closed if inside or closed.path == first.path / assignment else closed.inside(assignment)
        return folder.inside(f"{assignment}.ipynb"), ""
    missing = "no notebook was handed in"
    if held.trouble:
        return first, f"{missing} that can be read: {some(held.trouble, 2)}; hand in the .ipynb file itself"
    if others := [one for one in held.others if one.source.name not in _OF_NBGRADER]:
        names = some(as_text(one.source.name) for one in others)
        return first, f"{missing}, only {names}; hand in the .ipynb file itself"
    if is_folder(first.path):
        if hidden := some(sorted(as_text(name) for name in _hidden_in(first.path))):
            return first, f"{missing}, only {hidden}; hand in the .ipynb file itself"
        return first, f"{missing}: the folder is empty"
    return first, f"{missing}: the zip file holds nothing"


def _hidden_in(folder: Path) -> set[str]:
    """The names of what systems and editors keep in a folder, such as Jupyter's earlier versions."""
    found = (name for _, folders, files in os.walk(folder) for name in (*folders, *files))
    return {name for name in islice(found, _MOST_HIDDEN) if not is_visible(name)}


def _time(part: Part, assignment: str) -> str:
    """When a notebook was handed in, if nbgrader or the platform has noted that; files' own times are copies'.

    nbgrader's note lies beside what it has collected; one in a zip file or deeper down is the student's own.
    """
    if part.told and part.told.time:
        return part.told.time
    folder = part.place.path if part.place.path.name == assignment else part.place.path / assignment
    try:
        return (folder / _TIMESTAMP).read_text(encoding="utf-8")[:_LONGEST_TIME].strip()
    except (OSError, UnicodeError):
        return ""


def student_of(path: Path, assignment: str) -> str:
    """The student whose notebook a path names: the folder above the assignment's, elsewhere the file's stem."""
    folder = absolute(path).parent
    own = folder.name == assignment and folder.parent.name
    return as_text(folder.parent.name if own else notebook_stem(path.name))
