"""Wrong answers composed of parts: right ones in any style, with a mistake in one part or two."""

import random
from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.exercise import EVERY_CHECK, Misconception
from proof.answers.catalogue import Answer
from proof.answers.composed import Choice, Combination, Family, in_turn


def compose_wrong(families: Sequence[Family], count: int, seed: int) -> list[Answer]:
    """That many wrong answers, one family after the other in turn; every mistake alone first, then in pairs."""
    turns = in_turn([(family, _with_mistakes(family, seed)) for family in families if family.mistakes])
    return [family.answer(one) for family, one in islice(turns, count)]


def _with_mistakes(family: Family, seed: int) -> Iterator[Combination]:
    """Each mistake and each pair of them in a style drawn at random, over and over."""
    chance = random.Random(f"{seed}/{family.exercise}/mistakes")
    pairs = [pair for pair in combinations(family.mistakes, 2) if _both_are_seen(family.exercise, *pair)]
    starts: list[Combination] = [*((one,) for one in family.mistakes), *pairs]
    while True:
        for start in starts:
            order = list(family.gaps)
            chance.shuffle(order)
            yield family.compose(chance.choice, order, start)


def _both_are_seen(key: str, one: Choice, other: Choice) -> bool:
    """Whether two mistakes can be made at once, in checks of which neither keeps the other from being looked at."""
    if one.gap == other.gap or not one.goes_with(other):
        return False
    known = AUTOENCODERS.exercise(key)
    first, second = ([known.misconception(name) for name in choice.expect] for choice in (one, other))
    return all(a.check != b.check and not _hides(a, b) and not _hides(b, a) for a in first for b in second)


def _hides(one: Misconception, other: Misconception) -> bool:
    return one.hides == EVERY_CHECK or other.check in one.hides
