"""What all commands share."""

import os
import subprocess
import sys

import pytest

PRINTING = (
    "from autograder.cli.terminal import complain, out\n"
    "from autograder.reports.class_table import LEGEND\n"
    "out().print(LEGEND)\n"
    "out().print('Zoë Müller-Straße 学生 \\ud800 μ ≤ ½')\n"
    "out().rule()\n"
    "complain('Łukasz: ✗ \\udce9')\n"
)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "utf-8", "latin-1", "shift_jis"])
def test_every_consoles_encoding_shows_what_it_can(encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    run = subprocess.run([sys.executable, "-c", PRINTING], env=environment, capture_output=True, check=False)
    shown, complained = run.stdout.decode(encoding), run.stderr.decode(encoding)
    assert run.returncode == 0, complained
    assert "Traceback" not in complained
    assert complained.startswith("autograder: ")
    assert ("✓" if encoding == "utf-8" else "+") + " right" in shown
    if encoding == "ascii":
        assert shown.splitlines()[0].startswith("+ right  ~ partly  x wrong")
        assert shown.splitlines()[1] == "Zoe Muller-Strasse ?? ? mu <= 1/2"
