"""A class of odd submissions, graded as an instructor does it: one command, looked at through its result files."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from submissions import Notebook, save

COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()"]
SANDBOX = os.environ.get("AUTOGRADER_TEST_SANDBOX", "best")  # what the machine that tests can do


@dataclass(frozen=True)
class Case:
    """A submission of a class, and what is to come of it.

    Attributes:
        make: makes the notebook.
        lost: the exercises that do not pass, with their points and status; all others pass.
        said: words that the student reads somewhere, in a check or a warning.
        unsaid: words that nobody reads.
        files: files that were handed in beside the notebook.
    """

    make: Callable[[], Notebook]
    lost: Mapping[str, tuple[float, str]]
    said: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ("misspelt",)
    files: Mapping[str, bytes] | None = None


def grade(folder: Path, cases: Mapping[str, Case], *options: str) -> dict[str, Any]:
    """The results of a class, by student."""
    for student, case in cases.items():
        own = folder / "class" / student / "autoencoders"
        save(case.make(), own / "autoencoders.ipynb")
        for name, content in (case.files or {}).items():
            (own / name).parent.mkdir(exist_ok=True)
            (own / name).write_bytes(content)
    (folder / "autograder.salt").write_text("a line of random text\n")
    command = [*COMMAND, "grade", "class", "--results", "results", "--sandbox", SANDBOX, "--quiet", *options]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=600
    )
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    return {student: json.loads((folder / "results" / f"{student}.json").read_text("utf-8")) for student in cases}


def lost(result: Mapping[str, Any]) -> dict[str, tuple[float, str]]:
    """What is not passed, with its points and status."""
    return {one["key"]: (one["points"], one["status"]) for one in result["exercises"] if one["status"] != "passed"}


def words(result: Mapping[str, Any]) -> str:
    """All that the student is told."""
    checks = [check["message"] for one in result["exercises"] for check in one["checks"]]
    return "\n".join([*result["warnings"], *filter(None, checks)])


def check_case(case: Case, result: Mapping[str, Any]) -> None:
    """Hold a result against what was to come of it."""
    assert lost(result) == dict(case.lost), words(result)
    for text in case.said:
        assert text in words(result)
    for text in case.unsaid:
        assert text not in words(result)
