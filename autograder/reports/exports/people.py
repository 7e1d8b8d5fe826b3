"""Who of a platform's table is which student of the results."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.reports.class_csv import ClassRow
from autograder.reports.class_results import ClassResults
from autograder.submissions.class_list import Listed, match
from autograder.submissions.finding.find import Found
from autograder.submissions.finding.platforms import told_by_canvas, told_by_name


@dataclass(frozen=True)
class People:
    """A platform's table laid beside a class.

    Attributes:
        rows: the student of each row that is somebody's, by the row's place.
        without_row: students with points who are in none of the rows, or fit several.
    """

    rows: Mapping[int, ClassRow]
    without_row: tuple[str, ...]


@dataclass(frozen=True)
class Exported:
    """What an export has made.

    Attributes:
        text: the file's text.
        matched: how many rows got a mark.
        without_row: students with points whom the table does not have.
        without_mark: people of the table for whom there is no mark; their cells stay as they were.
    """

    text: str
    matched: int
    without_row: tuple[str, ...]
    without_mark: tuple[str, ...]


def lay_beside(platform: Sequence[Listed], known: ClassResults, mapping: Sequence[Listed] = ()) -> People:
    """Match a table's people with students: as the class's list is, and by what that list says of them.

    Args:
        platform: the people of the table, a row each; two rows of one person fit nobody.
        known: the class.
        mapping: a list that knows students by what they are called in results and by the platform's numbers.
    """
    students = [one for one in known.students if one.final.points is not None]
    by_mapping = match(mapping, [_found(one) for one in students]).listed if mapping else {}
    people: dict[str, ClassRow] = {one.student: one for one in students}
    direct = match(platform, [_found(one) for one in students]).listed
    rows: dict[int, list[ClassRow]] = defaultdict(list)
    places: dict[Listed, list[int]] = defaultdict(list)
    for place, person in enumerate(platform):
        places[person].append(place)
    for name, one in people.items():
        fits = _through(by_mapping.get(name) or one.listed, platform) or direct.get(name)
        if fits is not None and len(places[fits]) == 1:
            rows[places[fits][0]].append(one)
    sure = {place: some[0] for place, some in rows.items() if len(some) == 1}
    matched = {one.student for one in sure.values()}
    return People(sure, tuple(name for name in people if name not in matched))


def _found(row: ClassRow) -> Found:
    """The student as the matching of lists takes one, with the platform's number where the hand-in's name has it."""
    source = row.result.source if row.result else ""
    first = source.partition("/")[0]
    told = told_by_name(first) or told_by_canvas(first)
    return Found(Path(source), row.student, source, number=told.number if told else "")


def _through(person: Listed | None, platform: Sequence[Listed]) -> Listed | None:
    """The one of a platform's people whom a list's person is, by number, login or address, else by name."""
    if person is None:
        return None
    asked = {text.casefold() for text in (*person.ids, person.email) if text}
    same = [one for one in platform if asked & {text.casefold() for text in (*one.ids, one.email) if text}]
    same = same or [one for one in platform if one.name and one.name.casefold() == person.name.casefold()]
    return same[0] if len(same) == 1 else None
