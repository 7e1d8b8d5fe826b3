"""``autograder report``: a page for each student, and one for the class."""

import os
from pathlib import Path

from rich.text import Text

from autograder import atomic
from autograder.cli.terminal import complain, out
from autograder.course.installed import own_course
from autograder.errors import GraderFault
from autograder.reports.class_report import class_report
from autograder.reports.class_results import read_class
from autograder.reports.class_students import Names
from autograder.reports.evidence import Evidence, evidence_path, read_evidence
from autograder.reports.exports.pages import FEEDBACK
from autograder.reports.feedback_page import feedback_page

REPORT = "report.html"


def report(folder: Path, before: Path | None, names: Names) -> None:
    """Write the pages into the results' folder.

    Raises:
        UsageError: there are no results.
        GraderFault: a page could not be written.
    """
    course = own_course()
    graded = read_class(folder)
    earlier = read_class(before) if before else None
    for line in graded.damaged:
        complain(line)
    evidence = {one.file: _evidence(folder, one.file, one.result.digest) for one in graded.students if one.result}
    try:
        pages = 0
        (folder / FEEDBACK).mkdir(exist_ok=True)
        atomic.sweep(folder / FEEDBACK)
        for row in graded.students:
            if row.result is not None:
                _write(folder / FEEDBACK / f"{row.file}.html", feedback_page(course, row, evidence[row.file]))
                pages += 1
        _write(folder / REPORT, class_report(course, graded, evidence, earlier, names))
    except OSError as error:
        raise GraderFault(f"{error.filename or folder} could not be written: {error.strerror}") from None
    _say(folder, pages, sum(not one.cells for one in evidence.values()))


def _evidence(folder: Path, file: str, digest: str) -> Evidence:
    return read_evidence(evidence_path(folder, file), digest)


def _write(path: Path, page: str) -> None:
    # Halves of characters, as in a file's odd name, are none that a file can hold.
    atomic.write_atomically(path, page.encode("utf-8", "replace").decode())


def _say(folder: Path, pages: int, without_code: int) -> None:
    console = out()
    console.print(Text(f"The class:    {folder / REPORT}"), soft_wrap=True)
    some = f"{pages} page{'s' if pages != 1 else ''}"
    console.print(Text(f"Each student: {folder / FEEDBACK}{os.sep} ({some})"), soft_wrap=True)
    if without_code == pages > 0:
        complain(f"{folder} holds no code to show beside the messages; the next `autograder grade` adds it")
