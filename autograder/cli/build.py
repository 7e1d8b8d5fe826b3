"""``autograder build``: the students' notebooks from the instructor's."""

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from autograder.cli.terminal import out
from autograder.errors import AutograderError, UsageError

# In what nbgrader logs; the line with the exception itself, which is indented less, stays.
_TRACEBACK = re.compile(r"^(?:\[ERROR\]|   ) Traceback .*\n(?: {6}.*\n| *\n)*", re.MULTILINE)


class Drifted(AutograderError):
    """The committed notebooks are not what the solutions make."""


def build(
    check: Annotated[bool, typer.Option("--check", help="Only compare, and show the difference.")] = False,
) -> None:
    """Make notebooks/ from solutions/ in the course in this folder."""
    # nbgrader takes seconds to import; the other commands do without it.
    from autograder.course.build import BuildError, difference
    from autograder.course.build import build as make

    course = Path.cwd()
    console = out()
    try:
        if check:
            if text := difference(course):
                console.print(Text(text), soft_wrap=True)
                raise Drifted("notebooks/ is not what solutions/ makes; run `autograder build` and commit the result")
            console.print("notebooks/ is what solutions/ makes")
            return
        report = make(course)
    except BuildError as error:
        raise UsageError(_TRACEBACK.sub("", str(error))) from None
    except OSError as error:
        raise AutograderError(f"{error.filename or course} could not be written: {error.strerror}") from None
    for path in report.written:
        console.print(f"wrote {path.relative_to(course)}", markup=False, soft_wrap=True)
    if not report.written:
        console.print("notebooks/ was up to date")
