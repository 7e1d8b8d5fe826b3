"""What came of the answers that were tried: who was caught, named, accepted, and the same on every seed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from autograder.exercises.catalogue import EXERCISES
from autograder.verify.answers.catalogue import Answer
from autograder.verify.answers.mutation.equivalents import Equivalent
from autograder.verify.answers.mutation.mutants import Mutant, mutants
from autograder.verify.answers.trials import Trial, Tried, tried
from autograder.verify.pair import solution

FIRST_SEED = 11
# Two threads take their time where there are no more cores than processes.
_ON_TWO = 5


@dataclass(frozen=True)
class Outcome:
    """An answer and what came of it on each seed."""

    answer: Answer
    tries: tuple[Tried, ...]

    @property
    def accepted(self) -> bool:
        """Whether it earned all points every time."""
        return all(one.right for one in self.tries)

    @property
    def caught(self) -> bool:
        """Whether it lost points every time."""
        return not any(one.right for one in self.tries)

    @property
    def named(self) -> bool:
        """Whether every mistake that it makes was named every time."""
        return all(set(self.answer.expect) <= set(one.named) for one in self.tries)

    @property
    def steady(self) -> bool:
        """Whether every seed gave the same verdicts."""
        return len({one.verdicts for one in self.tries}) == 1

    @property
    def second_looks(self) -> int:
        """How often one probe was not enough."""
        return sum(one.looks > 1 for one in self.tries)


@dataclass(frozen=True)
class MutantOutcome:
    """A mutant, what came of it in each exercise of its cell, and the reason why it may earn all points, if any."""

    mutant: Mutant
    tries: tuple[Tried, ...]
    equivalent: Equivalent | None

    @property
    def caught(self) -> bool:
        """Whether it lost points."""
        return not all(one.right for one in self.tries)

    @property
    def named(self) -> bool:
        """Whether it was told of a mistake that has a name."""
        return any(one.named for one in self.tries)

    @property
    def survived(self) -> bool:
        """Whether it earned all points for no known reason."""
        return not self.caught and self.equivalent is None


def over_seeds(answers: Sequence[Answer], seeds: int, jobs: int = 0) -> Iterator[Outcome]:
    """What comes of each answer on that many seeds: some on two threads, every other one rounded in another way."""
    trials = [
        Trial(answer.exercise, answer.source, FIRST_SEED + number, 2 if number % _ON_TWO == 1 else 1, number % 2 == 1)
        for answer in answers
        for number in range(seeds)
    ]
    results = tried(trials, jobs)
    for answer in answers:
        yield Outcome(answer, tuple(islice(results, seeds)))


def of_mutants(root: Path, equivalents: Iterable[Equivalent], jobs: int = 0) -> Iterator[MutantOutcome]:
    """What comes of every mutant of the solution's cells.

    Raises:
        UsageError: the solution notebook cannot be read.
    """
    known = tuple(equivalents)
    cells = solution(root).solutions or {}
    made = [one for name, source in cells.items() for one in mutants(name, source)]
    answered = {name: [exercise.key for exercise in EXERCISES if exercise.cell == name] for name in cells}
    results = tried([Trial(key, one.source, FIRST_SEED) for one in made for key in answered[one.cell]], jobs)
    for one in made:
        tries = tuple(islice(results, len(answered[one.cell])))
        yield MutantOutcome(one, tries, next((reason for reason in known if reason.fits(one)), None))
