"""The tables that sum up what came of the answers: who was caught, who was accepted, and how steadily."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.autoencoders.course import AUTOENCODERS
from proof.answers.mutation.equivalents import FILE, Equivalent
from proof.answers.outcomes import AnswerOutcome, MutantOutcome, seeds_for_wrong

# Of independent trials without a failure, three over their number bounds the rate with 95 % confidence (Hanley and
# Lippman-Hand, "If nothing goes wrong, is everything all right?", 1983).
_RULE_OF_THREE = 3.0


@dataclass(frozen=True)
class Matrix:
    """A table, and what does not hold in it.

    Attributes:
        title: what it shows.
        columns: the columns' names; the first is that of the rows.
        rows: the rows' texts, the sum over all rows last.
        remark: a sentence below it.
        faults: what should not be, a line each.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    remark: str = ""
    faults: tuple[str, ...] = ()


def kill_matrix(outcomes: Sequence[AnswerOutcome], composed: Sequence[AnswerOutcome], seeds: int) -> Matrix:
    """Wrong answers: how many are caught, and told what is wrong with them."""

    def row(key: str) -> tuple[str, ...]:
        wrong, made = ([one for one in some if one.answer.exercise == key] for some in (outcomes, composed))
        return tuple(count for some in (wrong, made) for count in _counts(some, _is_caught, _is_named))

    every = (*outcomes, *composed)
    faults = (
        *(f"not caught: {one.answer}" for one in every if not one.caught),
        *(f"not named as {_expected(one)}: {one.answer}: {_why(one)}" for one in every if not one.named),
        *_unmet(outcomes),
    )
    return Matrix(
        "Wrong answers",
        ("exercise", "answers", "caught", "named", "composed", "caught", "named"),
        _by_exercise(row),
        f"Each answer on {seeds_for_wrong(seeds)} seeds (on fewer where each takes seconds), composed ones on one; "
        "nearly all are looked at twice on each. Composed: right ones in many styles with a mistake in one part or "
        "two. Named: told every mistake in it, by the name expected.",
        faults,
    )


def mutant_matrix(outcomes: Sequence[MutantOutcome], equivalents: Sequence[Equivalent]) -> Matrix:
    """Mutants of the solution: how many are caught, and how many of the others are no mistakes."""

    def row(cell: str, here: Sequence[MutantOutcome]) -> tuple[str, ...]:
        return (
            cell,
            *_counts(here, lambda one: one.caught, lambda one: not one.caught and not one.survived),
            *_counts([one for one in here if one.survived]),
        )

    cells = dict.fromkeys(one.mutant.cell for one in outcomes)
    rows = (row(cell, [one for one in outcomes if one.mutant.cell == cell]) for cell in cells)
    needed = {one.equivalent for one in outcomes if not one.caught}
    faults = (
        *(f"survived: {one.mutant}" for one in outcomes if one.survived),
        *(f"no mutant is spared because: {one.why}" for one in equivalents if one not in needed),
    )
    return Matrix(
        "Mutants of the solution",
        ("cell", "mutants", "caught", "equivalent", "survived"),
        (*rows, row("all", outcomes)),
        f"Equivalent: no mistake, for a reason that {FILE} gives.",
        faults,
    )


def fairness(outcomes: Sequence[AnswerOutcome], composed: Sequence[AnswerOutcome], seeds: int) -> Matrix:
    """Right answers: how many earn all points."""

    def row(key: str) -> tuple[str, ...]:
        right = [one for one in outcomes if one.answer.exercise == key]
        made = [one for one in composed if one.answer.exercise == key]
        return (*_counts(right, lambda one: one.accepted), *_counts(made, lambda one: one.accepted))

    refused = (one for one in (*outcomes, *composed) if not one.accepted)
    return Matrix(
        "Right answers",
        ("exercise", "answers", "accepted", "composed", "accepted"),
        _by_exercise(row),
        f"Each answer on {seeds} seeds (on fewer where each takes seconds), composed ones on one. Composed: drawn from "
        "all combinations of interchangeable parts.",
        (*(f"refused: {one.answer}: {_why(one)}" for one in refused), *_unmet(outcomes)),
    )


def stability(outcomes: Sequence[AnswerOutcome]) -> Matrix:
    """All answers: whether every seed, number of threads and way of rounding gives the same verdicts."""

    def row(key: str) -> tuple[str, ...]:
        here = [one for one in outcomes if one.answer.exercise == key]
        right = [one for one in here if one.answer.right]
        looks = sum(len(one.trials) for one in right)
        return (*_counts(here, lambda one: one.steady), str(looks), str(sum(one.second_looks for one in right)))

    right = [one for one in outcomes if one.answer.right]
    looks, failed = sum(len(one.trials) for one in right), sum(one.second_looks for one in right)
    rate = max(failed, _RULE_OF_THREE) / looks if looks else 1.0
    return Matrix(
        "The same on every seed",
        ("exercise", "answers", "steady", "probes", "failed"),
        _by_exercise(row),
        "On one thread and two, with and without oneDNN. Failed: probes on which a right answer did not pass at once; "
        f"so fewer than 1 in {1 / rate:,.0f} do, and 1 in {1 / rate**2:,.0f} after the second look.",
        tuple(f"not the same on every seed: {one.answer}: {_why(one)}" for one in outcomes if not one.steady),
    )


def _by_exercise(row: Callable[[str], tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    rows = [(exercise.key, *row(exercise.key)) for exercise in AUTOENCODERS.exercises]
    whole = [str(sum(int(one[column]) for one in rows)) for column in range(1, len(rows[0]))]
    return (*rows, ("all", *whole))


def _counts(items: Sequence[Any], *holds: Callable[[Any], bool]) -> tuple[str, ...]:
    return (str(len(items)), *(str(sum(map(hold, items))) for hold in holds))


def _is_caught(one: AnswerOutcome) -> bool:
    return one.caught


def _is_named(one: AnswerOutcome) -> bool:
    return one.named


def _unmet(outcomes: Sequence[AnswerOutcome]) -> list[str]:
    return [f"{line}: {one.answer}" for one in outcomes for line in one.unmet]


def _expected(one: AnswerOutcome) -> str:
    return ", ".join(one.answer.expect)


def _why(one: AnswerOutcome) -> str:
    """What was held against an answer, each remark once."""
    messages = (check.message for trial in one.trials for check in trial.result.checks if not check.passed)
    return " / ".join(dict.fromkeys(messages)) or "nothing"
