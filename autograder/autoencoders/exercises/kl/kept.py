"""What ``kl`` held after each call: a number for each batch, anew each time or added to what was there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.autoencoders.exercises.kl.misconceptions import KL
from autograder.autoencoders.exercises.kl.probe import KlRun, Unkept
from autograder.course.draws import Float64Array
from autograder.judging.verdicts import Finding, Judgement, conclude, fail_all_checks, finding

_KEYS = {
    "variable": "kept-in-a-variable",
    "attribute": "kept-under-another-name",
    "class": "kept-under-another-name",
    "returned": "returned-in-place",
    "thrown away": "thrown-away",
    "after return": "after-return",
    "in evaluation": "only-in-evaluation",
}
# With these what was found may be anything.
_UNEXPLAINED = ("wrong-value", "wrong-coefficients", "sigma-unknown", "no-gradient")


@dataclass(frozen=True)
class KeptValues:
    """The KL of each batch at noise level 1, and without noise, in order; and what was odd in taking it."""

    numbers: Float64Array
    quiet: Float64Array
    findings: list[Finding]


def kept_values(run: KlRun) -> KeptValues | None:
    """What ``kl`` held; where it grows with every call, what each call added."""
    findings = _name_holder(run.batches[0].values[-1].returned)
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
    if abs(later - before) <= size or not np.isfinite((before, between, later)).all():
        return KeptValues(
            np.array([second for _, second in numbers]), np.array([first for first, _ in numbers]), findings
        )
    key = "accumulates" if _adds_up((before, between, later), numbers[1:]) else "changes-between-calls"
    findings.append(finding(KL, key, first=before, later=later))
    added_each = np.array([second - first for first, second in numbers])
    return KeptValues(added_each, added_each, findings)


def _name_holder(returned: str) -> list[Finding]:
    """Findings about a type that is not the number, but has it."""
    if returned == "function":
        return [finding(KL, "a-function")]
    return [finding(KL, "in-a-container", got=returned)] if returned in ("list", "tuple") else []


def judge_unkept(unkept: Unkept, rest: Judgement) -> Judgement:
    """The judgement of a divergence that is not kept in ``kl``, besides the rest, which was judged as if it were."""
    is_one = unkept.is_likely or not rest.is_about(*_UNEXPLAINED)
    if not is_one or conclude(KL, rest).points == 0.0:
        return fail_all_checks(KL, finding(KL, "never-stored", got="0"))
    where = f"`{unkept.name}` of the class" if unkept.where == "class" else f"`self.{unkept.name}`"
    values = {"name": unkept.name, "where": where}
    return Judgement((finding(KL, _KEYS[unkept.where], **values), *rest.findings), rest.status)


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
