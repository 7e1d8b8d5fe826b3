"""What a class has earned as a whole: how points are spread, and how each exercise went."""

import math
from collections.abc import Iterator, Sequence
from statistics import fmean, median

from rich.table import Table
from rich.text import Text

from autograder.course.course import Course
from autograder.judging.failures import printable
from autograder.judging.verdicts import Status
from autograder.reports.class_csv import ClassRow
from autograder.reports.result import own_keys
from autograder.reports.wording import points

_BINS, _LONGEST_BAR = 5, 40


def distribution(rows: Sequence[ClassRow]) -> Iterator[str]:
    """Lines that say how many students earned how much in the end; none for a class of one."""
    earned = [one.final.points for one in rows if one.final.points is not None]
    if len(earned) < 2:
        return
    highest = max(one.final.max_points for one in rows)
    middle = f"median {points(median(earned))}"
    yield f"{len(earned)} students, mean {points(fmean(earned))} of {points(highest)}, {middle}"
    step = max(1, math.ceil(highest / _BINS))
    edges = [step * number for number in range(math.ceil(highest / step))]
    counts = [sum(_within(value, low, step, low == edges[-1]) for value in earned) for low in edges]
    labels = [f"{low} to {points(highest)}" if low == edges[-1] else f"{low} to below {low + step}" for low in edges]
    scale = min(1.0, _LONGEST_BAR / max(1, *counts))
    for label, count in zip(labels, counts, strict=True):
        bar = "█" * (math.ceil(count * scale) if count else 0)
        yield f"  {label:>{max(map(len, labels))}}  {bar}{' ' if bar else ''}{count}"


def _within(value: float, low: int, step: int, last: bool) -> bool:
    return value >= low and (last or value < low + step)


def exercise_table(course: Course, rows: Sequence[ClassRow]) -> Table:
    """One row an exercise and own test: the mean, and how many students have it right, and have not tried it."""
    table = Table(box=None, pad_edge=False, padding=(0, 2), collapse_padding=True, header_style="bold")
    table.add_column("Exercise", no_wrap=True, overflow="ellipsis", max_width=34)
    for head in ("Mean", "All right", "Not tried"):
        table.add_column(head, justify="right", no_wrap=True)
    results = [row.result for row in rows if row.result]
    titles = {one.key: one.title for one in course.exercises} | {key: key for key in own_keys(results)}
    for key, title in titles.items():
        judged = [one for result in results for one in result.parts if one.key == key]
        if judged:
            mean = f"{points(mean_points(key, rows) or 0.0)} of {points(judged[0].max_points)}"
            right = sum(one.status is Status.PASSED for one in judged)
            untried = sum(one.status is Status.NOT_ATTEMPTED for one in judged)
            table.add_row(Text(printable(title)), mean, f"{right} ({right / len(judged):.0%})", str(untried))
    return table


def mean_points(key: str, rows: Sequence[ClassRow]) -> float | None:
    """The mean of an exercise's final points; ``None`` where nobody has any."""
    earned = [one for row in rows if (one := row.final.points_of(key)) is not None]
    return fmean(earned) if earned else None
