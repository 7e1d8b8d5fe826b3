"""nbgrader's *Validate*, which runs a whole notebook in a kernel of its own and shows only which checks failed."""

import os
import sys
import textwrap

# nbgrader cuts lines at its width, less an indent.
_WIDTH = 82


def is_validating() -> bool:
    """Whether nbgrader runs the notebook for its *Validate*."""
    return os.environ.get("NBGRADER_EXECUTION") == "validate"


def say_for_validate(text: str) -> None:
    """Say why a check is not all right, where *Validate* would say "Partial credit" whatever it is.

    It takes what a cell writes to stderr for the reason that it has failed.
    """
    for line in text.splitlines():
        print(textwrap.fill(line, _WIDTH, subsequent_indent=" " * 6), file=sys.stderr)  # noqa: T201
