"""What came of an attack: whether it won, and what stopped it."""

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.judging.failures import printable
from autograder.judging.own_tests import BESIDE
from autograder.judging.verdicts import ExerciseResult, Status
from autograder.reports.result import Result, to_json
from autograder.reports.wording import points
from proof.attacks.catalogue import Attack
from proof.attacks.watch import Peaks

MOST_DISK_MIB = 1024
MOST_THREADS = 1500
MOST_GRADER_MIB = 256
MOST_JUDGE_MIB = 1024
MOST_RESULT_KIB = 256
SLACK_SECONDS = 20.0
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_OWN_CELL = "a cell of your own stopped: "


@dataclass(frozen=True)
class Sighting:
    """What was seen while and after an attack ran.

    Attributes:
        result: the attacker's; ``None`` where there is none.
        fault: why there is none.
        seconds: how long grading it took.
        peaks: what it used at most.
        changed: files of the course that it changed.
        left: other files that it left.
        processes: processes that it left.
        reached: what else it reached.
        neighbours: honest students whose results are not what they were, each with how.
    """

    result: Result | None
    fault: str = ""
    seconds: float = 0.0
    peaks: Peaks = field(default_factory=Peaks)
    changed: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    neighbours: tuple[str, ...] = ()


@dataclass(frozen=True)
class AttackOutcome:
    """What came of an attack.

    Attributes:
        attack: the attack.
        won: in what respects it won; nothing where it did not.
        stopped_by: what stopped it, as far as its result tells.
        seconds: how long it took.
        layers: the sandbox's layers that were in force.
        marked: whether it left marks, so that what comes after it should have a course of its own.
        peaks: what it used at most.
    """

    attack: Attack
    won: tuple[str, ...]
    stopped_by: str
    seconds: float = 0.0
    layers: Mapping[str, str] = field(default_factory=dict)
    marked: bool = False
    peaks: Peaks = field(default_factory=Peaks)


def outcome_of(attack: Attack, seen: Sighting, secrets: Mapping[str, str]) -> AttackOutcome:
    """What came of an attack, from what was seen of it."""
    traces = _of_traces(seen)
    won = (*_of_result(attack, seen, secrets), *traces, *_of_limits(attack, seen))
    layers = seen.result.sandbox.get("layers", {}) if seen.result else {}
    return AttackOutcome(attack, won, stopped_by(attack, seen), seen.seconds, dict(layers), bool(traces), seen.peaks)


def difference(expected: Result, seen: Result | None) -> str:
    """How a result differs from the one expected, processor time apart; empty where it does not."""
    if seen is None:
        return "it has no result"
    before, after = (json.loads(to_json(dataclasses.replace(one, cpu_seconds=0.0))) for one in (expected, seen))
    names = [name for name in before if before[name] != after[name]]
    return f"{', '.join(names)} differ: {points(expected.points)} points became {points(seen.points)}" if names else ""


def _of_result(attack: Attack, seen: Sighting, secrets: Mapping[str, str]) -> list[str]:
    if seen.result is None:
        return [f"no result: {seen.fault}"] if seen.fault else []
    won = []
    text = to_json(seen.result)
    if seen.result.points > attack.may_earn:
        won.append(f"earned {points(seen.result.points)}, {points(attack.may_earn)} would be right")
    if any(one.note != BESIDE for one in seen.result.questions):
        won.append("earned points beside its code without a word of that")
    won += [f"said a secret: {name}" for name, secret in secrets.items() if secret in text]
    messages = (check.message for part in seen.result.parts for check in part.checks)
    said = (*seen.result.warnings, *seen.result.flags, *messages)
    if any(_CONTROL.search(one) for one in said):
        won.append("control characters in what people read")
    if (size := len(text) >> 10) > MOST_RESULT_KIB:
        won.append(f"a result of {size:,} KiB")
    return won


def _of_traces(seen: Sighting) -> list[str]:
    return [
        *(f"a neighbour's result is another: {name}" for name in seen.neighbours),
        *(f"changed outside: {name}" for name in seen.changed),
        *(f"left behind: {name}" for name in seen.left),
        *(f"still runs: {name}" for name in seen.processes),
        *seen.reached,
    ]


def _of_limits(attack: Attack, seen: Sighting) -> list[str]:
    won = []
    if seen.seconds > attack.timeout + SLACK_SECONDS:
        won.append(f"took {seen.seconds:.0f} seconds")
    if seen.peaks.disk_mib > MOST_DISK_MIB:
        won.append(f"held {seen.peaks.disk_mib:,} MiB of the disk")
    if seen.peaks.threads > MOST_THREADS:
        won.append(f"ran {seen.peaks.threads:,} threads at once")
    if seen.peaks.grader_mib > MOST_GRADER_MIB:
        won.append(f"made the grader take {seen.peaks.grader_mib:,} MiB")
    if seen.peaks.judge_mib > MOST_JUDGE_MIB:
        won.append(f"made a judge take {seen.peaks.judge_mib:,} MiB")
    return won


def stopped_by(attack: Attack, seen: Sighting) -> str:
    """What stopped an attack, in the words of its result."""
    if seen.result is None:
        return printable(seen.fault or "no notebook of the class")
    cells = [warning.removeprefix(_OWN_CELL) for warning in seen.result.warnings if warning.startswith(_OWN_CELL)]
    if cells:
        return printable(cells[-1])
    if attack.questions:
        return _by_questions(seen.result)
    attacked = [one for one in seen.result.exercises if attack.cell in ("", one.key)]
    if attacked and all(one.status in (Status.ERROR, Status.TIMEOUT) for one in attacked):
        failed = sorted(attacked[0].checks, key=lambda check: check.misconception is None)
        return printable(failed[0].message)
    if not seen.result.sandbox.get("layers") and seen.result.warnings:
        return printable(seen.result.warnings[-1])
    return f"judged: {_sum(attacked)}"


def _by_questions(result: Result) -> str:
    told = dict.fromkeys(check.message for one in result.questions for check in one.checks if check.message)
    return printable(f"tests: {_sum(result.questions)}. {' '.join(told)}")


def _sum(exercises: Sequence[ExerciseResult]) -> str:
    earned, most = sum(one.points for one in exercises), sum(one.max_points for one in exercises)
    return f"{points(earned)} of {points(most)}"
