"""A class, graded as an instructor does it: one command, looked at through its result files."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from autograder.cli import main
from autograder.engine.fleet import Fleet
from autograder.engine.job import job

COMMAND = [sys.executable, "-c", "from autograder.cli import main; main()"]
SANDBOX = os.environ.get("AUTOGRADER_TEST_SANDBOX", "best")  # what the machine that tests can do


def run_grade(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """How ``autograder grade class --results results`` ended in a folder with a class."""
    command = [*COMMAND, "grade", "class", "--results", "results", "--sandbox", SANDBOX, *options]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=600
    )
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stdout + run.stderr
    return run


def grade_in_process(folder: Path, fleet: Fleet, *options: str) -> None:
    """Let ``autograder grade class`` run in this process, in a folder with a class, with workers of that fleet."""
    (folder / "autograder.salt").write_text("a line of random text\n")
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        patch.chdir(folder)
        command = ["autograder", "grade", "class", "--sandbox", SANDBOX, "--jobs", "1", "--quiet", *options]
        patch.setattr(sys, "argv", command)
        patch.setattr(job, "Fleet", lambda: fleet)
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code, said.getvalue()
    assert said.getvalue() == ""


def results_in(folder: Path) -> dict[str, dict[str, Any]]:
    """The result files in a folder, by student."""
    results = (json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json"))
    return {result["student"]: result for result in results}
