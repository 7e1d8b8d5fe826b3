"""``autograder reset``: an exercise's cell as it was handed out."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from autograder.cli.arguments import notebook_at
from autograder.cli.terminal import out
from autograder.course.restore import restore
from autograder.exercises.catalogue import EXERCISES, exercise


def reset(
    key: Annotated[str, typer.Argument(help="The exercise, such as encoder.")],
    notebook: Annotated[Path, typer.Argument(help="Your notebook.")],
) -> None:
    """Put an exercise's cell back as it was handed out; your text is kept in a file beside the notebook."""
    known = exercise(key)
    kept = restore(notebook_at(notebook), known)
    titles = " and ".join(one.title for one in EXERCISES if one.cell == known.cell)
    lines = [f"The cell of {titles} in {notebook} is as it was handed out."]
    if kept is not None:
        lines.append(f"What stood there is kept in {kept}.")
        lines.append("Is the notebook open in JupyterLab? Choose File > Reload Notebook from Disk.")
    for line in lines:
        out().print(Text(line), soft_wrap=True)
