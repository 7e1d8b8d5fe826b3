"""otter-grader with the checks of this course: what `cost_of_grading.py` sets this grader beside.

otter-grader is no dependency of the project. It gets an environment of its own in `build/otter`, made at the first run,
which takes what else the notebook needs from this one.
"""

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

from classes import COURSE, Notebook, grade_id

from autograder.course.installed import own_course

VERSION = "7.0.0"
_PLACE = COURSE / "build" / "otter"
_TEST = """
from otter.test_files import test_case

OK_FORMAT = False
name = "test_{key}"
points = {points}

@test_case(points={points})
def test_{key}():
    from autograder import check

    assert check("{key}") == {points}
"""


def command() -> Path:
    """The `otter` program, installed where it is not yet there."""
    program = _PLACE / "bin" / "otter"
    if not program.exists():
        venv.create(_PLACE, with_pip=True)
        python = _PLACE / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"otter-grader[grading]=={VERSION}"], check=True)
        own = subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        beside = f"{sysconfig.get_path('purelib')}\n{COURSE}\n"
        (Path(own) / "beside.pth").write_text(beside, encoding="utf-8")
    return program


def autograder_zip(folder: Path) -> Path:
    """The file that `otter run` grades by: one test for each exercise, which calls `check`."""
    path = folder / "autograder.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("otter_config.json", json.dumps({"print_summary": False}))
        for exercise in own_course().exercises:
            text = _TEST.format(key=exercise.key, points=exercise.max_points)
            archive.writestr(f"tests/test_{exercise.key}.py", text)
    return path


def without_test_cells(notebook: Notebook) -> Notebook:
    """The notebook as otter would hand it out: its tests stand in a file, and run once, after all cells."""
    exercises = {exercise.test_cell for exercise in own_course().exercises}
    for cell in notebook["cells"]:
        if grade_id(cell) in exercises:
            cell["source"] = ["pass"]
    return notebook


def run(notebook: Path, graded_by: Path, results: Path) -> list[str]:
    """The command that grades one notebook."""
    return [str(command()), "run", "--no-logo", "-a", str(graded_by), "-o", str(results), str(notebook)]


if __name__ == "__main__":
    sys.stdout.write(f"{command()}\n")
