"""``autograder check --watch``: checked again on every save, until Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from submissions import fill, right, save

from autograder.cli import check

Run = Callable[..., Any]
MAIN = "from autograder.cli import main; main()"


@contextmanager
def watching(path: Path) -> Iterator["Watched"]:
    """The command in a process of its own, as a student starts it."""
    arguments = [sys.executable, "-c", MAIN, "check", path.name, "--exercise", "encoder", "--watch"]
    environment = {**os.environ, "COLUMNS": "80", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        arguments,
        cwd=path.parent,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A run in the background (`make test &`) ignores Ctrl-C and hands that down.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        try:
            yield Watched(process)
        finally:
            process.kill()


class Watched:
    """A command that goes on."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def checked(self) -> str:
        """What it prints up to the end of the next check."""
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("Watching "):
                return "".join(lines)
        pytest.fail(f"it ended: {lines}")

    def interrupt(self) -> str:
        """What it prints after Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        printed, _ = self.process.communicate(timeout=60)
        return printed


def wrong() -> dict[str, Any]:
    notebook = right()
    [cell] = [one for one in notebook["cells"] if one["metadata"].get("nbgrader", {}).get("grade_id") == "encoder"]
    return fill(notebook, "encoder", "".join(cell["source"]).replace("F.relu(self.linear1(x))", "self.linear1(x)"))


def test_every_save_is_checked_until_ctrl_c(tmp_path: Path) -> None:
    path = save(wrong(), tmp_path / "mine.ipynb")
    with watching(path) as watched:
        assert "1 of 2 points" in watched.checked()
        path.write_text("{")
        assert "mine.ipynb is not valid JSON, so it is no notebook: it breaks off in the middle" in watched.checked()
        replaced = save(right(), tmp_path / "new.ipynb")
        replaced.replace(path)
        assert "2 of 2 points" in watched.checked()
        assert "stopped watching" in watched.interrupt()
        assert watched.process.returncode == 0


def test_a_save_while_a_check_is_running_is_checked_too(
    autograder: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(right(), tmp_path / "mine.ipynb")
    checks: list[float] = []

    def check_once(*_: object) -> bool:
        checks.append(time.monotonic())
        if len(checks) == 2:
            raise KeyboardInterrupt
        save(wrong(), path)
        return False

    monkeypatch.setattr(check, "_check_once", check_once)
    ended = autograder("check", "mine.ipynb", "--watch")
    assert len(checks) == 2
    assert "stopped watching" in ended.out


def test_a_file_that_is_only_touched_by_others_is_not_checked_again(
    autograder: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(right(), tmp_path / "mine.ipynb")
    checks: list[int] = []
    looks: list[int] = []
    saved = check._saved

    def look(path: Path) -> Any:
        looks.append(1)
        if len(looks) == 3:
            raise KeyboardInterrupt
        save(right(), tmp_path / "another.ipynb")
        return saved(path)

    monkeypatch.setattr(check, "_saved", look)
    monkeypatch.setattr(check, "_check_once", lambda *_: checks.append(1))
    autograder("check", "mine.ipynb", "--watch")
    assert checks == [1]


def test_a_file_that_is_away_for_a_moment_is_not_checked_again(
    autograder: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = check._saved(save(right(), tmp_path / "mine.ipynb"))
    looks = [there, None, there]  # as an editor replaces it
    checks: list[int] = []

    def look(_path: Path) -> Any:
        if not looks:
            raise KeyboardInterrupt
        return looks.pop(0)

    monkeypatch.setattr(check, "_LONGEST_WAIT_MS", 50)
    monkeypatch.setattr(check, "_saved", look)
    monkeypatch.setattr(check, "_check_once", lambda *_: checks.append(1))
    autograder("check", "mine.ipynb", "--watch")
    assert checks == [1]
