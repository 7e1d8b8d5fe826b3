"""``autograder export``: final marks in a platform's form."""

import os
from collections.abc import Sequence
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.cli.gradescope_autograder import write_gradescope_autograder
from autograder.cli.terminal import complain, out
from autograder.course.installed import own_course
from autograder.errors import UsageError
from autograder.reports.class_csv import class_csv
from autograder.reports.class_results import CLASS_CSV, ClassResults, read_class
from autograder.reports.exports.canvas import canvas
from autograder.reports.exports.gradescope import gradescope
from autograder.reports.exports.moodle import moodle
from autograder.reports.exports.moodle_feedback import feedback_files
from autograder.reports.exports.pages import read_pages
from autograder.reports.exports.people import Exported
from autograder.reports.exports.table import Table, read_table
from autograder.reports.exports.zip_file import zip_file
from autograder.submissions.class_list import Listed, read_class_list
from autograder.submissions.finding.places import some

_ZIP = ".zip"
_LIST_SAYS = "--students FILE.csv can say who they are"


def export(
    folder: Path,
    form: str,
    output: Path | None,
    students: Path | None,
    template: Path | None,
    column: str | None,
    wheel: Path | None,
) -> None:
    """Write final marks in the form that is asked for, and say who could not be matched.

    With a zip as output, feedback pages go to Moodle, and the grader itself to Gradescope.
    """
    to_zip = output is not None and output.suffix == _ZIP
    if form == "gradescope" and output is not None and to_zip:
        write_gradescope_autograder(folder, output, wheel)
        return
    known = read_class(folder)
    for line in (*known.damaged, *known.notes):
        complain(line)
    if known.not_of_last_run:
        complain(f"not in class.csv, so of an earlier run or under an old name: {some(known.not_of_last_run, 20)}")
    mapping = read_class_list(students) if students else ()
    if form == "csv":
        _write(output or folder / CLASS_CSV, class_csv(own_course(), known.students))
    elif form == "gradescope":
        _gradescope(known, output or folder / "gradescope")
    elif form == "nbgrader":
        _nbgrader(known, output)
    elif form == "moodle" and output is not None and to_zip:
        _moodle_feedback(known, mapping, template, output)
    else:
        exported = _platform(form, known, mapping, template, column)
        _write(output or folder / f"{form}.csv", exported.text)
        _say_who(exported)


def _platform(
    form: str, known: ClassResults, mapping: Sequence[Listed], template: Path | None, column: str | None
) -> Exported:
    table = _template(form, template)
    if form == "moodle":
        return moodle(table, known, mapping)
    return canvas(table, known, column or next((one.assignment for one in known.results), ""), mapping)


def _template(form: str, template: Path | None) -> Table:
    if template is None:
        told = {
            "canvas": "the gradebook that Canvas exports",
            "moodle": "the grading worksheet that Moodle lets you download",
        }
        raise UsageError(f"--to {form} needs {told[form]}; give that file with --template FILE.csv")
    return read_table(template)


def _moodle_feedback(known: ClassResults, mapping: Sequence[Listed], template: Path | None, output: Path) -> None:
    made = feedback_files(_template("moodle", template), known, read_pages(known), mapping)
    _write(output, zip_file(made.pages))
    out().print(f"{len(made.pages)} feedback pages", soft_wrap=True)
    if made.without_row:
        complain(f"no row fits, so no page is in it: {some(made.without_row, 20)}; {_LIST_SAYS}")
    if made.without_page:
        complain(f"no page for: {some(made.without_page, 20)}")


def _gradescope(known: ClassResults, folder: Path) -> None:
    course = own_course()
    for one in known.students:
        if one.result is not None:
            _write_file(folder / one.file / "results.json", gradescope(course, one))
    out().print(f"{folder}{os.sep}: results.json of {len(known.results)} students", soft_wrap=True, markup=False)


def _nbgrader(known: ClassResults, database: Path | None) -> None:
    # Not above: these take a second, and no other form needs them.
    from autograder.nbgrader.export_marks import export_marks
    from autograder.nbgrader.gradebook_place import gradebook_here

    place = gradebook_here(Path.cwd(), database)
    recorded = export_marks(own_course(), known, place)
    out().print(f"{place.shown}: marks of {len(recorded.students)} students", soft_wrap=True, markup=False)
    if recorded.left_out:
        complain(f"left out, since nbgrader has no place for a whole mark: {some(recorded.left_out, 20)}")


def _write(path: Path, content: str | bytes) -> None:
    _write_file(path, content)
    out().print(f"Written: {path}", soft_wrap=True, markup=False)


def _write_file(path: Path, content: str | bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}; choose another with -o") from None


def _say_who(exported: Exported) -> None:
    out().print(f"{exported.matched} marks filled in", soft_wrap=True)
    if exported.without_row:
        who = some(exported.without_row, 20)
        complain(f"no row fits, so no mark was filled in: {who}; {_LIST_SAYS}")
    if exported.without_mark:
        complain(f"no mark for, so left as they were: {some(exported.without_mark, 20)}")
