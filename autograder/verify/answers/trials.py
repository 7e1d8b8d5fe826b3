"""Trying many answers at once: processes of our own, each of which judges one answer after the other."""

import os
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from autograder.exercises.judgement import ExerciseResult, Status

CHUNK = 8


@dataclass(frozen=True)
class Trial:
    """One answer to be judged.

    Attributes:
        exercise: the exercise.
        source: the solution cell's text.
        seed: seed of the first probe.
        threads: how many threads torch may use.
        plain: whether torch computes without oneDNN, which rounds otherwise.
    """

    exercise: str
    source: str
    seed: int
    threads: int = 1
    plain: bool = False


@dataclass(frozen=True)
class Tried:
    """What came of a trial.

    Attributes:
        result: what the answer earned.
        looks: how many probes it took.
    """

    result: ExerciseResult
    looks: int

    @property
    def right(self) -> bool:
        """Whether it earned all points."""
        return self.result.status is Status.PASSED and self.result.points == self.result.max_points

    @property
    def verdicts(self) -> tuple[tuple[float, str | None], ...]:
        """The points of each check and what it was told, without the numbers in its message."""
        return tuple((verdict.points, verdict.misconception) for verdict in self.result.verdicts)

    @property
    def named(self) -> tuple[str, ...]:
        """The misconceptions that it was told, without the exercise's key."""
        found = (verdict.misconception for verdict in self.result.verdicts)
        return tuple(dict.fromkeys(key.partition("/")[2] for key in found if key))


def tried(trials: Iterable[Trial], jobs: int = 0) -> Iterator[Tried]:
    """What comes of each trial, in their order.

    Args:
        trials: what is tried.
        jobs: how many processes; one for each core if 0.
    """
    with ProcessPoolExecutor(jobs or os.cpu_count() or 1, get_context("spawn"), _let_threads_sleep) as pool:
        yield from pool.map(attempt, trials, chunksize=CHUNK)


def _let_threads_sleep() -> None:
    """Keep OpenMP's threads from spinning while they wait: there are as many processes as cores. Read before torch."""
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def attempt(trial: Trial) -> Tried:
    """What comes of one trial, here and now."""
    # Imported in the process that tries: the one that asks needs no torch.
    import torch

    from autograder.verify.answers.judging import graded_source

    torch.set_num_threads(trial.threads)
    # Setting these flags warns about hardware that is not there.
    with warnings.catch_warnings(action="ignore"), torch.backends.mkldnn.flags(enabled=not trial.plain):
        graded = graded_source(trial.exercise, trial.source, trial.seed)
    return Tried(graded.result, len(graded.seeds))
