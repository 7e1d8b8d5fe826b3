"""What ``kl`` held after each call: a number for each batch, anew each time or added to what was there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.exercises.kl.misconceptions import KL
from autograder.autoencoders.exercises.kl.probe import KlRun
from autograder.course.draws import Float64Array
from autograder.judging.verdicts import Finding, finding


@dataclass(frozen=True)
class KeptValues:
    """The KL of each batch at noise level 1, and without noise, in order; and what was odd in taking it."""

    numbers: Float64Array
    quiet: Float64Array
    findings: list[Finding]


def kept_values(run: KlRun) -> KeptValues | None:
    """What ``kl`` held; where it grows with every call, what each call added."""
    findings: list[Finding] = []
    numbers = []
    for batch in run.batches:
        first, second = (result.numbers for result in batch.values)
        if first is None or second is None:
            return None
        if second.size > 1:
            findings.append(finding(KL, "not-summed", got=second.shape))
        numbers.append((float(first.sum()), float(second.sum())))
    (again,) = (result.numbers for result in run.again.values)
    if again is None:
        return None
    (before, between), later = numbers[0], float(again.sum())
    size = 1e-3 * max(abs(before), abs(later), 1e-3)
    if abs(later - before) <= size:
        return KeptValues(
            np.array([second for _, second in numbers]), np.array([first for first, _ in numbers]), findings
        )
    key = "accumulates" if _adds_up((before, between, later), numbers[1:]) else "changes-between-calls"
    findings.append(finding(KL, key, first=before, later=later))
    added_each = np.array([second - first for first, second in numbers])
    return KeptValues(added_each, added_each, findings)


def _adds_up(same: Sequence[float], others: Sequence[tuple[float, float]]) -> bool:
    """Whether every call adds to what was there: for one batch three times, then for each of the others twice.

    A running mean adds less each time, and a factor that grows with the calls gives another batch its own value.
    """
    last = same[0]
    for between, later in (same[1:], *others):
        rounding = 1e-5 * max(abs(last), abs(later), 1e-3)
        if abs((later - between) - (between - last)) > 1e-3 * abs(later - between) + rounding:
            return False
        last = later
    return True
