"""A course to attack: what must stay hidden and unchanged, honest neighbours, and the attacker's submission."""

import copy
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from submissions import code, place

import autograder
from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.cells import code_cells
from autograder.course.release import Release
from autograder.engine.identity import SALT_FILE
from proof.attacks.canaries import secret
from proof.attacks.catalogue import Attack, wrong_answers

ATTACKER = "attacker"
_VARIABLE = "AUTOGRADER_CANARY"
QUESTION_POINTS = 2.0
_HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS\n", re.DOTALL)
_HONEST = ("student-01", "student-05")


class AttackedCourse:
    """A course folder, made anew.

    Attributes:
        folder: the course.
        submitted: the tree of submissions.
        secrets: what must not come out, by what it is.
        places: how an attack is told of everything.
        release: the notebook that students were handed, with the tests of the instructor's own that an attack is about.
        token: part of the name of whatever an attack leaves where all programs may write.
    """

    def __init__(self, folder: Path, checkout: Path, places: Mapping[str, str], token: str) -> None:
        """Lay the course out.

        Args:
            folder: an empty folder.
            checkout: the course's checkout.
            places: what else there is to attack.
            token: see above.
        """
        kinds = ("salt", "solution", "hidden", "neighbour", "marks", "gradebook", "environment", "file name", "success")
        self.folder, self.token = folder, token
        self.submitted = folder / "submitted"
        self.secrets = {name: secret() for name in kinds}
        self._bases = _bases(checkout)
        self.release = AUTOENCODERS.release
        self._hide(checkout)
        os.environ[_VARIABLE] = self.secrets["environment"]
        self.places = {
            **places,
            "token": token,
            "course": str(folder),
            "salt": str(folder / SALT_FILE),
            "solution": str(_notebook_in(folder / "solutions")),
            "hidden": str(folder / "tests" / "hidden.py"),
            "submitted": str(self.submitted),
            "neighbour": str(self._notebook(self.honest[0])),
            "results": str(folder / "results"),
            "marks": str(folder / "results" / "class.csv"),
            "gradebook": str(folder / "gradebook.db"),
            "outside": str(folder / "outside"),
            "variable": _VARIABLE,
            "package": str(Path(autograder.__file__).parent),
            "grader": str(os.getpid()),
            "win": f"bytes.fromhex('{self.secrets['success'].encode().hex()}').decode()",
        }

    @property
    def honest(self) -> tuple[str, ...]:
        """The names of the honest students."""
        return _HONEST

    @property
    def salt(self) -> str:
        """The course's salt."""
        return self.secrets["salt"]

    def touch_results(self) -> None:
        """Let a file with a secret name come and go in the results' folder, as results do."""
        passing = self.folder / "results" / self.secrets["file name"]
        with suppress(OSError):
            passing.touch()
            passing.unlink()

    def hand_in(self, attack: Attack) -> None:
        """Write the attacker's submission."""
        filled = attack.filled(self.places)
        notebook = copy.deepcopy(self._bases[attack.base])
        self.release = _with_questions(AUTOENCODERS.release, filled.questions)
        notebook["cells"] += self.release.notebook["cells"][len(AUTOENCODERS.release.notebook["cells"]) :]
        if filled.cell:
            notebook["cells"][place(notebook, filled.cell)]["source"] = filled.source
        elif filled.source:
            at = place(notebook, filled.after) + 1 if filled.after else 0
            notebook["cells"].insert(at, code(filled.source))
        path = self._notebook(ATTACKER)
        path.parent.mkdir(parents=True)
        names = {"notebook": notebook, "path": path, "code": code, "place": place, "right": self._bases["right"]}
        exec(compile(filled.edit, "<edit>", "exec"), names)
        if not any(path.parent.iterdir()):
            path.write_text(json.dumps(names["notebook"]), encoding="utf-8")

    def withdraw(self) -> None:
        """Take the attacker's submission away."""
        shutil.rmtree(self.submitted / ATTACKER)
        self.release = AUTOENCODERS.release

    def _notebook(self, student: str) -> Path:
        return _notebook_in(self.submitted / student)

    def _hide(self, checkout: Path) -> None:
        solution = _read(_notebook_in(checkout / "solutions"))
        solution["cells"].append(code(f"# {self.secrets['solution']}"))
        files = {
            Path(SALT_FILE): f"{self.salt}\n",
            _notebook_in(Path("solutions")): json.dumps(solution),
            Path("tests/hidden.py"): f"EXPECTED = {self.secrets['hidden']!r}\n",
            Path("results/class.csv"): f"student,points\nada,15\n{self.secrets['marks']},15\n",
            Path("gradebook.db"): f"SQLite format 3\0{self.secrets['gradebook']}",
        }
        for student in self.honest:
            notebook = _read(_notebook_in(checkout / "examples" / "submitted" / student))
            notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": self.secrets["neighbour"]})
            files[self._notebook(student)] = json.dumps(notebook)
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")


def token() -> str:
    """Part of a name that nobody else has."""
    return secrets.token_hex(6)


def _with_questions(release: Release, questions: Mapping[str, str]) -> Release:
    """The release with tests of the instructor's own at its end; students are handed those without hidden lines."""
    if not questions:
        return release
    handed_out = {name: _HIDDEN.sub("", text) for name, text in questions.items()}
    tests = [
        code(text, name, grade=True, solution=False, locked=True, points=QUESTION_POINTS)
        for name, text in handed_out.items()
    ]
    notebook = {**release.notebook, "cells": [*release.notebook["cells"], *tests]}
    return Release(release.name, code_cells(notebook), notebook).with_whole_tests(questions)


def _bases(checkout: Path) -> Mapping[str, Any]:
    stub = dict(AUTOENCODERS.release.notebook)
    wrong = copy.deepcopy(stub)
    for grade_id, source in wrong_answers(checkout).items():
        wrong["cells"][place(wrong, grade_id)]["source"] = source
    right = _read(_notebook_in(checkout / "examples" / "submitted" / _HONEST[0]))
    return {"stub": stub, "wrong": wrong, "right": right}


def _notebook_in(folder: Path) -> Path:
    return folder / AUTOENCODERS.key / AUTOENCODERS.release.name


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
