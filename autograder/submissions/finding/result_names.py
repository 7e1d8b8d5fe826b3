"""The names of results' files: any name that a file system allows, made one that every file system and shell takes."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff/\\:*?"<>|%~]')
_FIRST = re.compile(r"^[.\-=+@ ]")
# Windows's own, whatever follows a dot.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
LONGEST = 200  # bytes; temporary files beside a result have longer names
_HASH = 10


def result_names(students: Iterable[str]) -> dict[str, str]:
    """The file name, without ``.json``, of each student's result.

    Two names that one file system or another takes for the same both get a mark of their own: which of the two is
    called what then depends on neither the order nor the day.
    """
    names = {student: safe_name(student) for student in students}
    alike: dict[str, list[str]] = defaultdict(list)
    for student, name in names.items():
        alike[_folded(name)].append(student)
    clashing = [student for same in alike.values() if len(same) > 1 for student in same]
    return names | {student: _marked(names[student], student) for student in clashing}


def safe_name(student: str) -> str:
    """A student's name as a file's; names that nothing is wrong with stay as they are."""
    name = _UNSAFE.sub(_escaped, student)
    name = _FIRST.sub(_escaped, name) or "%00"
    if _DEVICES.match(name):
        name = _escaped_text(name[0]) + name[1:]
    return name if len(name.encode()) <= LONGEST else _marked(name, student)


def _marked(name: str, student: str) -> str:
    """The name, shortened where it is long, with a mark that no other name gets."""
    mark = "~" + hashlib.sha256(student.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]
    return name.encode()[: LONGEST - len(mark)].decode(errors="ignore") + mark


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _escaped(match: re.Match[str]) -> str:
    return _escaped_text(match[0])


def _escaped_text(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))
