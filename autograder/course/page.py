"""The checkout's page of misconceptions, which is made from the exercises' texts."""

from pathlib import Path

import autograder
from autograder.course.readable import diff
from autograder.reports import misconceptions

PAGE = Path("docs") / "misconceptions.md"
CHECKOUT = Path(autograder.__file__).parents[1]


def belongs_to(course: Path) -> bool:
    """Whether the page is one of the course's files: it lies beside the package whose texts it lists."""
    return course.resolve() == CHECKOUT


def difference(course: Path) -> str:
    """How the page differs from what the texts make, as a unified diff; empty where it does not, or is none of ours."""
    path = course / PAGE
    if not belongs_to(course):
        return ""
    committed = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return diff(committed, misconceptions.page(), str(path), "made from the exercises' texts")


def write(course: Path) -> tuple[Path, ...]:
    """Write the page where it is one of the course's and has changed; the files written."""
    if not difference(course):
        return ()
    path = course / PAGE
    path.parent.mkdir(exist_ok=True)
    path.write_text(misconceptions.page(), encoding="utf-8", newline="\n")
    return (path,)
