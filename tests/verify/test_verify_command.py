"""``autograder verify``: a table of what stopped each attack, and an exit status to build on."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.cli import main, verify
from autograder.errors import UsageError
from autograder.verify.catalogue import FOLDER, Attack
from autograder.verify.outcome import Outcome

LAYERS = {"bubblewrap": "off: not installed", "landlock": "on (ABI 7)", "seccomp": "on"}
ATTACKS = (Attack("first", "to read", "reading"), Attack("second", "to write", "writing"))


@dataclass
class Shown:
    """What a command has printed, and its exit status."""

    status: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Shown]:
    """Runs the command with outcomes that the test gives."""

    def run(*options: str, second_won: tuple[str, ...] = ()) -> Shown:
        def tried(*_: object) -> Iterator[Outcome]:
            yield Outcome(ATTACKS[1], second_won, "OSError: no", 0.1, LAYERS)
            yield Outcome(ATTACKS[0], (), "PermissionError: " + "x" * 200, 0.1, LAYERS)

        monkeypatch.setattr(verify, "run_attacks", tried)
        monkeypatch.setattr(verify, "read_attacks", lambda _root: ATTACKS)
        monkeypatch.setattr(sys, "argv", ["autograder", "verify", *options])
        monkeypatch.setenv("COLUMNS", "80")
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capfd.readouterr()
        return Shown(ended.value.code if isinstance(ended.value.code, int) else 0, shown.out, shown.err)

    return run


@pytest.mark.parametrize("options", [(), ("--attacks",), ("--attacks", "--sandbox", "best")])
def test_table_names_what_stopped_each_attack(run: Callable[..., Shown], options: tuple[str, ...]) -> None:
    shown = run(*options)
    lines = shown.out.splitlines()
    assert shown.status == 0
    assert all(len(line) <= 80 for line in lines[:-1])
    order = [
        next(n for n, line in enumerate(lines) if text in line) for text in ("reading", "first", "writing", "second")
    ]
    assert order == sorted(order)
    assert "PermissionError: xx" in shown.out
    level = "best" if "best" in options else "strict"
    assert lines[-1] == f"0 of 2 attacks won; sandbox {level}: bubblewrap off: not installed, landlock, seccomp"


def test_attack_that_won_is_told_and_ends_with_status_1(run: Callable[..., Shown]) -> None:
    shown = run("--attacks", second_won=("changed outside: salt", "earned 2"))
    assert shown.status == 1
    assert "won: second: changed outside: salt; earned 2" in shown.out
    assert "1 of 2 attacks won" in shown.out


def test_no_catalogue_ends_with_status_2(run: Callable[..., Shown], monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise UsageError(f"there is no {FOLDER} here; run it in the course's checkout")

    monkeypatch.setattr(verify, "checkout", nowhere)
    shown = run("--attacks")
    assert shown.status == 2
    assert "run it in the course's checkout" in shown.err
