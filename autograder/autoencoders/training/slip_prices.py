"""What a slip costs that stopped a training function, and that was mended in its text."""

from dataclasses import replace

from autograder.autoencoders.rewriting.prices import paid_as_spelling, paid_in_full, paid_once
from autograder.autoencoders.training.loop import SIZES
from autograder.autoencoders.training.probe import Slip
from autograder.autoencoders.training.slips import BOTH, ERROR, KL, is_model_unpacked, name_part_unpacked
from autograder.course.complete import demand
from autograder.course.exercise import Exercise
from autograder.course.observation import Failure
from autograder.judging.failures import name_failure, quoted_line
from autograder.judging.verdicts import Finding, finding, not_looked_at

_OWN_PRICE = ("batch-not-unpacked", "pair-without-brackets", "range-missing", "labels-as-target")
# Of an error that is compared by a function which nobody has written: as much as of one that is not squared.
_PRICE_OF_FUNCTION = 0.75


def name_slip(exercise: Exercise, failure: Failure) -> Finding:
    """The finding for a function that stopped."""
    if is_model_unpacked(failure):
        return finding(exercise, "model-unpacked", line=quoted_line(failure), **name_part_unpacked(failure))
    return name_failure(exercise, failure, SIZES)


def judge_rewritten(exercise: Exercise, slip: Slip) -> list[Finding]:
    """What is said of it: alike in all exercises, and in the check that it is about."""
    if slip.name in (ERROR, KL, BOTH):
        return _judge_put_in(exercise, slip)
    if slip.name in _OWN_PRICE:
        return [finding(exercise, slip.name, line=quoted_line(slip.failure))]
    named = name_slip(exercise, slip.failure)
    if slip.name:
        demand(slip.name == "too-many-arguments", "a slip that is known here")
        named = finding(exercise, slip.name, line=quoted_line(slip.failure))
    if slip.part == "loop":
        return [replace(paid_as_spelling(named), check="loop")]
    return [paid_once(named)]


def first_told(slips: list[Finding]) -> list[Finding]:
    """The first of each check's slips, as the others do not show before it is mended, at the price of the dearest."""
    told = {one.check: one for one in reversed(slips)}
    return [replace(one, cost=max(slip.cost for slip in slips if slip.check == one.check)) for one in told.values()]


def _judge_put_in(exercise: Exercise, slip: Slip) -> list[Finding]:
    """The part of the loss that was put in is lost, and with it what is said of that part."""
    keys = [one.key for one in exercise.checks]
    error, rest = ("error", "reduction") if "error" in keys else ("reconstruction", "balance")
    check = error if slip.name == ERROR else "kl"
    named = name_slip(exercise, slip.failure)
    price = exercise.check(check).points
    if slip.failure.error in ("NameError", "UnboundLocalError", "AttributeError"):
        price = min(price, _PRICE_OF_FUNCTION) if check == error else price
    lost = [rest, *([error] if slip.name == BOTH else [])]
    told = replace(paid_in_full(named, price), check=check)
    return [told, *not_looked_at(exercise, lost, "Not looked at: your code stops before it.")]
