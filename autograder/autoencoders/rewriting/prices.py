"""What a slip costs that has kept nothing from being looked at."""

from collections.abc import Sequence
from dataclasses import replace

from autograder.course.exercise import Exercise
from autograder.course.observation import Failure
from autograder.judging.failures import name_failure, printable, quoted_line
from autograder.judging.verdicts import Finding, Judgement, Status, conclude, fail_all_checks, finding

_THE_REST = "(The rest was judged as if that were mended.)"
# Less where it is one of spelling.
_PRICE, _PRICE_OF_SPELLING = 0.5, 0.25
_SPELLING = (
    *("misspelt-name", "used-before-set", "cuda-hard-coded", "self-forgotten"),
    *("brackets-missing", "value-called", "power-operator", "stray-comma", "super-init-misspelt"),
)
# What is seen of a slip by what mends it, and what costs as much where nothing stops at it.
_KNOWN_BY_MENDING = ("never-made", "split-over-images", "pixels-not-in-z", "one-image-only")
_OF_ITS_OWN_PRICE = ("split-over-images",)


def paid_once(named: Finding) -> Finding:
    """The finding for a slip that has been mended, at what that costs."""
    return paid_as_spelling(named) if named.is_about(*_SPELLING) else _at(_PRICE, named)


def paid_as_spelling(named: Finding) -> Finding:
    """The same, at the lower price."""
    return _at(_PRICE_OF_SPELLING, named)


def paid_in_full(named: Finding, price: float) -> Finding:
    """The same, at a price of its own, where what it was about is lost."""
    return _at(price, named)


def _at(price: float, named: Finding) -> Finding:
    return replace(_with_the_rest(named), cost=price)


def _with_the_rest(named: Finding) -> Finding:
    return replace(named, message=f"{named.message.rstrip()} {_THE_REST}")


def with_slips(exercise: Exercise, slips: Sequence[Failure], rest: Judgement) -> Judgement:
    """The judgement of a class that was mended of slips, besides the rest.

    The first of them is told, as the others do not show before it is mended; the dearest of them is paid for. Where
    nothing is left of the rest, or more had to be mended than a slip, the first takes all.
    """
    if not slips:
        return rest
    named = [_named(exercise, slip) for slip in slips]
    apart = [_with_the_rest(one) for one in named if one.is_about(*_OF_ITS_OWN_PRICE)]
    paid = [paid_once(one) for one in named if not one.is_about(*_OF_ITS_OWN_PRICE)]
    dear = {one.misconception for one in paid if one.cost == _PRICE}
    if len(dear) > 1 or conclude(exercise, rest).points == 0.0:
        return fail_all_checks(exercise, named[0], Status.ERROR)
    told = [replace(paid[0], cost=max(one.cost for one in paid))] if paid else []
    return Judgement((*told, *apart[:1], *rest.findings), rest.status)


def _named(exercise: Exercise, slip: Failure) -> Finding:
    if slip.holds in _KNOWN_BY_MENDING and any(one.key == slip.holds for one in exercise.misconceptions):
        return finding(exercise, slip.holds, message=printable(slip.message), line=quoted_line(slip))
    return name_failure(exercise, slip)
