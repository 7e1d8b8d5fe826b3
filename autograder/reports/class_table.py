"""A class's results as a table for the terminal."""

from collections.abc import Callable, Sequence

from rich.table import Table
from rich.text import Text

from autograder.course.course import Course
from autograder.judging.failures import printable
from autograder.judging.verdicts import ExerciseResult, Status
from autograder.reports.result import Result, own_keys
from autograder.reports.wording import LOOKS, points

_MOST_FLAGGED = 20
_WIDTH, _LONGEST_NAME, _SHORTEST_NAME = 80, 20, 8
_OWN = "own"
_Cell = Callable[[ExerciseResult], Text]
LEGEND = "  ".join(f"{look.sign} {look.short}" for look in LOOKS.values())


def to_show(results: Sequence[Result], most: int) -> list[Result]:
    """The results that a table has room for, by student; where that is not all, those to look at come first."""
    ordered = sorted(results, key=lambda one: one.student)
    if len(ordered) <= most:
        return ordered
    return sorted(ordered, key=lambda one: not _to_look_at(one))[:most]


def _to_look_at(result: Result) -> bool:
    return bool(result.flags) or any(one.status is Status.REVIEW for one in result.parts)


def class_table(course: Course, results: Sequence[Result]) -> Table:
    """One row a result: the points of each exercise with a sign for its status, and the sum; 80 columns wide.

    Where that does not fit, exercises are numbered and only their signs are shown; of very many only the sum.
    """
    sums = [f"{points(one.points)}/{points(one.max_points)}" for one in results]
    shorts = [exercise.short for exercise in course.exercises]
    numbers = [str(number) for number, _ in enumerate(shorts, 1)]
    keys = list(course.keys)
    if own_keys(results):
        keys.append(_OWN)
        shorts, numbers = [*shorts, _OWN], [*numbers, str(len(numbers) + 1)]
    needed = _SHORTEST_NAME + max(map(len, ("Points", *sums)))
    forms: list[tuple[list[str], _Cell]] = [(shorts, _points_and_sign), (numbers, _sign), ([], _sign)]
    heads, cell = next((form for form in forms if _room(*form, results) >= needed), forms[-1])
    longest_name = min(_LONGEST_NAME, max(1, _SHORTEST_NAME + _room(heads, cell, results) - needed))
    table = Table(box=None, pad_edge=False, padding=(0, 1), collapse_padding=True, header_style="bold")
    table.add_column("Student", no_wrap=True, overflow="ellipsis", max_width=longest_name)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("Points", justify="right", no_wrap=True, style="bold")
    for result, total in zip(results, sums, strict=True):
        judged = {one.key: one for one in _columns(result)}
        cells = [cell(judged[key]) if key in judged else Text() for _, key in zip(heads, keys, strict=False)]
        table.add_row(Text(printable(result.student)), *cells, total)
    if heads == numbers:
        table.caption_justify = "left"
        table.caption = "  ".join(f"{head} {short}" for head, short in zip(heads, shorts, strict=True))
    return table


def _columns(result: Result) -> tuple[ExerciseResult, ...]:
    """What has a column: each exercise, and the instructor's own tests in one."""
    if not (own := result.questions):
        return result.exercises
    earned, most = sum(one.points for one in own), sum(one.max_points for one in own)
    statuses = {one.status for one in own}
    mixed = Status.PARTIAL if earned else Status.FAILED
    status = statuses.pop() if len(statuses) == 1 else Status.REVIEW if Status.REVIEW in statuses else mixed
    return (*result.exercises, ExerciseResult(_OWN, _OWN, earned, most, status, ()))


def _room(heads: Sequence[str], cell: _Cell, results: Sequence[Result]) -> int:
    """What columns of exercises leave of a line for a student's name and points."""
    widest = max((cell(judged).cell_len for result in results for judged in _columns(result)), default=0)
    return _WIDTH - 1 - sum(1 + max(len(head), widest) for head in heads)


def _points_and_sign(result: ExerciseResult) -> Text:
    look = LOOKS[result.status]
    return Text(f"{points(result.points)} {look.sign}", style=look.style)


def _sign(result: ExerciseResult) -> Text:
    look = LOOKS[result.status]
    return Text(look.sign, style=look.style)


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
