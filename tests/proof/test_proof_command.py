"""``python -m proof``: tables of what was proved, and an exit status to build on."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from autograder.engine.levels import Level
from proof import __main__ as command
from proof import page, parts
from proof.attacks.catalogue import Attack
from proof.attacks.outcome import AttackOutcome
from proof.matrix import Matrix

LAYERS = {"bubblewrap": "off: not installed", "landlock": "on (ABI 7)", "seccomp": "on"}
MATRIX = Matrix("Wrong answers", ("exercise", "caught"), (("kl", "2"), ("all", "2")), "On 20 seeds.")
ATTACKS = (
    Attack("first", "to read", "reading", control="no sandbox"),
    Attack("second", "to write", "writing", control="tests/test_it.py::test_it"),
    Attack("third", "to hang", "writing"),
)


@dataclass
class Shown:
    """What a command has printed, and its exit status."""

    status: int
    out: str
    err: str


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Shown]:
    """Runs the command with outcomes that the test gives."""

    def run(
        *options: str,
        second_won: tuple[str, ...] = (),
        bare_won: tuple[str, ...] = ("said a secret",),
        faults: tuple[str, ...] = (),
    ) -> Shown:
        def tried(attacks: Sequence[Attack], _root: Path, level: Level) -> Iterator[AttackOutcome]:
            won = {"first": bare_won if level is Level.NONE else (), "second": second_won}
            for attack in reversed(attacks):
                yield AttackOutcome(attack, won.get(attack.name, ()), "PermissionError: " + "x" * 200, 0.1, LAYERS)

        def answers(_settings: parts.Settings) -> parts.PartResult:
            return parts.PartResult(not faults, (replace(MATRIX, faults=faults),))

        chosen = (parts.Part("answers", answers, on_page=True), parts.Part("attacks", parts.prove_attacks))
        monkeypatch.setattr(command, "PARTS", chosen)
        monkeypatch.setattr(command, "checkout", lambda: tmp_path)
        monkeypatch.setattr(parts, "run_attacks", tried)
        monkeypatch.setattr(parts, "read_attacks", lambda _root: ATTACKS)
        monkeypatch.setattr(sys, "argv", ["proof", *options])
        monkeypatch.setenv("COLUMNS", "80")
        with pytest.raises(SystemExit) as ended:
            command.main()
        shown = capfd.readouterr()
        return Shown(ended.value.code if isinstance(ended.value.code, int) else 0, shown.out, shown.err)

    return run


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    """The page as it should be, in the checkout."""
    (tmp_path / page.PAGE).parent.mkdir()
    page.write(tmp_path, [MATRIX])
    return tmp_path / page.PAGE


@pytest.mark.parametrize("options", [("--attacks",), ("--attacks", "--sandbox", "best")])
def test_table_names_what_stopped_each_attack(run: Callable[..., Shown], options: tuple[str, ...]) -> None:
    shown = run(*options)
    lines = shown.out.splitlines()
    assert shown.status == 0
    assert all(len(line) <= 80 for line in lines[:-2])
    order = [
        next(n for n, line in enumerate(lines) if text in line) for text in ("reading", "first", "writing", "second")
    ]
    assert order == sorted(order)
    assert "PermissionError: xx" in shown.out
    level = "best" if "best" in options else "strict"
    assert lines[-2] == (
        f"0 of 3 attacks won; sandbox {level}: bubblewrap off: not installed, landlock, seccomp; "
        "without a sandbox 1 of 1 win"
    )
    ends = {line.split()[1]: line[-8:].strip() for line in lines if line.startswith("✓")}
    assert ends == {"first": "it wins", "second": "a test", "third": ""}


def test_an_attack_that_does_not_win_without_a_sandbox_is_told(run: Callable[..., Shown]) -> None:
    """It proves nothing then: something else than the sandbox stops it, or it does not try."""
    shown = run("--attacks", bare_won=())
    assert shown.status == 1
    assert "no control: first: it wins nothing without a sandbox either (PermissionError: xx" in shown.out
    assert "without a sandbox 0 of 1 win" in shown.out


def test_controls_are_not_tried_where_no_sandbox_is_asked_for_anyway(run: Callable[..., Shown]) -> None:
    shown = run("--attacks", "--sandbox", "none", bare_won=())
    assert shown.status == 0
    assert "without a sandbox" not in shown.out


def test_attack_that_won_is_told_and_ends_with_status_1(run: Callable[..., Shown]) -> None:
    shown = run("--attacks", second_won=("changed outside: salt", "earned 2"))
    assert shown.status == 1
    assert "won: second: changed outside: salt; earned 2" in shown.out
    assert "1 of 3 attacks won" in shown.out


def test_all_parts_are_proved_where_none_is_asked_for(run: Callable[..., Shown], committed: Path) -> None:
    shown = run()
    assert shown.status == 0
    assert shown.out.index("Wrong answers") < shown.out.index("0 of 3 attacks won")
    assert committed.read_text(encoding="utf-8") == page.page([MATRIX])


@pytest.mark.parametrize("options", [("--answers",), ("--answers", "--seeds", "3"), ()])
@pytest.mark.usefixtures("committed")
def test_what_does_not_hold_is_told_and_ends_with_status_1(run: Callable[..., Shown], options: tuple[str, ...]) -> None:
    shown = run(*options, faults=("survived: kl: a → b",))
    assert shown.status == 1
    assert "survived: kl: a → b" in shown.out


def test_a_page_that_says_something_else_ends_with_status_1_and_can_be_renewed(
    run: Callable[..., Shown], committed: Path
) -> None:
    committed.write_text("# Kill matrix\n", encoding="utf-8")
    shown = run()
    assert shown.status == 1
    assert "+| kl | 2 |" in shown.out
    assert "renew it with --write" in shown.out
    assert run("--write").status == 0
    assert "| kl | 2 |\n| all | 2 |" in committed.read_text(encoding="utf-8")
    assert run().status == 0


@pytest.mark.parametrize("options", [("--seeds", "3"), ("--composed", "3"), ("--attacks",)])
def test_the_page_is_compared_with_the_whole_of_it_only(run: Callable[..., Shown], options: tuple[str, ...]) -> None:
    assert run(*options).status == 0


@pytest.mark.parametrize("options", [("--seeds", "3"), ("--attacks",)])
def test_a_part_of_the_page_is_never_written(
    run: Callable[..., Shown], committed: Path, options: tuple[str, ...]
) -> None:
    before = committed.read_bytes()
    shown = run("--write", *options)
    assert shown.status == 2
    assert "--write needs all that docs/kill-matrix.md shows: --answers" in " ".join(shown.err.split())
    assert committed.read_bytes() == before
