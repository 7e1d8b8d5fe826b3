"""``autograder reset``: an exercise's cell as it was handed out."""

from pathlib import Path

from rich.text import Text

from autograder.cli.arguments import notebook_at
from autograder.cli.terminal import out
from autograder.course.installed import own_course
from autograder.submissions.reset import reset_cell


def reset(key: str, notebook: Path) -> None:
    """Put an exercise's cell back, and say where its text is kept."""
    course = own_course()
    exercise = course.exercise(key)
    kept = reset_cell(notebook_at(notebook), exercise, course.release)
    titles = " and ".join(one.title for one in course.exercises if one.cell == exercise.cell)
    lines = [f"The cell of {titles} in {notebook} is as it was handed out."]
    if kept is not None:
        lines.append(f"What stood there is kept in {kept}.")
        lines.append("Is the notebook open in JupyterLab? Choose File > Reload Notebook from Disk.")
    for line in lines:
        out().print(Text(line), soft_wrap=True)
