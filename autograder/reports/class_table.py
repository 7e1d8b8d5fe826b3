"""A class's results as a table for the terminal."""

from collections.abc import Callable, Iterator, Sequence

from rich.table import Table
from rich.text import Text

from autograder.course.course import Course
from autograder.judging.failures import printable
from autograder.judging.verdicts import ExerciseResult, Status
from autograder.reports.class_csv import ClassRow
from autograder.reports.result import Result, own_keys
from autograder.reports.wording import LOOKS, points

_MOST_FLAGGED = 20
_WIDTH, _LONGEST_NAME, _SHORTEST_NAME = 80, 20, 8
_OWN = "own"
_Entry = tuple[ExerciseResult | None, float | None]
_Cell = Callable[[ExerciseResult | None, float | None], Text]
LEGEND = "  ".join(f"{look.sign} {look.short}" for look in LOOKS.values())


def to_show(rows: Sequence[ClassRow], most: int) -> list[ClassRow]:
    """The students with a mark for whom a table has room, by name; where not for all, those to look at come first."""
    ordered = sorted((one for one in rows if one.final.points is not None), key=lambda one: one.student)
    if len(ordered) <= most:
        return ordered
    return sorted(ordered, key=lambda one: not _to_look_at(one.result))[:most]


def _to_look_at(result: Result | None) -> bool:
    return result is not None and (bool(result.flags) or any(one.status is Status.REVIEW for one in result.parts))


def class_table(course: Course, rows: Sequence[ClassRow]) -> Table:
    """One row a student: the final points of each exercise with a sign for its status, and the mark; 80 columns wide.

    Where that does not fit, exercises are numbered and only their signs are shown; of very many only the sum.
    """
    marks = [(row.final.points or 0.0, row.final.max_points) for row in rows]
    sums = [f"{points(earned)}/{points(most)}" for earned, most in marks]
    has_own = bool(own_keys([row.result for row in rows if row.result]))
    shorts = [*(exercise.short for exercise in course.exercises), *([_OWN] if has_own else [])]
    numbers = [str(number) for number, _ in enumerate(shorts, 1)]
    needed = _SHORTEST_NAME + max(map(len, ("Points", *sums)))
    entries = [_entries(course, row) for row in rows]
    forms: list[tuple[list[str], _Cell]] = [(shorts, _points_and_sign), (numbers, _sign), ([], _sign)]
    heads, cell = next((form for form in forms if _room(*form, entries) >= needed), forms[-1])
    longest_name = min(_LONGEST_NAME, max(1, _SHORTEST_NAME + _room(heads, cell, entries) - needed))
    table = Table(box=None, pad_edge=False, padding=(0, 1), collapse_padding=True, header_style="bold")
    table.add_column("Student", no_wrap=True, overflow="ellipsis", max_width=longest_name)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("Points", justify="right", no_wrap=True, style="bold")
    for row, each, total in zip(rows, entries, sums, strict=True):
        entered = each[: len(heads)]
        cells = [*(cell(*entry) for entry in entered), *(Text() for _ in heads[len(entered) :])]
        table.add_row(Text(printable(row.student)), *cells, total)
    if heads == numbers:
        table.caption_justify = "left"
        table.caption = "  ".join(f"{head} {short}" for head, short in zip(heads, shorts, strict=True))
    return table


def _entries(course: Course, row: ClassRow) -> list[_Entry]:
    """For each exercise the result and the final points; last, where there are any, own tests in one."""
    judged = {one.key: one for one in row.result.exercises} if row.result else {}
    entries = [(judged.get(key), row.final.points_of(key)) for key in course.keys]
    return [*entries, *_own(row)]


def _own(row: ClassRow) -> Iterator[_Entry]:
    own = row.result.questions if row.result else ()
    if own:
        earned = sum(row.final.points_of(one.key) or 0.0 for one in own)
        statuses = {one.status for one in own}
        mixed = Status.PARTIAL if earned else Status.FAILED
        status = statuses.pop() if len(statuses) == 1 else Status.REVIEW if Status.REVIEW in statuses else mixed
        yield ExerciseResult(_OWN, _OWN, earned, sum(one.max_points for one in own), status, ()), earned


def _room(heads: Sequence[str], cell: _Cell, rows: Sequence[Sequence[_Entry]]) -> int:
    """What columns of exercises leave of a line for a student's name and points."""
    widest = max((cell(*entry).cell_len for entries in rows for entry in entries), default=0)
    return _WIDTH - 1 - sum(1 + max(len(head), widest) for head in heads)


def _points_and_sign(result: ExerciseResult | None, earned: float | None) -> Text:
    sign = _sign(result, earned)
    return sign if earned is None else Text(f"{points(earned)} {sign.plain}".rstrip(), style=sign.style)


def _sign(result: ExerciseResult | None, _earned: float | None) -> Text:
    look = None if result is None else LOOKS[result.status]
    return Text(look.sign, style=look.style) if look else Text()


def problems(results: Sequence[Result]) -> list[str]:
    """A line for each submission that could not be read, then one for each that a person should look at."""
    ordered = sorted(results, key=lambda one: one.student)
    unread = [f"{printable(result.student)}: {result.warnings[-1]}" for result in ordered if is_unread(result)]
    if (more := len(unread) - _MOST_FLAGGED) > 0:
        unread[_MOST_FLAGGED:] = [f"and {more} more that could not be read: column `warnings` in class.csv"]
    flagged = [_flagged(result) for result in ordered if result.flags and not is_unread(result)]
    if (more := len(flagged) - _MOST_FLAGGED) > 0:
        rest = f"and {more} more with something to look at: `notebook` in class.csv's column `review`"
        flagged[_MOST_FLAGGED:] = [rest]
    return unread + flagged


def is_unread(result: Result) -> bool:
    """Whether nothing could be read or run of what was handed in."""
    return (
        bool(result.warnings)
        and not result.sandbox.get("layers")
        and all(not one.points and one.status is Status.NOT_ATTEMPTED for one in result.exercises)
    )


def _flagged(result: Result) -> str:
    first, *others = result.flags
    return f"{printable(result.student)}: for review: {first}{' (and more in the result)' if others else ''}"
