"""What the names in a platform's download say: whose a file is, which attempt, and whether it came late."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from autograder.submissions.finding.places import is_archive, is_notebook, notebook_stem

_MOODLE = re.compile(r"(?P<name>[^/]+?)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)", re.DOTALL)
_CANVAS = re.compile(r"(?P<name>[^_A-Z/]+)(?P<late>_LATE)?_(?P<id>\d+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL)
_CANVAS_ANONYMOUS = re.compile(
    r"(?P<late>LATE_)?anon_(?P<id>[^_/]+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL | re.IGNORECASE
)
_BLACKBOARD = re.compile(
    r"[^/]*?_(?P<id>[^_/]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)?", re.DOTALL
)
_RESUBMITTED = re.compile(r"-(\d+)$")
_ILIAS = re.compile(r"multi_feedback_.+", re.DOTALL)


@dataclass(frozen=True)
class PlatformName:
    """What a file's or folder's name says.

    Attributes:
        owner: what tells its student from every other one, also in the next download.
        name: the student's name.
        number: the platform's number or login for the student.
        file: the student's own name for the file; empty for a folder.
        late: whether it came late.
        time: when it came; empty where the name does not say.
        attempt: grows from one hand-in of the same file to the next.
    """

    owner: str
    name: str
    number: str
    file: str = ""
    late: bool = False
    time: str = ""
    attempt: tuple[int, ...] = ()


def told_by_name(name: str) -> PlatformName | None:
    """What the name of a file or folder says in the forms that cannot be mistaken: Moodle's and Blackboard's."""
    if match := _MOODLE.fullmatch(name):
        shown, number = match["name"], match["id"]
        anonymous = shown.casefold() == "participant"
        return PlatformName(
            f"{shown}_{number}", f"{shown} {number}" if anonymous else shown, number, _without_blank(match["file"])
        )
    if match := _BLACKBOARD.fullmatch(name):
        digits = match["time"].split("-")
        time = "-".join(digits[:3]) + " " + ":".join(digits[3:])
        return PlatformName(match["id"], match["id"], match["id"], match["file"] or "", False, time, (_number(digits),))
    return None


def told_by_canvas(name: str) -> PlatformName | None:
    """What a file's name says if it comes from Canvas. Its form is that of many names, so others decide as well."""
    match = _CANVAS_ANONYMOUS.fullmatch(name) or _CANVAS.fullmatch(name)
    if not match:
        return None
    shown = match.groupdict().get("name") or "anon"
    file = match["file"]
    stem, dot, end = file.partition(".")
    again = _RESUBMITTED.search(stem)
    attempt = (int(again[1][:18]) if again else 0, int(match["attachment"][:18]))
    original = (stem[: again.start()] if again else stem) + dot + end
    owner = f"{shown}_{match['id']}"
    return PlatformName(owner, owner, match["id"], original, bool(match["late"]), "", attempt)


def is_from_canvas(files: Sequence[str]) -> bool:
    """Whether the files of a folder are a download of Canvas's: then every hand-in there has such a name."""
    handed_in = [name for name in files if is_notebook(name) or is_archive(name)]
    return bool(files) and all(told_by_canvas(name) for name in handed_in or files)


def is_platforms_folder(name: str) -> bool:
    """Whether a folder's name is that of a download, in which the students are one level down."""
    return bool(_ILIAS.fullmatch(name))


def is_anothers(earlier: str, later: str) -> bool:
    """Whether a submission is of another student than an earlier one of the same name, as far as their places tell.

    A folder is called like its student, and so is what was unpacked; what a file is called may be chance. So a folder
    `ada` follows on `ada.ipynb` and `ada.zip`, and not the other way round.

    Args:
        earlier: where the earlier one lay in the folder of submissions.
        later: where this one lies.
    """
    first, then = _owner_of(earlier), _owner_of(later)
    is_file = is_notebook(first) or is_archive(first)
    return first != then and not (is_file and notebook_stem(first) == then)


def _owner_of(source: str) -> str:
    """What names a student in a folder of submissions: the first part of the path, without what changes in the next."""
    first = PurePosixPath(source).parts[0]
    told = told_by_name(first) or told_by_canvas(first)
    return told.owner if told else first


def _without_blank(file: str) -> str:
    return file.strip("_")


def _number(digits: Sequence[str]) -> int:
    return int("".join(digits))
