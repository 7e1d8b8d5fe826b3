"""The command line, run in this process where a process of its own adds nothing."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.cli import check, doctor, main
from autograder.engine.fleet import Fleet
from autograder.engine.job import job
from autograder.nbgrader import verify_course


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Attributes:
        status: its exit status.
        out: what it printed.
        err: what it complained of.
    """

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line that it ended with."""
        [line] = [line for line in self.err.splitlines() if line.startswith("autograder: ")]
        return line


@pytest.fixture
def autograder(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., Ended]:
    """Runs a command in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["autograder", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capfd.readouterr()
        assert "Traceback" not in shown.out + shown.err
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 0, shown.out, shown.err)

    return run


@pytest.fixture
def _one_fleet(monkeypatch: pytest.MonkeyPatch, fleet: Fleet) -> None:
    """Commands take their workers from the fleet of all tests. In ``test_watch.py`` and others they have their own."""
    for command in (check, doctor, job, verify_course):
        monkeypatch.setattr(command, "Fleet", lambda: fleet)
