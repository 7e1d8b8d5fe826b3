"""A class, graded as an instructor does it: one command, looked at through its result files."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

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


def results_in(folder: Path) -> dict[str, dict[str, Any]]:
    """The result files in a folder, by student."""
    results = (json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json"))
    return {result["student"]: result for result in results}
