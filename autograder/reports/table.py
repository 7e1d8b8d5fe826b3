"""A class's results as a table for the terminal."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from autograder.exercises.catalogue import EXERCISES
from autograder.exercises.failures import printable
from autograder.exercises.judgement import Status
from autograder.reports.wording import points, review_warnings
from autograder.results import ExerciseEntry, Result

_HEADS = {
    "encoder": "Enc",
    "decoder": "Dec",
    "train": "Train",
    "variational_encoder": "VEnc",
    "kl": "KL",
    "train_vae": "TrVAE",
    "interpolate": "Interp",
}
_SIGNS = {
    Status.NOT_ATTEMPTED: ("·", "dim"),
    Status.PASSED: ("✓", "green"),
    Status.REVIEW: ("?", "blue"),
    Status.PARTIAL: ("◐", "yellow"),
    Status.TIMEOUT: ("⧗", "red"),
    Status.ERROR: ("!", "red"),
    Status.FAILED: ("✗", "red"),
}
_MOST_LOOKS = 20
LEGEND = "✓ right  ◐ partly  ✗ wrong  ! error  ⧗ too slow  · not attempted  ? look first"


def class_table(results: Sequence[Result]) -> Table:
    """One row a student: the points of each exercise with a sign for its status, and the sum; 80 columns wide."""
    table = Table(box=None, pad_edge=False, padding=(0, 1), collapse_padding=True, header_style="bold")
    table.add_column("Student", no_wrap=True, overflow="ellipsis", max_width=20)
    for exercise in EXERCISES:
        table.add_column(_HEADS[exercise.key], justify="right", no_wrap=True)
    table.add_column("Points", justify="right", no_wrap=True, style="bold")
    for result in sorted(results, key=lambda one: one.student):
        cells = [_cell(entry) for entry in result.exercises]
        table.add_row(Text(printable(result.student)), *cells, f"{points(result.points)}/{points(result.max_points)}")
    return table


def _cell(entry: ExerciseEntry) -> Text:
    sign, style = _SIGNS[Status(entry.status)]
    return Text(f"{points(entry.points)} {sign}", style=style)


def problems(results: Sequence[Result]) -> list[str]:
    """A line for each submission that could not be read, then one for each whose text a person should look at."""
    ordered = sorted(results, key=lambda one: one.student)
    unread = [f"{printable(result.student)}: {result.warnings[-1]}" for result in ordered if _unread(result)]
    looks = [_look_at(result) for result in ordered if review_warnings(result)]
    if (more := len(looks) - _MOST_LOOKS) > 0:
        looks[_MOST_LOOKS:] = [f"and {more} more with something to look at: `notebook` in class.csv's column `review`"]
    return unread + looks


def _unread(result: Result) -> bool:
    return (
        bool(result.warnings)
        and not result.sandbox.get("layers")
        and all(not entry.points and entry.status == Status.NOT_ATTEMPTED.value for entry in result.exercises)
    )


def _look_at(result: Result) -> str:
    first, *others = review_warnings(result)
    return f"{printable(result.student)}: {first}{' (and more in the result)' if others else ''}"
