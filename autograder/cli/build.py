"""``autograder build``: the students' notebooks from the instructor's; in the checkout, the page of misconceptions."""

import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from autograder.cli.terminal import out
from autograder.errors import AutograderError, UsageError
from autograder.nbgrader.build import BuildError, difference
from autograder.nbgrader.build import build as make
from autograder.nbgrader.course_folder import UnreadableCourse
from autograder.reports import misconceptions_page as page

# In what nbgrader logs; the line with the exception itself, which is indented less, stays.
_TRACEBACK = re.compile(r"^(?:\[ERROR\]|   ) Traceback .*\n(?: {6}.*\n| *\n)*", re.MULTILINE)


class Drifted(AutograderError):
    """A committed file is not what its source makes."""


def build(check: bool) -> None:
    """Make the students' notebooks and the page, or only compare them with what is there."""
    course = Path.cwd()
    console = out()
    try:
        if check:
            _compare(course, console)
            return
        report = make(course)
        pages = page.write(course)
    except (BuildError, UnreadableCourse) as error:
        raise UsageError(_TRACEBACK.sub("", str(error))) from None
    except OSError as error:
        raise AutograderError(f"{error.filename or course} could not be written: {error.strerror}") from None
    for path in (*report.written, *pages):
        console.print(f"wrote {path.relative_to(course)}", markup=False, soft_wrap=True)
    if not report.written:
        console.print("notebooks/ was up to date")


def _compare(course: Path, console: Console) -> None:
    drifted = []
    for shown, meaning in (
        (difference(course), "notebooks/ is not what solutions/ makes"),
        (page.difference(course), f"{page.PAGE} is not what the exercises' texts make"),
    ):
        if shown:
            console.print(Text(shown), soft_wrap=True)
            drifted.append(meaning)
    if drifted:
        raise Drifted(f"{' and '.join(drifted)}; run `autograder build` and commit the result")
    console.print("notebooks/ is what solutions/ makes")
