"""The page of the tables, ``docs/kill-matrix.md``."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course.notebook_diff import diff
from proof.matrix import Matrix

PAGE = Path("docs") / "kill-matrix.md"


def page(matrices: Sequence[Matrix]) -> str:
    """The page, in Markdown."""
    # Markdown of our own texts: escaping is for HTML.
    environment = Environment(
        loader=PackageLoader("proof"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("kill-matrix.md.j2").render(matrices=matrices)


def difference(root: Path, matrices: Sequence[Matrix]) -> str:
    """How the committed page differs from what was found, as a unified diff; empty where it does not."""
    path = root / PAGE
    committed = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    return diff(committed, page(matrices), str(path), "what was found")


def write(root: Path, matrices: Sequence[Matrix]) -> None:
    """Write the page."""
    (root / PAGE).write_text(page(matrices), encoding="utf-8", newline="\n")
