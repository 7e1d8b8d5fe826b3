"""What came of the answers that were tried: who was caught, named, accepted, and the same on every seed."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from autograder.autoencoders.course import AUTOENCODERS
from proof.answers.catalogue import Answer, read_solution
from proof.answers.demands import unmet
from proof.answers.mutation.equivalents import Equivalent
from proof.answers.mutation.mutants import Mutant, mutants
from proof.answers.trials import Trial, TrialResult, Watch, run_trials, unwatched

FIRST_SEED = 11
# Two threads take their time where there are no more cores than processes.
_ON_TWO_THREADS = 5


@dataclass(frozen=True)
class AnswerOutcome:
    """An answer and what came of it on each seed."""

    answer: Answer
    trials: tuple[TrialResult, ...]

    @property
    def accepted(self) -> bool:
        """Whether it earned all points every time."""
        return all(one.right for one in self.trials)

    @property
    def caught(self) -> bool:
        """Whether it lost points every time."""
        return not any(one.right for one in self.trials)

    @property
    def named(self) -> bool:
        """Whether every mistake that it makes was named every time."""
        return all(set(self.answer.expect) <= set(one.named) for one in self.trials)

    @property
    def steady(self) -> bool:
        """Whether every seed gave the same verdicts."""
        return len({one.verdicts for one in self.trials}) == 1

    @property
    def unmet(self) -> tuple[str, ...]:
        """What does not hold of what it was told, each once."""
        return tuple(dict.fromkeys(line for one in self.trials for line in unmet(self.answer, one.result)))

    @property
    def second_looks(self) -> int:
        """How often one probe was not enough."""
        return sum(one.probes > 1 for one in self.trials)


@dataclass(frozen=True)
class MutantOutcome:
    """A mutant, what came of it in each exercise of its cell, and the reason why it may earn all points, if any."""

    mutant: Mutant
    trials: tuple[TrialResult, ...]
    equivalent: Equivalent | None

    @property
    def caught(self) -> bool:
        """Whether it lost points."""
        return not all(one.right for one in self.trials)

    @property
    def survived(self) -> bool:
        """Whether it earned all points for no known reason."""
        return not self.caught and self.equivalent is None


def over_seeds(answers: Sequence[Answer], seeds: int, pool: Executor, watch: Watch = unwatched) -> list[AnswerOutcome]:
    """What comes of each answer on that many seeds, or fewer where it says so, and on half of them if it is wrong.

    A wrong answer is looked at twice on each seed, so it is judged on as many probes as a right one. Some trials are on
    two threads, every other one is without oneDNN and so rounded otherwise.
    """
    trials = [
        Trial(
            answer.exercise,
            answer.source,
            FIRST_SEED + number,
            threads=2 if number % _ON_TWO_THREADS == 1 else 1,
            onednn=number % 2 == 0,
            costly=answer.seeds is not None,
        )
        for answer in answers
        for number in range(_count(answer, seeds))
    ]
    results = iter(run_trials(pool, trials, watch))
    return [AnswerOutcome(answer, tuple(islice(results, _count(answer, seeds)))) for answer in answers]


def _count(answer: Answer, seeds: int) -> int:
    most = min(seeds, answer.seeds or seeds)
    return most if answer.right else seeds_for_wrong(most)


def seeds_for_wrong(seeds: int) -> int:
    """How many seeds give a wrong answer as many probes as these give a right one."""
    return -(-seeds // 2)


def of_mutants(
    root: Path, equivalents: Iterable[Equivalent], pool: Executor, watch: Watch = unwatched
) -> list[MutantOutcome]:
    """What comes of every mutant of the solution's cells.

    Raises:
        UsageError: the solution notebook cannot be read.
    """
    known = tuple(equivalents)
    cells = read_solution(root)
    made = [one for cell, source in cells.items() for one in mutants(cell, source)]
    exercises = {cell: [one.key for one in AUTOENCODERS.exercises if one.cell == cell] for cell in cells}
    trials = [Trial(key, one.source, FIRST_SEED) for one in made for key in exercises[one.cell]]
    results = iter(run_trials(pool, trials, watch))
    return [
        MutantOutcome(
            one,
            tuple(islice(results, len(exercises[one.cell]))),
            next((reason for reason in known if reason.fits(one)), None),
        )
        for one in made
    ]
