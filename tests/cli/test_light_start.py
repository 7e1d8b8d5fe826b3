"""What only says how a command is called starts at once: nothing that takes long to import is imported."""

import subprocess
import sys

import pytest

SLOW = ("IPython", "matplotlib", "nbgrader", "numpy", "pydantic", "rich", "safetensors", "torch", "watchfiles")
STARTED = """
import sys
from autograder.cli import main
try:
    main()
finally:
    print("imported:", *sys.modules)
"""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--version", "autograder "),
        ("--help", "Commands:"),
        ("-h", "Commands:"),
        ("", "Commands:"),
        ("no-such-command", "No such command"),
        ("grade --no-such-option", "No such option"),
        *((f"{command} --help", f"Usage: autograder {command}")
          for command in ("build", "check", "doctor", "grade", "reset", "verify")),
    ],
)  # fmt: skip
def test_help_and_slips_need_none_of_the_large_libraries(arguments: str, said: str) -> None:
    command = [sys.executable, "-c", STARTED, *arguments.split()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said in (done.stdout + done.stderr).replace(" -c ", " autograder ")
    [imported] = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("imported:")]
    assert not set(SLOW) & set(imported)
