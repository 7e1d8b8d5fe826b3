"""The pages that ``autograder report`` has made, as they lie beside the results."""

from pathlib import Path

from autograder.errors import UsageError
from autograder.reports.class_results import ClassResults
from autograder.reports.evidence import evidence_path
from autograder.reports.late import LATE_TOML
from autograder.reports.overrides import OVERRIDES_CSV
from autograder.submissions.finding.places import some

FEEDBACK = "feedback"


def read_pages(known: ClassResults) -> dict[str, bytes]:
    """Each student's page, by the name in results; who has none is not there.

    Raises:
        UsageError: there are none, one cannot be read, or one is older than what it shows.
    """
    folder = known.folder
    pages: dict[str, bytes] = {}
    old = []
    for one in known.students:
        path = folder / FEEDBACK / f"{one.file}.html"
        if not one.file or not path.is_file():
            continue
        try:
            pages[one.student] = path.read_bytes()
        except OSError as error:
            raise UsageError(f"{path} cannot be read: {error.strerror}") from None
        shown = (folder / f"{one.file}.json", evidence_path(folder, one.file))
        if _is_older(path, (*shown, folder / OVERRIDES_CSV, folder / LATE_TOML)):
            old.append(one.student)
    mends = f"`autograder report {folder}` makes them"
    if not pages:
        raise UsageError(f"{folder / FEEDBACK} holds no pages; {mends}")
    if old:
        raise UsageError(f"pages are older than the marks that they show: {some(old, 20)}; {mends} anew")
    return pages


def _is_older(page: Path, shown: tuple[Path, ...]) -> bool:
    made = page.stat().st_mtime_ns
    return any(path.stat().st_mtime_ns > made for path in shown if path.exists())
