"""Moodle's zip of feedback files: each student's page in the folder that says whose it is.

Form: `mod/assign/feedback/file/importziplib.php` of moodle/moodle, which splits a folder's name at ``_`` and reads the
participant's number from the second part; files that begin with ``.`` or ``~`` it passes over.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.errors import UsageError
from autograder.reports.class_results import ClassResults
from autograder.reports.exports.moodle import participant, people_of
from autograder.reports.exports.moodle_headings import LANGUAGES, column
from autograder.reports.exports.moodle_teams import lay_worksheet_beside
from autograder.reports.exports.table import Table
from autograder.submissions.class_list import Listed

PAGE = "feedback.html"
_LONGEST = 100
# What Moodle itself leaves out of a file's name, and the sign at which it splits one.
_LEFT_OUT = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff&<>"`|\':\\/]')


@dataclass(frozen=True)
class FeedbackFiles:
    """Feedback pages as Moodle takes them.

    Attributes:
        pages: the pages, by their places in the zip.
        without_row: students with a mark whom the worksheet does not have, or who fit several rows.
        without_page: people of the worksheet for whom there is no page.
    """

    pages: Mapping[str, bytes]
    without_row: tuple[str, ...]
    without_page: tuple[str, ...]


def feedback_files(
    table: Table, known: ClassResults, pages: Mapping[str, bytes], mapping: Sequence[Listed] = ()
) -> FeedbackFiles:
    """The pages of this class in Moodle's folders.

    Args:
        table: the grading worksheet, which knows each participant's number.
        known: the class.
        pages: each student's page, by the name in results.
        mapping: who is who, where names do not say.

    Raises:
        UsageError: it is no worksheet.
    """
    if column(table, "identifier") is None or column(table, "grade") is None:
        needs = f"the columns Identifier and Grade, as Moodle writes them in {LANGUAGES}"
        raise UsageError(f"{table.path} is no grading worksheet of Moodle: it needs {needs}")
    platform = people_of(table)
    people = lay_worksheet_beside(table, platform, known, mapping)
    placed: dict[str, bytes] = {}
    without_page = []
    for number, person in enumerate(platform):
        row = people.rows.get(number)
        identifier = participant(table, table.rows[number])
        if row is not None and identifier and row.student in pages:
            placed[f"{_folder(person.name, identifier)}/{PAGE}"] = pages[row.student]
        else:
            without_page.append(person.shown)
    return FeedbackFiles(placed, people.without_row, tuple(without_page))


def _folder(name: str, identifier: str) -> str:
    shown = " ".join(_LEFT_OUT.sub("", name.replace("_", " ")).split())[:_LONGEST].strip(".~ ") or "Participant"
    return f"{shown}_{identifier}_assignsubmission_file"
