"""When work is late, and what that costs."""

import math
import re
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from autograder.atomic import write_atomically
from autograder.errors import UsageError

LATE_TOML = "late.toml"  # not *.json: a student may be called late
_RULE = re.compile(
    r"(?P<amount>\d+(?:\.\d+)?) ?(?P<unit>%|points?)"
    r"(?: per (?P<step>day|hour))?"
    r"(?:, at most (?P<most>\d+(?:\.\d+)?) ?(?P<most_unit>%|points?))?"
)
_STEPS = {"day": timedelta(days=1), "hour": timedelta(hours=1)}
_EXAMPLE = "'10% per day, at most 50%', '1 point per hour' or '2 points'"


@dataclass(frozen=True)
class LateRule:
    """What late work costs.

    Attributes:
        text: the rule as it was written.
        amount: what each step costs; a share of the assignment's points where it ``is_share``.
        most: what it costs at most, likewise; ``None`` for no limit but the points earned.
        step: how long a step is, each that has begun counting whole; ``None`` where it costs once.
    """

    text: str
    amount: float
    is_share: bool
    most: float | None
    most_is_share: bool
    step: timedelta | None

    def penalty(self, late_by: timedelta, max_points: float) -> float:
        """The points that work costs which is late by so much."""
        steps = 1 if self.step is None else math.ceil(late_by / self.step)
        cost = steps * self.amount * (max_points / 100 if self.is_share else 1)
        if self.most is not None:
            cost = min(cost, self.most * (max_points / 100 if self.most_is_share else 1))
        return round(cost, 4)


@dataclass(frozen=True)
class Deadline:
    """When work is due, and the rule for what comes later; ``None`` where that costs nothing."""

    due: datetime
    rule: LateRule | None = None

    def late_by(self, handed_in: str) -> timedelta | None:
        """By how much a hand-in is late, nothing where it is in time; ``None`` where its time is not known."""
        time = hand_in_time(handed_in)
        return None if time is None else max(timedelta(), time - self.due)

    def penalty(self, handed_in: str, max_points: float) -> float:
        """The points that a hand-in at that time loses; none where its time is not known."""
        late_by = self.late_by(handed_in)
        return self.rule.penalty(late_by, max_points) if self.rule and late_by else 0.0


def asked_deadline(due: str | None, penalty: str | None, kept: Deadline | None) -> Deadline | None:
    """The deadline that the options ask for; what they leave out is as it was kept.

    Raises:
        UsageError: an option cannot be read, or there is a penalty and no time from which on it counts.
    """
    rule = parse_rule(penalty) if penalty is not None else (kept.rule if kept else None)
    if due is not None:
        return Deadline(parse_due(due), rule)
    if penalty is not None and kept is None:
        raise UsageError("--late-penalty needs --due: when is work late?")
    return kept and Deadline(kept.due, rule)


def parse_rule(text: str) -> LateRule:
    """A rule such as ``10% per day, at most 50%``; shares are of the assignment's points.

    Raises:
        UsageError: it is no such rule.
    """
    match = _RULE.fullmatch(" ".join(text.split()))
    if match is None:
        raise UsageError(f"--late-penalty {text!r} is no rule that is known; write it like {_EXAMPLE}")
    most = match["most"]
    if any(float(value) > 100 for value, unit in _amounts(match) if unit == "%"):
        raise UsageError(f"--late-penalty {text!r} takes more than 100%")
    return LateRule(
        " ".join(text.split()),
        float(match["amount"]),
        match["unit"] == "%",
        None if most is None else float(most),
        match["most_unit"] == "%",
        _STEPS.get(match["step"] or ""),
    )


def _amounts(match: re.Match[str]) -> list[tuple[str, str]]:
    return [(match["amount"], match["unit"]), (match["most"] or "0", match["most_unit"] or "")]


def parse_due(text: str) -> datetime:
    """A time such as ``2026-11-20T23:59`` or ``2026-11-20T23:59+01:00``; without a zone, this machine's.

    Raises:
        UsageError: it is no time; a day alone would leave open whether that day is in time.
    """
    try:
        if not re.search(r"\d[T ]\d", text):
            raise ValueError(text)
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise UsageError(f"--due {text!r} is no time; write it like 2026-11-20T23:59") from None


def hand_in_time(text: str) -> datetime | None:
    """The time that nbgrader or a platform has noted; without a zone, this machine's. ``None`` where it is none."""
    try:
        return datetime.fromisoformat(re.sub(r" (?:UTC|GMT)$", "+00:00", text.strip())).astimezone()
    except (ValueError, OverflowError):
        return None


def read_deadline(folder: Path) -> Deadline | None:
    """The deadline that is kept with results; ``None`` where there is none.

    Raises:
        UsageError: the file cannot be read, or says something else.
    """
    path = folder / LATE_TOML
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        due, penalty = table.pop("due"), table.pop("penalty", None)
        if table or not isinstance(due, str) or not isinstance(penalty, str | None):
            raise ValueError("it has `due` and `penalty`, both texts, and nothing else")
        return Deadline(parse_due(due), None if penalty is None else parse_rule(penalty))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except KeyError:
        raise UsageError(f"{path} names no `due`; mend or remove it") from None
    except (OSError, ValueError, UsageError) as error:
        raise UsageError(f"{path} cannot be used: {error}; mend or remove it") from None


def write_deadline(folder: Path, deadline: Deadline) -> None:
    """Keep a deadline with results.

    Raises:
        UsageError: it cannot be written.
    """
    lines = [f'due = "{deadline.due.isoformat()}"']
    lines += [f'penalty = "{deadline.rule.text}"'] if deadline.rule else []
    try:
        write_atomically(folder / LATE_TOML, "\n".join(lines) + "\n")
    except OSError as error:
        raise UsageError(f"{folder / LATE_TOML} cannot be written: {error.strerror}") from None
