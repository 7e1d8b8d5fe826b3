"""A class's list of students: who is in it, by what names the same person is known, and who has handed in nothing."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.submissions.finding.find import Found
from autograder.submissions.table_file import table_lines

_HEADS = {
    "name": ("name", "full name", "fullname", "student", "student name", "display name", "sortable name"),
    "first": ("first name", "firstname", "given name", "first"),
    "last": ("last name", "lastname", "surname", "family name", "last"),
    "id": (
        *("id", "student id", "user id", "identifier", "username", "user", "login", "login id", "sis login id"),
        *("sis user id", "id number", "number", "matriculation number", "student number"),
    ),
    "email": ("email", "e mail", "mail", "email address", "e mail address"),
    "section": ("section", "sections", "group", "groups", "class", "tutorial"),
}
_KIND = {head: kind for kind, heads in _HEADS.items() for head in heads}


@dataclass(frozen=True)
class Listed:
    """A student in the list.

    Attributes:
        name: the full name; empty where the list has none.
        ids: numbers and logins.
        email: the address.
        section: the section or group.
    """

    name: str = ""
    ids: tuple[str, ...] = ()
    email: str = ""
    section: str = ""

    @property
    def shown(self) -> str:
        """What the student is called where there is no submission."""
        return self.name or next(iter(self.ids), "") or self.email

    @property
    def id(self) -> str:
        """The first number or login."""
        return next(iter(self.ids), "")


@dataclass(frozen=True)
class Matched:
    """A list laid beside a class.

    Attributes:
        listed: who each submission's student is in the list, by the student's name in results.
        absent: who has handed in nothing.
        strangers: students who are not in the list, or fit several people in it.
    """

    listed: Mapping[str, Listed]
    absent: tuple[Listed, ...]
    strangers: tuple[str, ...]


def read_class_list(path: Path) -> tuple[Listed, ...]:
    """The students in a CSV file, separated by commas, semicolons or tabs, whatever its columns are called.

    Raises:
        UsageError: it cannot be read, has no known column, or a line does not fit; the line is named.
    """
    lines = table_lines(path)
    heads = next(lines, None)
    if heads is None:
        raise UsageError(f"{path} is empty; its first line should name the columns, such as name, id, email, section")
    kinds = [_KIND.get(_plain_head(head), "") for head in heads[1]]
    if not {"name", "first", "last", "id", "email"} & set(kinds):
        called = ", ".join(filter(None, heads[1])) or "nothing"
        raise UsageError(f"{path}, line 1: no column is called name, id or email, but {called}")
    students: list[Listed] = []
    seen: dict[str, int] = {}
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(kinds) and any(cell.strip() for cell in cells[len(kinds) :]):
            raise UsageError(f"{path}, line {number}: {len(cells)} columns, but the first line names {len(kinds)}")
        one = _listed(kinds, cells)
        if not one.shown:
            raise UsageError(f"{path}, line {number}: neither a name nor an id nor an e-mail address")
        key = one.id or one.email or one.name
        if key in seen:
            raise UsageError(f"{path}, line {number}: {key} is in line {seen[key]} already")
        seen[key] = number
        students.append(one)
    if not students:
        raise UsageError(f"{path} names no student below its first line")
    return tuple(students)


def match(students: Sequence[Listed], found: Sequence[Found]) -> Matched:
    """Who of the list has handed in what: by number, login or address if that is known, else by the name."""
    exact: dict[str, set[Listed]] = defaultdict(set)
    by_name: dict[str, set[Listed]] = defaultdict(set)
    for one in students:
        for text in (*one.ids, one.email, one.email.partition("@")[0]):
            exact[_plain(text)].add(one)
        for text in _name_forms(one.name):
            by_name[text].add(one)
    exact.pop("", None)
    by_name.pop("", None)
    listed: dict[str, Listed] = {}
    for submission in found:
        if (person := _who(submission, exact, by_name)) is not None:
            listed[submission.student] = person
    present = set(listed.values())
    return Matched(
        listed,
        tuple(one for one in students if one not in present),
        tuple(one.student for one in found if one.student not in listed),
    )


def _who(found: Found, exact: Mapping[str, set[Listed]], by_name: Mapping[str, set[Listed]]) -> Listed | None:
    name = re.sub(r" \([^()]*\)$", "", found.student) if found.number else found.student
    shown = name.removesuffix(f"_{found.number}") if found.number else name
    parts = found.student.split("_")
    tries = [exact.get(_plain(found.student)), by_name.get(_words(shown)), by_name.get(_letters(shown))]
    if len(parts) == 4 and parts[3].isdigit():  # ILIAS: last name, first name, login, number
        tries.insert(0, exact.get(_plain(parts[2])))
    if found.number:
        tries.insert(0, exact.get(_plain(found.number)))
    for people in tries:
        if people and len(people) == 1:
            return next(iter(people))
    return None


def _name_forms(name: str) -> Iterable[str]:
    """The forms in which a name is looked for: its words in any order, and run together with the last name first."""
    words = re.findall(r"\w+", name)
    yield _words(name)
    for cut in range(len(words)):
        yield _letters("".join(words[cut:] + words[:cut]))


def _words(name: str) -> str:
    return " ".join(sorted(_plain(word) for word in re.findall(r"\w+", name)))


def _letters(name: str) -> str:
    return "".join(re.findall(r"\w", _plain(name)))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _plain_head(head: str) -> str:
    return " ".join(re.findall(r"\w+", _plain(head.replace("_", " "))))


def _listed(kinds: Sequence[str], cells: Sequence[str]) -> Listed:
    of: dict[str, list[str]] = defaultdict(list)
    for kind, cell in zip(kinds, cells, strict=False):
        if text := " ".join(cell.split()):
            of[kind].append(text)
    name = next(iter(of["name"]), "") or " ".join((*of["first"], *of["last"]))
    return Listed(name, tuple(of["id"]), next(iter(of["email"]), ""), next(iter(of["section"]), ""))
