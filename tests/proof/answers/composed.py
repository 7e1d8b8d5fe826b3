"""Answers composed of interchangeable parts; the parts are data, in ``tests/catalogue/composed``.

A family has a template with gaps and the choices for each gap. Every combination of choices that go together is an
answer that has to earn all points. The first answers hold every choice, the next ones every pair of choices.
"""

import random
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice
from math import prod
from pathlib import Path
from typing import Any

from autograder.autoencoders.course import AUTOENCODERS
from autograder.errors import UsageError
from proof.answers.catalogue import Answer, filled

FOLDER = "tests/catalogue/composed"
_NEEDS, _EXPECT = "with", "expect"


@dataclass(frozen=True)
class Choice:
    """One choice for a gap.

    Attributes:
        gap: the gap.
        name: what it is called; no two choices of a gap are called alike.
        texts: the texts it gives, by the names of the template's gaps.
        needs: for some other gaps, the names of the choices that it goes with.
        expect: the misconceptions that it shows; none where it is right.
    """

    gap: str
    name: str
    texts: Mapping[str, str]
    needs: Mapping[str, tuple[str, ...]]
    expect: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Gap and name."""
        return self.gap, self.name

    def goes_with(self, other: "Choice") -> bool:
        """Whether an answer may hold both."""
        return self._allows(other) and other._allows(self)

    def _allows(self, other: "Choice") -> bool:
        return other.gap not in self.needs or other.name in self.needs[other.gap]


Combination = tuple[Choice, ...]
Pick = Callable[[Sequence[Choice]], Choice]


@dataclass(frozen=True)
class Family:
    """The right answers to one exercise that one template gives.

    Attributes:
        exercise: the exercise's key.
        template: the answers' text, with gaps.
        defaults: texts that choices may leave out.
        gaps: the choices for each gap.
        mistakes: wrong choices, each for the gap that it fills.
    """

    exercise: str
    template: str
    defaults: Mapping[str, str]
    gaps: Mapping[str, tuple[Choice, ...]]
    mistakes: tuple[Choice, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Every right choice, gap by gap."""
        return tuple(choice for choices in self.gaps.values() for choice in choices)

    @cached_property
    def bound_gaps(self) -> tuple[str, ...]:
        """The gaps with a choice that does not go with every choice for another gap."""
        needy = [choice for choice in (*self.choices, *self.mistakes) if choice.needs]
        bound = {gap for choice in needy for gap in (choice.gap, *choice.needs)}
        return tuple(gap for gap in self.gaps if gap in bound)

    def count(self) -> int:
        """How many answers there are."""
        free = prod(len(choices) for gap, choices in self.gaps.items() if gap not in self.bound_gaps)
        return free * sum(1 for _ in self._extended((), self.bound_gaps))

    def combinations(self) -> Iterator[Combination]:
        """Every combination of choices that go together."""
        return self._extended((), tuple(self.gaps))

    def _extended(self, chosen: Combination, gaps: tuple[str, ...]) -> Iterator[Combination]:
        if not gaps:
            yield chosen
            return
        for choice in self._allowed(chosen, gaps[0]):
            yield from self._extended((*chosen, choice), gaps[1:])

    def _allowed(self, chosen: Combination, gap: str) -> list[Choice]:
        return [choice for choice in self.gaps[gap] if all(choice.goes_with(other) for other in chosen)]

    def _possible(self, chosen: Combination) -> bool:
        """Whether some answer holds all of these, which is up to those for bound gaps alone."""
        bound = tuple(choice for choice in chosen if choice.gap in self.bound_gaps)
        keys = frozenset(choice.key for choice in bound)
        if keys not in self._found_possible:
            left = tuple(gap for gap in self.bound_gaps if gap not in {choice.gap for choice in bound})
            together = all(one.goes_with(other) for one, other in combinations(bound, 2))
            self._found_possible[keys] = together and next(self._extended(bound, left), None) is not None
        return self._found_possible[keys]

    @cached_property
    def _found_possible(self) -> dict[frozenset[tuple[str, str]], bool]:
        return {}

    def compose(self, pick: Pick, order: Sequence[str] = (), start: Combination = ()) -> Combination:
        """One combination, gap by gap.

        Args:
            pick: chooses among the choices with which the answer can still be completed.
            order: the gaps in the order in which they are filled, each one once; the family's own if empty.
            start: choices that are made already.
        """
        chosen = start
        for gap in order or self.gaps:
            if gap not in {choice.gap for choice in chosen}:
                allowed = self._allowed(chosen, gap)
                chosen = (*chosen, pick([one for one in allowed if self._possible((*chosen, one))]))
        return tuple(sorted(chosen, key=lambda choice: list(self.gaps).index(choice.gap)))

    def answer(self, combination: Combination) -> Answer:
        """The answer that a combination makes.

        Raises:
            ValueError: two of its choices give the same text.
        """
        texts = dict(self.defaults)
        given = [name for choice in combination for name in choice.texts]
        if twice := {name for name in given if given.count(name) > 1}:
            raise ValueError(f"{self.exercise}: two choices give {sorted(twice)}: {[one.key for one in combination]}")
        for choice in combination:
            texts.update(choice.texts)
        name = "; ".join(f"{choice.gap}: {choice.name}" for choice in combination)
        expect = tuple(key for choice in combination for key in choice.expect)
        return Answer(self.exercise, name, filled(self.template, texts), right=not expect, expect=expect)

    def pairs(self) -> set[frozenset[tuple[str, str]]]:
        """Every two choices that some answer holds, by their keys."""
        return {
            frozenset((one.key, other.key))
            for one, other in combinations(self.choices, 2)
            if one.gap != other.gap and self._possible((one, other))
        }

    def shuffled(self, seed: int) -> Iterator[Combination]:
        """All combinations in an order drawn from a seed: every choice first, then every pair, then at random."""
        chance = random.Random(f"{seed}/{self.exercise}")
        seen: set[tuple[tuple[str, str], ...]] = set()
        single = {choice.key for choice in self.choices}
        double = self.pairs()
        count = self.count()
        while len(seen) < count:
            combination = self._covering(chance, single, double)
            keys = [choice.key for choice in combination]
            single -= set(keys)
            double -= {frozenset(pair) for pair in combinations(keys, 2)}
            if (found := tuple(keys)) not in seen:
                seen.add(found)
                yield combination

    def _covering(
        self, chance: random.Random, single: set[tuple[str, str]], double: set[frozenset[tuple[str, str]]]
    ) -> Combination:
        """A combination that holds, as well as can be told gap by gap, most of what is still to be covered."""
        known = {choice.key: choice for choice in self.choices}
        chosen: list[Choice] = []
        if single:
            chosen = [known[chance.choice(sorted(single))]]
        elif double:
            chosen = [known[key] for key in sorted(chance.choice(sorted(double, key=sorted)))]

        def pick(possible: Sequence[Choice]) -> Choice:
            def new(choice: Choice) -> tuple[bool, int]:
                return choice.key in single, sum(frozenset((choice.key, one.key)) in double for one in chosen)

            most = max(new(choice) for choice in possible)
            chosen.append(chance.choice([choice for choice in possible if new(choice) == most]))
            return chosen[-1]

        order = list(self.gaps)
        chance.shuffle(order)
        return self.compose(pick, order, tuple(chosen))


def read_families(root: Path) -> tuple[Family, ...]:
    """The families of a checkout, in the order of the exercises.

    Raises:
        UsageError: the data cannot be used.
    """
    paths = [root / FOLDER / f"{key}.toml" for key in AUTOENCODERS.keys]
    return tuple(_family(path) for path in paths)


def _family(path: Path) -> Family:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        gaps = _choices(data["gaps"])
        mistakes = tuple(one for choices in _choices(data.get("mistakes", {})).values() for one in choices)
        family = Family(data["exercise"], data["template"], data.get("defaults", {}), gaps, mistakes)
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise UsageError(f"{path} does not describe a family of answers: {error}") from None
    known = {choice.key for choice in family.choices}
    every = (*family.choices, *mistakes)
    needed = {(gap, name) for choice in every for gap, names in choice.needs.items() for name in names}
    if unknown := sorted(needed - known):
        gap, name = unknown[0]
        raise UsageError(f"{path}: unknown choice {name!r} for {gap!r}")
    if odd := [one.key for one in mistakes if not one.expect or one.gap not in gaps]:
        raise UsageError(f"{path}: the mistake {odd[0]} names no misconception, or fills no gap")
    if twice := sorted(known & {one.key for one in mistakes}):
        raise UsageError(f"{path}: {twice[0]} is a choice and a mistake")
    return family


def _choices(data: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[Choice, ...]]:
    return {gap: tuple(_choice(gap, *named) for named in choices.items()) for gap, choices in data.items()}


def _choice(gap: str, name: str, given: str | Mapping[str, Any]) -> Choice:
    if isinstance(given, str):
        return Choice(gap, name, {gap: given}, {})
    texts = {key: str(text) for key, text in given.items() if key not in (_NEEDS, _EXPECT)}
    needs = {other: tuple(names) for other, names in given.get(_NEEDS, {}).items()}
    return Choice(gap, name, texts, needs, tuple(given.get(_EXPECT, ())))


def compose_right(families: Sequence[Family], count: int, seed: int) -> list[Answer]:
    """That many right answers, none twice, one family after the other in turn."""
    turns = in_turn([(family, family.shuffled(seed)) for family in families])
    return [family.answer(combination) for family, combination in islice(turns, count)]


def in_turn(supplies: list[tuple[Family, Iterator[Combination]]]) -> Iterator[tuple[Family, Combination]]:
    """One combination of each family after the other, until all are used up."""
    while supplies:
        for supply in list(supplies):
            family, combinations_left = supply
            if (combination := next(combinations_left, None)) is None:
                supplies.remove(supply)
            else:
                yield family, combination
