"""A course of nbgrader's in a folder of its own, and running commands there."""

import csv
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prepared_nbgrader import run_nbgrader

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "examples" / "submitted"
COMMAND = "from autograder.cli import main; main()"


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    status: int
    log: str


@dataclass(frozen=True)
class Place:
    """A folder with a copy of the course, and what Jupyter keeps for its user."""

    root: Path

    @property
    def course(self) -> Path:
        return self.root / "course"

    def submitted(self, student: str) -> Path:
        return self.course / "submitted" / student / "autoencoders" / "autoencoders.ipynb"

    def run(self, folder: str, *arguments: str) -> Done:
        """Run Python in a folder."""
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=self.root / folder, env=self._environment, capture_output=True, text=True, check=False
        )
        return Done(done.returncode, done.stdout + done.stderr)

    @property
    def _environment(self) -> dict[str, str]:
        home = {
            "HOME": str(self.root),
            "JUPYTER_CONFIG_DIR": str(self.root / "jupyter"),
            "JUPYTER_DATA_DIR": str(self.root / "data"),
        }
        return {**os.environ, **home}

    def nbgrader(self, folder: str, *arguments: str) -> str:
        """Run nbgrader in a folder; its log, once it has ended well."""
        done = self.try_nbgrader(folder, *arguments, f"--Exchange.root={self.root / 'exchange'}")
        assert done.status == 0, done.log[-3000:]
        return done.log

    def try_nbgrader(self, folder: str, *arguments: str) -> Done:
        """Run nbgrader in a folder, however it ends; in a process that is forked from one which has imported it."""
        log = self.root / "nbgrader.log"
        status = run_nbgrader(self.root / folder, self._environment, arguments, log)
        return Done(status, log.read_text(encoding="utf-8", errors="replace"))

    def exported(self) -> dict[str, float]:
        """The points of each student as nbgrader exports them."""
        self.nbgrader("course", "export")
        with (self.course / "grades.csv").open(encoding="utf-8") as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}

    def graded(self, *options: str) -> dict[str, float]:
        """The points of each student as ``autograder grade`` gives them for the same folder."""
        command = ("grade", "submitted", "--results", "results", "--sandbox", "best", "--quiet", *options)
        done = self.run("course", "-c", COMMAND, *command)
        assert done.status == 0, done.log[-3000:]
        with (self.course / "results" / "class.csv").open(encoding="utf-8-sig") as file:
            return {row["student"]: float(row["points"]) for row in csv.DictReader(file)}

    def scores(self) -> dict[tuple[str, str], tuple[float | None, bool]]:
        """By student and test cell: the points in the gradebook, and whether a person is asked to look."""
        question = """
            select submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.needs_manual_grade
            from grade join base_cell on grade.cell_id = base_cell.id
            join submitted_notebook on grade.notebook_id = submitted_notebook.id
            join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id"""
        return {(row[0], row[1]): (row[2], bool(row[3])) for row in self._asked(question)}

    def flagged(self) -> set[str]:
        """The students whose notebook is flagged in the gradebook."""
        question = """
            select submitted_assignment.student_id from submitted_notebook
            join submitted_assignment on submitted_notebook.assignment_id = submitted_assignment.id
            where submitted_notebook.flagged"""
        return {row[0] for row in self._asked(question)}

    def _asked(self, question: str) -> list[Any]:
        connection = sqlite3.connect(self.course / "gradebook.db")
        try:
            return list(connection.execute(question))
        finally:
            connection.close()


class PlaceOfUsers(Place):
    """One where nbgrader is started as its users do."""

    def try_nbgrader(self, folder: str, *arguments: str) -> Done:
        return self.run(folder, "-m", "nbgrader", *arguments)


def new_place(root: Path, kind: type[Place] = Place) -> Place:
    """A fresh copy of the course."""
    place = kind(root)
    place.course.mkdir()
    for name in ("solutions", "notebooks"):
        shutil.copytree(ROOT / name, place.course / name)
    shutil.copy(ROOT / "nbgrader_config.py", place.course)
    (root / "exchange").mkdir(mode=0o777)
    (root / "exchange").chmod(0o777)
    return place
