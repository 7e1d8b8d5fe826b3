"""Attacks are run as they should be, one that wins is told, and none of the catalogue does."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from submissions import place, right

from autograder.engine.levels import Level
from autograder.judging.verdicts import CheckResult, ExerciseResult, Status
from autograder.reports.result import Result
from proof.attacks import run
from proof.attacks.catalogue import Attack
from proof.attacks.lane import Lane
from proof.attacks.outcome import Sighting, difference, outcome_of
from proof.attacks.watch import Peaks
from proof.checkout import checkout

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked up in /proc")

CHECK = CheckResult("shape", False, 0.0, 2.0, None, "no")
ENCODER = ExerciseResult("encoder", "Encoder", 0.0, 2.0, Status.FAILED, (CHECK,))
RESULT = Result(
    student="attacker",
    assignment="autoencoders",
    notebook="a.ipynb",
    points=0.0,
    max_points=15.0,
    seeds=(1,),
    grader={"digest": "d"},
    environment={"device": "cpu"},
    sandbox={"level": "none", "layers": {"landlock": "on"}},
    digest="0" * 64,
    cpu_seconds=0.1,
    exercises=(ENCODER,),
)
ATTACK = Attack("one", "to win", "all", "pass")
SECRETS = {"salt": "canary-0123456789ab"}


def with_message(message: str) -> Result:
    return replace(RESULT, exercises=(replace(ENCODER, checks=(replace(CHECK, message=message),)),))


WINS = {
    "earned 2, 0 would be right": Sighting(replace(RESULT, points=2.0)),
    "said a secret: salt": Sighting(with_message(f"it is {SECRETS['salt']}")),
    "control characters in what people read": Sighting(replace(RESULT, warnings=("\x1b[2J",))),
    "a result of 293 KiB": Sighting(replace(RESULT, warnings=("w" * 300_000,))),
    "no result: a fault": Sighting(None, fault="a fault"),
    "a neighbour's result is another: ada": Sighting(RESULT, neighbours=("ada",)),
    "changed outside: salt": Sighting(RESULT, changed=("salt",)),
    "left behind: /tmp/x": Sighting(RESULT, left=("/tmp/x",)),
    "still runs: sleep": Sighting(RESULT, processes=("sleep",)),
    "a message arrived": Sighting(RESULT, reached=("a message arrived",)),
    "took 90 seconds": Sighting(RESULT, seconds=90.0),
    "held 9,000 MiB of the disk": Sighting(RESULT, peaks=Peaks(disk_mib=9000)),
    "ran 9,000 threads at once": Sighting(RESULT, peaks=Peaks(threads=9000)),
    "made the grader take 9,000 MiB": Sighting(RESULT, peaks=Peaks(grader_mib=9000)),
    "made a judge take 9,000 MiB": Sighting(RESULT, peaks=Peaks(judge_mib=9000)),
}


@pytest.mark.parametrize("reason", WINS)
def test_attack_that_wins_is_told(reason: str) -> None:
    assert outcome_of(ATTACK, WINS[reason], SECRETS).won == (reason,)


@pytest.mark.parametrize(
    ("flag", "reason"),
    [(f"the text {SECRETS['salt']}", "said a secret: salt"), ("\x1b[2J", "control characters in what people read")],
)
def test_what_only_an_instructor_reads_is_looked_at_as_well(flag: str, reason: str) -> None:
    assert outcome_of(ATTACK, Sighting(replace(RESULT, flags=(flag,))), SECRETS).won == (reason,)


def test_attack_that_does_not_win_is_told_with_what_stopped_it() -> None:
    for seen, said in (
        (Sighting(RESULT), "judged: 0 of 2"),
        (Sighting(replace(RESULT, warnings=("a cell of your own stopped: OSError: no",))), "OSError: no"),
        (Sighting(replace(RESULT, exercises=(replace(ENCODER, status=Status.TIMEOUT),))), "no"),
        (Sighting(replace(RESULT, sandbox={"layers": {}}, warnings=("x is no notebook",))), "x is no notebook"),
        (Sighting(None), "no notebook of the class"),
    ):
        told = outcome_of(ATTACK, seen, SECRETS)
        assert (told.won, told.stopped_by) == ((), said)


def test_results_are_compared_bit_for_bit_except_for_processor_time() -> None:
    assert difference(RESULT, replace(RESULT, cpu_seconds=9.0)) == ""
    assert difference(RESULT, None) == "it has no result"
    assert "seeds" in difference(RESULT, replace(RESULT, seeds=(2,)))
    assert difference(RESULT, replace(RESULT, points=1.0)) == "points differ: 0 points became 1"


@pytest.fixture(scope="module")
def unprotected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    """A lane whose workers are not closed in, so that attacks win."""
    lane = Lane(checkout(), tmp_path_factory.mktemp("lane"), Level.NONE)
    yield lane
    lane.close()


ANSWER = "".join(right()["cells"][place(right(), "encoder")]["source"])
OPEN_DOORS = {
    "earned 2, 0 would be right": Attack("a right answer", "", source=ANSWER, cell="encoder"),
    "said a secret: salt": Attack("read", "", source="raise ValueError(open('<<salt>>').read())"),
    "said a secret: solution": Attack("solution", "", source="raise ValueError(open('<<solution>>').read()[-300:])"),
    "said a secret: success": Attack("success", "", source="raise ValueError(<<win>>)"),
    "changed outside: outside": Attack("write", "", source="open('<<outside>>', 'w').close()"),
    "changed outside: results/class.csv": Attack("change", "", source="open('<<marks>>', 'a').write('attacker,15')"),
    "another process was killed": Attack("kill", "", source="import os; os.kill(<<victim>>, 9)"),
    "its zygote was killed": Attack("zygote", "", source="import os; os.kill(os.getppid(), 9)"),
    "left behind: /tmp/": Attack("strew", "", source="open('/tmp/autograder-<<token>>', 'w').close()"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("reason", OPEN_DOORS)
def test_attack_wins_where_there_is_no_sandbox(unprotected: Lane, reason: str) -> None:
    told = unprotected.run(OPEN_DOORS[reason])
    assert list(Path("/tmp").glob(f"*{unprotected.course.token}*")) == []
    (unprotected.course.folder / "outside").unlink(missing_ok=True)
    assert any(one.startswith(reason) for one in told.won), told


@pytest.mark.slow
def test_neighbour_whose_result_is_another_is_noticed(unprotected: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    better = {name: replace(result, points=3.0) for name, result in unprotected._undisturbed.items()}
    monkeypatch.setattr(unprotected, "_undisturbed", better)
    won = " ".join(unprotected.run(ATTACK).won)
    assert "a neighbour's result is another: student-" in won
    assert "3 points became" in won


@pytest.mark.slow
def test_grader_that_ends_or_hangs_is_told_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SLACK_SECONDS", 5.0)
    attacks = [
        replace(ATTACK, name="ends", source="import os; os.kill(<<grader>>, 9)"),
        replace(ATTACK, name="harmless"),
        replace(ATTACK, name="hangs", edit="import time; time.sleep(300)", timeout=1.0),
        replace(ATTACK, name="harmless, too"),
    ]
    told = {one.attack.name: one.won for one in run.run_attacks(attacks, checkout(), Level.NONE, lanes=1)}
    assert told == {
        "ends": ("the grader's own process was ended",),
        "harmless": (),
        "hangs": ("the grader hangs",),
        "harmless, too": (),
    }
