"""``autograder doctor``: what it finds on this machine, and what it says of what is missing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch

from autograder import machine
from autograder.cli import doctor
from autograder.engine.fleet import Fleet
from autograder.engine.levels import REQUIRED
from autograder.engine.messages import WorkerReport
from autograder.errors import GraderFault

Run = Callable[..., Any]


class NoFleet:
    """Gives one worker that has every layer on."""

    report = WorkerReport(dict.fromkeys(REQUIRED, "on"))

    def __enter__(self) -> "NoFleet":
        return self

    def __exit__(self, *_: object) -> None: ...

    @contextmanager
    def worker(self, _options: object) -> Iterator["NoFleet"]:
        yield self


@pytest.mark.usefixtures("_one_fleet")
def test_doctor_finds_what_this_machine_has(autograder: Run) -> None:
    ended = autograder("doctor")
    assert ended.status == 0
    lines = {line[2:].split("  ")[0].strip(): line for line in ended.out.splitlines()}
    assert lines["torch"].startswith("✓")
    assert torch.__version__ in lines["torch"]
    assert {"autograder", "python", "nbgrader", "notebook", "digits", "salt", "cuda", "processors"} <= set(lines)
    assert lines["salt"].startswith("!")
    for layer in REQUIRED:
        line = lines[f"sandbox {layer}"]
        assert line.startswith("✓" if " on" in line else "!")
    if " on" in lines["sandbox seccomp"]:
        assert "is refused no system call" in " ".join(ended.out.split())


def test_doctor_names_a_call_that_an_honest_program_is_refused(
    autograder: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answers(said: str) -> tuple[str, ...]:
        return (sys.executable, "-c", f"print({said!r})")

    monkeypatch.setattr(doctor, "Fleet", NoFleet)
    for said, text in (
        ('["flock", "fcntl(0x3, 0x400)"]', "is refused flock, fcntl(0x3, 0x400)"),
        ("no", "could not be"),
    ):
        monkeypatch.setattr(machine, "PYTHON", answers(said))
        ended = autograder("doctor")
        [line] = [line for line in " ".join(ended.out.split()).split(" ! ") if line.startswith("sandbox trial")]
        assert text in line
        assert ended.status == 0


def test_doctor_names_what_is_missing_and_how_to_get_it(autograder: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_source(_options: object) -> Any:
        raise GraderFault("a worker process could not be started")

    monkeypatch.setattr(doctor, "Fleet", lambda: Fleet(no_source))
    monkeypatch.setattr(machine, "installed", lambda package: "missing" if package == "nbgrader" else "1.0")
    ended = autograder("doctor")
    assert ended.status == 1
    assert "not installed: pip install nbgrader" in ended.out
    assert "a worker process could not be started" in ended.out
    assert [line.split()[1] for line in ended.out.splitlines() if line.startswith("✗")] == ["nbgrader", "worker"]


def test_doctor_tells_of_a_salt_that_cannot_be_read(autograder: Run, tmp_path: Any) -> None:
    (tmp_path / "autograder.salt").mkdir()
    ended = autograder("doctor")
    assert ended.status == 2
    assert "autograder.salt" in ended.complaint
