"""Trying many answers at once: processes of our own, each of which judges one answer after the other."""

import os
import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from autograder.judging.verdicts import ExerciseResult, Status

_CHUNK = 8


@dataclass(frozen=True)
class Trial:
    """One answer to be judged.

    Attributes:
        exercise: the exercise.
        source: the solution cell's text.
        seed: seed of the first probe.
        threads: how many threads torch may use.
        onednn: whether torch computes with oneDNN; without it, numbers are rounded otherwise.
        costly: whether it takes seconds.
    """

    exercise: str
    source: str
    seed: int
    threads: int = 1
    onednn: bool = True
    costly: bool = False


@dataclass(frozen=True)
class TrialResult:
    """What came of a trial.

    Attributes:
        result: what the answer earned.
        probes: how many probes it took.
    """

    result: ExerciseResult
    probes: int

    @property
    def right(self) -> bool:
        """Whether the answer earned all points."""
        return self.result.status is Status.PASSED and self.result.points == self.result.max_points

    @property
    def verdicts(self) -> tuple[tuple[float, str | None], ...]:
        """The points of each check and the misconception held against it, without the numbers in its message."""
        return tuple((check.points, check.misconception) for check in self.result.checks)

    @property
    def named(self) -> tuple[str, ...]:
        """The misconceptions held against the answer, without the exercise's key."""
        found = (check.misconception for check in self.result.checks)
        return tuple(dict.fromkeys(key.partition("/")[2] for key in found if key))


Watch = Callable[[Iterable[TrialResult], int], Iterable[TrialResult]]


def unwatched(results: Iterable[TrialResult], _count: int) -> Iterable[TrialResult]:
    """Passes results on and does nothing else."""
    return results


def trial_pool(jobs: int = 0) -> Executor:
    """Processes that try answers, one for each core if ``jobs`` is 0; a context manager, which starts none unasked."""
    return ProcessPoolExecutor(jobs or os.cpu_count() or 1, get_context("spawn"), _let_threads_sleep)


def run_trials(pool: Executor, trials: Sequence[Trial], watch: Watch = unwatched) -> list[TrialResult]:
    """What comes of each trial, in their order.

    They are tried exercise by exercise and seed by seed, so that what a probe draws is there for the next trial; those
    that take seconds come first, so that at the end no process waits for another's.

    Args:
        pool: where they are tried.
        trials: what is tried.
        watch: passes results on as they come, and is told their number.
    """
    order = sorted(range(len(trials)), key=lambda number: _turn(trials[number]))
    results = pool.map(run_trial, [trials[number] for number in order], chunksize=_CHUNK)
    by_number = dict(zip(order, watch(results, len(trials)), strict=True))
    return [by_number[number] for number in range(len(trials))]


def _turn(trial: Trial) -> tuple[bool, str, int]:
    return not trial.costly, trial.exercise, trial.seed


def best_device_in(pool: Executor) -> str:
    """The device that answers are tried on there; asking needs no torch here."""
    return pool.submit(_best_device).result()


def _let_threads_sleep() -> None:
    """Keep OpenMP's threads from spinning while they wait: there are as many processes as cores. Read before torch."""
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"


def _best_device() -> str:
    from proof.answers.judging import best_device

    return best_device()


def run_trial(trial: Trial) -> TrialResult:
    """What comes of one trial, here and now."""
    import torch

    from proof.answers.judging import graded_source

    torch.set_num_threads(trial.threads)
    # Setting these flags warns about hardware that is not there.
    with warnings.catch_warnings(action="ignore"), torch.backends.mkldnn.flags(enabled=trial.onednn):
        graded = graded_source(trial.exercise, trial.source, trial.seed)
    return TrialResult(graded.result, len(graded.seeds))
