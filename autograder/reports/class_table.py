"""A class's results as a table for the terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from autograder.course.course import Course
from autograder.judging.failures import printable
from autograder.judging.verdicts import ExerciseResult, Status
from autograder.reports.result import Result
from autograder.reports.wording import LOOKS, points

_MOST_FLAGGED = 20
_MOST_WITH_POINTS = 7
LEGEND = "  ".join(f"{look.sign} {look.short}" for look in LOOKS.values())


def class_table(course: Course, results: Sequence[Result]) -> Table:
    """One row a student: the points of each exercise with a sign for its status, and the sum; 80 columns wide.

    Where a course has more exercises than that holds, they are numbered, and only their signs are shown.
    """
    wide = len(course.exercises) <= _MOST_WITH_POINTS
    heads = [exercise.short if wide else str(number) for number, exercise in enumerate(course.exercises, 1)]
    table = Table(box=None, pad_edge=False, padding=(0, 1), collapse_padding=True, header_style="bold")
    table.add_column("Student", no_wrap=True, overflow="ellipsis", max_width=20)
    for head in heads:
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("Points", justify="right", no_wrap=True, style="bold")
    for result in sorted(results, key=lambda one: one.student):
        cells = [_cell(judged) if wide else _sign(judged) for judged in result.exercises]
        table.add_row(Text(printable(result.student)), *cells, f"{points(result.points)}/{points(result.max_points)}")
    if not wide:
        numbered = (f"{head} {exercise.short}" for head, exercise in zip(heads, course.exercises, strict=True))
        table.caption, table.caption_justify = "  ".join(numbered), "left"
    return table


def _cell(result: ExerciseResult) -> Text:
    look = LOOKS[result.status]
    return Text(f"{points(result.points)} {look.sign}", style=look.style)


def _sign(result: ExerciseResult) -> Text:
    look = LOOKS[result.status]
    return Text(look.sign, style=look.style)


def problems(results: Sequence[Result]) -> list[str]:
    """A line for each submission that could not be read, then one for each that a person should look at."""
    ordered = sorted(results, key=lambda one: one.student)
    unread = [f"{printable(result.student)}: {result.warnings[-1]}" for result in ordered if _is_unread(result)]
    flagged = [_flagged(result) for result in ordered if result.flags]
    if (more := len(flagged) - _MOST_FLAGGED) > 0:
        rest = f"and {more} more with something to look at: `notebook` in class.csv's column `review`"
        flagged[_MOST_FLAGGED:] = [rest]
    return unread + flagged


def _is_unread(result: Result) -> bool:
    return (
        bool(result.warnings)
        and not result.sandbox.get("layers")
        and all(not one.points and one.status is Status.NOT_ATTEMPTED for one in result.exercises)
    )


def _flagged(result: Result) -> str:
    first, *others = result.flags
    return f"{printable(result.student)}: for review: {first}{' (and more in the result)' if others else ''}"
