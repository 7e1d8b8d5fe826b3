"""The parts of the proof: each tries the grader and says whether all holds."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from autograder.engine.levels import Level
from proof.answers import outcomes
from proof.answers.catalogue import read_answers
from proof.answers.composed import compose_right, read_families
from proof.answers.composed_wrong import compose_wrong
from proof.answers.mutation.equivalents import read_equivalents
from proof.answers.trials import best_device_in
from proof.attacks.catalogue import NO_SANDBOX, Attack, read_attacks
from proof.attacks.outcome import AttackOutcome
from proof.attacks.run import run_attacks
from proof.matrix import Matrix, fairness, kill_matrix, mutant_matrix, stability
from proof.tables import show_attacks, with_progress

COMPOSING_SEED = 2
_RIGHT_FOR_A_WRONG = 5


@dataclass(frozen=True)
class Settings:
    """What is proved, and how hard.

    Attributes:
        root: the checkout.
        level: the sandbox that is put to the test.
        seeds: how many seeds each answer is tried on.
        composed: how many right answers are composed.
        pool: processes that try answers.
    """

    root: Path
    level: Level
    seeds: int
    composed: int
    pool: Executor


@dataclass(frozen=True)
class PartResult:
    """What came of a part: whether all holds, and tables that say so."""

    holds: bool
    matrices: tuple[Matrix, ...] = ()


@dataclass(frozen=True)
class Part:
    """One part of the proof.

    Attributes:
        name: the option that asks for it.
        prove: tries it, and prints what is no matrix.
        on_page: whether its matrices are on the page.
    """

    name: str
    prove: Callable[[Settings], PartResult]
    on_page: bool = False


def prove_answers(settings: Settings) -> PartResult:
    """Every wrong answer is caught and named, every right one accepted, on every seed."""
    here = best_device_in(settings.pool)
    answers = [answer for answer in read_answers(settings.root) if answer.only_on in ("", here)]
    families = read_families(settings.root)
    right = compose_right(families, settings.composed, COMPOSING_SEED)
    wrong = compose_wrong(families, settings.composed // _RIGHT_FOR_A_WRONG, COMPOSING_SEED)
    written = outcomes.over_seeds(answers, settings.seeds, settings.pool, partial(with_progress, "answers"))
    composed = outcomes.over_seeds([*right, *wrong], 1, settings.pool, partial(with_progress, "composed"))
    wrong_ones = [one for one in written if not one.answer.right]
    right_ones = [one for one in written if one.answer.right]
    return _of(
        kill_matrix(wrong_ones, composed[len(right) :], settings.seeds),
        fairness(right_ones, composed[: len(right)], settings.seeds),
        stability(written),
    )


def prove_mutants(settings: Settings) -> PartResult:
    """Every mutant of the solution is caught, or known to be no mistake."""
    equivalents = read_equivalents(settings.root)
    tried = outcomes.of_mutants(settings.root, equivalents, settings.pool, partial(with_progress, "mutants"))
    return _of(mutant_matrix(tried, equivalents))


def prove_attacks(settings: Settings) -> PartResult:
    """No attack wins, and each that has to win where there is no sandbox does so."""
    attacks = read_attacks(settings.root)
    tried = _tried("attacks", attacks, settings, settings.level)
    bare = [attack for attack in attacks if attack.control == NO_SANDBOX and settings.level is not Level.NONE]
    controls = _tried("controls", bare, settings, Level.NONE)
    show_attacks(tried, controls, settings.level)
    return PartResult(not any(one.won for one in tried) and all(one.won for one in controls))


def _tried(what: str, attacks: Sequence[Attack], settings: Settings, level: Level) -> list[AttackOutcome]:
    """What comes of attacks, in the catalogue's order."""
    running = run_attacks(attacks, settings.root, level)
    by_name = {one.attack.name: one for one in with_progress(what, running, len(attacks))}
    return [by_name[attack.name] for attack in attacks]


def _of(*matrices: Matrix) -> PartResult:
    return PartResult(not any(matrix.faults for matrix in matrices), matrices)


PARTS = (
    Part("answers", prove_answers, on_page=True),
    Part("mutants", prove_mutants, on_page=True),
    Part("attacks", prove_attacks),
)
