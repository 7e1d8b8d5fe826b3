"""How ``autograder grade`` concludes: the class's files, and what is shown of them."""

import os
from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from autograder.atomic import write_atomically
from autograder.cli.terminal import complain, out
from autograder.course.course import Course
from autograder.engine.job.run import GradedSubmission
from autograder.errors import GraderFault
from autograder.reports.class_csv import ClassRow, class_csv, misconceptions_csv
from autograder.reports.class_summary import distribution, exercise_table
from autograder.reports.class_table import LEGEND, class_table, problems, to_show
from autograder.reports.final_marks import Decisions, MarkedClass, with_final_marks
from autograder.reports.overrides import OVERRIDES_CSV
from autograder.submissions.class_list import Listed, Matched, match
from autograder.submissions.finding.find import Found
from autograder.submissions.finding.places import some
from autograder.submissions.finding.result_names import result_names

_MOST_ROWS = 40
_OTHER_LINES, _FEWEST_ROWS = 30, 10  # on a terminal: what is shown beside the table


def conclude(
    course: Course,
    found: Sequence[Found],
    graded: Sequence[GradedSubmission],
    listed: Sequence[Listed],
    folder: Path,
    decisions: Decisions,
    quiet: bool,
) -> None:
    """Write the class's files, show what they hold, and say who has no result.

    Raises:
        GraderFault: somebody has no result, or a file could not be written.
    """
    matched = match(listed, found) if listed else Matched({}, (), ())
    marked = with_final_marks(_rows(graded, matched), decisions)
    rows = marked.students
    failures = []
    for name, text in (("class.csv", class_csv(course, rows)), ("misconceptions.csv", misconceptions_csv(rows))):
        try:
            write_atomically(folder / name, text)
        except OSError as error:
            failures.append(f"{folder / name} could not be written: {error.strerror}")
    if not quiet:
        _show_class(course, rows, folder)
        _show_list(matched)
        _show_others(found, folder)
        _show_decisions(marked)
    faults = [(one.found.student, one.fault) for one in graded if one.result is None]
    for student, fault in faults:
        complain(f"{student} has no result: {fault}")
    _show_not_kept(graded)
    if faults:
        missing = f"{len(faults)} of {len(graded)} submissions have no result"
        failures.append(f"{missing}; the same command tries them again")
    if failures:
        raise GraderFault("; ".join(failures))


def _rows(graded: Sequence[GradedSubmission], matched: Matched) -> list[ClassRow]:
    rows = []
    for one in graded:
        place = one.found
        fault = f"no result: {one.fault}" if one.result is None else ""
        listed = matched.listed.get(place.student)
        rows.append(ClassRow(place.student, one.result, place.handed_in, place.late, listed, remark=fault))
    return [*rows, *(ClassRow(one.shown, listed=one, remark="nothing was handed in") for one in matched.absent)]


def _show_class(course: Course, rows: Sequence[ClassRow], folder: Path) -> None:
    console = out()
    most = max(_FEWEST_ROWS, console.height - _OTHER_LINES) if console.is_terminal else _MOST_ROWS
    marked = to_show(rows, len(rows))
    shown = to_show(rows, most)
    console.print(class_table(course, shown))
    if more := len(marked) - len(shown):
        console.print(Text(f"and {more} more in {folder / 'class.csv'}; those to look at come first"), soft_wrap=True)
    console.print(LEGEND, style="dim")
    for line in problems([row.result for row in rows if row.result]):  # in a file a line each, which can be looked for
        console.print(Text(line), soft_wrap=not console.is_terminal)
    if len(marked) > 1:
        console.print()
        for line in distribution(marked):
            console.print(Text(line), soft_wrap=True)
        console.print(exercise_table(course, marked))
        console.print()
    files = "one JSON file a student, class.csv, misconceptions.csv"
    console.print(Text(f"Pages for students and on the class: autograder report {folder}"), soft_wrap=True)
    console.print(Text(f"Results: {folder}{os.sep} ({files})"), soft_wrap=True)


def _show_list(matched: Matched) -> None:
    if matched.absent:
        who = some((one.shown for one in matched.absent), 20)
        complain(f"nothing was handed in by {len(matched.absent)} of the list: {who}")
    if matched.strangers:
        complain(f"not in the list, or like several people in it: {some(matched.strangers, 20)}")


def _show_decisions(marked: MarkedClass) -> None:
    """Say what the instructor's own files have changed, and what of them could not be applied."""
    overridden = sum(bool(one.final.overrides) for one in marked.students)
    penalised = sum(bool(one.final.late_penalty) for one in marked.students)
    if overridden or penalised:
        told = f"{OVERRIDES_CSV} sets points of {overridden}, being late costs {penalised} students points"
        out().print(Text(f"Final marks, here and in class.csv: {told}"), soft_wrap=True)
    for line in (*marked.problems, *marked.notes):
        complain(line)


def _show_not_kept(graded: Sequence[GradedSubmission]) -> None:
    """Say whose pages will lack what lies beside a result; no mark depends on that."""
    lacking = [one for one in graded if one.not_kept]
    if lacking:
        who = some(one.found.student for one in lacking)
        complain(f"pages will show neither code nor charts of {who}: {lacking[0].not_kept}; marks are complete")


def _show_others(found: Sequence[Found], folder: Path) -> None:
    """Say which results in the folder are not of this run's students, such as of one who was renamed."""
    mine = {f"{name}.json" for name in result_names(one.student for one in found).values()}
    others = sorted(path.stem for path in folder.glob("*.json") if path.name not in mine)
    if others:
        complain(f"{folder} also holds results that are not of this run, and not in class.csv: {some(others)}")
