"""``autograder similar``: whose code is alike, and how usual that is."""

from pathlib import Path

from rich.text import Text

from autograder.atomic import write_atomically
from autograder.cli.terminal import out
from autograder.course.installed import own_course
from autograder.errors import GraderFault, UsageError
from autograder.reports.class_results import read_class
from autograder.reports.evidence import evidence_path, read_evidence
from autograder.reports.similarity import similarity
from autograder.reports.similarity_page import similarity_page

PAGE = "similar.html"


def similar(folder: Path) -> None:
    """Write the page into the results' folder.

    Raises:
        UsageError: there are no results, or no cells beside them.
        GraderFault: the page could not be written.
    """
    course = own_course()
    rows = [row for row in read_class(folder).students if row.result is not None]
    cells = {
        row.student: kept.cells
        for row in rows
        if row.result and (kept := read_evidence(evidence_path(folder, row.file), row.result.digest)).cells
    }
    if not cells:
        raise UsageError(f"{folder} holds no cells to compare; the next `autograder grade` keeps them beside results")
    found = similarity(course, cells)
    try:
        write_atomically(folder / PAGE, similarity_page(course, found, cells).encode("utf-8", "replace").decode())
    except OSError as error:
        raise GraderFault(f"{folder / PAGE} could not be written: {error.strerror}") from None
    compared = f"{len(cells)} students compared, {len(found.pairs)} pairs shown; a pair is a reason to look, no more"
    out().print(Text(f"Whose code is alike: {folder / PAGE} ({compared})"), soft_wrap=True)
