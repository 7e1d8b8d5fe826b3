"""The instructor's points in place of the grader's: a table that a person writes, beside the results."""

import difflib
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.reports.class_csv import ClassRow
from autograder.reports.marks import WHOLE, Override
from autograder.reports.spreadsheet import harmless
from autograder.submissions.finding.places import some
from autograder.submissions.table_file import table_lines

OVERRIDES_CSV = "overrides.csv"
_HEADS = ("student", "exercise", "points", "comment")


@dataclass(frozen=True)
class OverrideLine:
    """A line of the table.

    Attributes:
        place: file and line, for whoever mends it.
        student: the name in results, or a number, login, address or name of the class's list.
        exercise: the exercise's key, or ``WHOLE``.
        override: what is given.
    """

    place: str
    student: str
    exercise: str
    override: Override


def read_overrides(folder: Path) -> tuple[OverrideLine, ...]:
    """The lines of a folder's ``overrides.csv``; none where there is no such file.

    Raises:
        UsageError: it cannot be read, or lines do not fit; each is named.
    """
    path = folder / OVERRIDES_CSV
    if not path.exists():
        return ()
    lines = table_lines(path)
    _, heads = next(lines, (1, []))
    names = [head.strip().casefold() for head in heads]
    if missing := [head for head in _HEADS[:3] if head not in names]:
        raise UsageError(f"{path}, line 1: no column is called {', '.join(missing)}; it needs {', '.join(_HEADS)}")
    read, problems = [], []
    seen: dict[tuple[str, str], str] = {}
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        place = f"{path}, line {number}"
        try:
            line = _line(place, dict(zip(names, map(str.strip, cells), strict=False)))
            if earlier := seen.get((line.student, line.exercise)):
                raise ValueError(f"the same student and exercise are in {earlier} already")
        except ValueError as error:
            problems.append(f"{place}: {error}")
        else:
            seen[line.student, line.exercise] = f"line {number}"
            read.append(line)
    if problems:
        raise UsageError("; ".join(problems))
    return tuple(read)


def _line(place: str, cells: Mapping[str, str]) -> OverrideLine:
    if not cells.get("student"):
        raise ValueError("no student")
    text = cells.get("points", "")
    try:
        points = float(text.replace(",", "."))
    except ValueError:
        raise ValueError(f"{text!r} is no number of points") from None
    if not math.isfinite(points) or points < 0:
        raise ValueError(f"{text} is no number of points that can be given")
    return OverrideLine(place, cells["student"], cells.get("exercise", ""), Override(points, cells.get("comment", "")))


def lay_over(
    rows: Sequence[ClassRow], lines: Sequence[OverrideLine]
) -> tuple[dict[int, dict[str, Override]], list[str]]:
    """The overrides of each student, by the student's place in the rows, and a line for each that fits nobody."""
    allowed = {one.key: one.max_points for row in rows if row.result for one in row.result.parts}
    allowed[WHOLE] = max((row.final.max_points for row in rows), default=0.0)
    places = _places(rows)
    given: dict[int, dict[str, Override]] = defaultdict(dict)
    problems = []
    for line in lines:
        try:
            place = _place(line, rows, places)
            given[place][line.exercise] = _checked(line, allowed)
        except ValueError as error:
            problems.append(f"{line.place}: {error}")
    return given, problems


def _checked(line: OverrideLine, allowed: Mapping[str, float]) -> Override:
    if line.exercise not in allowed:
        raise ValueError(f"no exercise is called {line.exercise!r}, but {', '.join(filter(None, allowed))}")
    if line.override.points > allowed[line.exercise]:
        most = f"{line.exercise or 'the whole mark'} is worth {allowed[line.exercise]:g}"
        raise ValueError(f"{line.override.points:g} points, but {most}")
    return line.override


def _places(rows: Sequence[ClassRow]) -> list[Mapping[str, Sequence[int]]]:
    """Students' places by what they are called: in results first, then in the class's list."""
    called: list[dict[str, list[int]]] = [defaultdict(list), defaultdict(list)]
    for place, row in enumerate(rows):
        called[0][harmless(row.student)].append(place)
        if row.listed:
            for name in {row.listed.email, row.listed.name, *row.listed.ids} - {""}:
                called[1][harmless(name)].append(place)
    return list(called)


def _place(line: OverrideLine, rows: Sequence[ClassRow], places: Sequence[Mapping[str, Sequence[int]]]) -> int:
    for by_name in places:
        found = by_name.get(harmless(line.student), ())
        if len(found) == 1:
            return found[0]
        if found:
            raise ValueError(f"several students are called {line.student!r}; give a number or an address")
    alike = difflib.get_close_matches(line.student, [row.student for row in rows], 1)
    raise ValueError(f"no student is called {line.student!r}" + (f"; is it {some(alike)}?" if alike else ""))


def comments(overrides: Mapping[str, Override], titles: Mapping[str, str]) -> Iterator[str]:
    """A line for each override, for the student: what it is about, the points, and why."""
    for key, one in overrides.items():
        why = f": {one.comment}" if one.comment else ""
        yield f"{titles.get(key, key) or 'Whole mark'}: {one.points:g} points given by the instructor{why}"
