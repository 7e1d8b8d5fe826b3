"""The tables: what they count, and what they hold against the grader."""

from dataclasses import replace

import pytest

from autograder.autoencoders.course import AUTOENCODERS
from autograder.judging.verdicts import CheckResult, ExerciseResult, Status
from proof.answers.catalogue import Answer
from proof.answers.mutation.equivalents import Equivalent
from proof.answers.mutation.mutants import Mutant
from proof.answers.outcomes import AnswerOutcome, MutantOutcome
from proof.answers.trials import TrialResult
from proof.matrix import Matrix, fairness, kill_matrix, mutant_matrix, stability

SPARED = Equivalent("It is only the printed line.", was=("print",))


def tried(misconception: str = "", probes: int = 1) -> TrialResult:
    """All points where nothing is named."""
    passed = not misconception
    points = 2.0 if passed else 0.0
    check = CheckResult("value", passed, points, 2.0, f"kl/{misconception}", misconception)
    status = Status.PASSED if passed else Status.FAILED
    title = AUTOENCODERS.exercise("kl").title
    return TrialResult(ExerciseResult("kl", title, points, 2.0, status, (check,)), probes)


def wrong(*trials: TrialResult, expect: str = "negated") -> AnswerOutcome:
    return AnswerOutcome(Answer("kl", "an answer", "", right=False, expect=(expect,)), trials)


def right(*trials: TrialResult) -> AnswerOutcome:
    return AnswerOutcome(Answer("kl", "an answer", "", right=True), trials)


def of_kl(matrix: Matrix) -> tuple[str, ...]:
    """The row of one exercise, which is also the sum where the others are empty."""
    row = next(row for row in matrix.rows if row[0] == "kl")
    assert matrix.rows[-1] == ("all", *row[1:])
    assert len(row) == len(matrix.columns)
    return row[1:]


def test_wrong_answers_caught_and_named_are_counted() -> None:
    outcomes = [wrong(tried("negated")), wrong(tried("constant")), wrong(tried("negated"), tried())]
    matrix = kill_matrix(outcomes, [wrong(tried("negated")), wrong(tried("constant"))], seeds=2)
    assert of_kl(matrix) == ("3", "2", "1", "2", "2", "1")
    assert matrix.faults == (
        "not caught: kl: an answer",
        "not named as negated: kl: an answer: constant",
        "not named as negated: kl: an answer: negated",
        "not named as negated: kl: an answer: constant",
    )


def test_what_an_answer_is_told_has_to_be_true_and_cost_what_is_stated() -> None:
    answer = Answer("kl", "an answer", "self.kl = KL(mu)", right=False, expect=("negated",), points=0.0)
    dear = AnswerOutcome(replace(answer, points=0.5), (tried("negated"),))
    source = "class VariationalEncoder:\n    def forward(self, x):\n        self.kl = divergence(x)\n"
    untrue = AnswerOutcome(replace(answer, source=source, expect=("never-stored",)), (tried("never-stored"),))
    assert kill_matrix([AnswerOutcome(answer, (tried("negated"),))], [], seeds=1).faults == ()
    assert kill_matrix([dear], [], seeds=1).faults == ("0.0 points, not 0.5: kl: an answer",)
    [fault] = kill_matrix([untrue], [], seeds=1).faults
    assert fault.startswith("told 'never-stored', which the code itself refutes: ")


def test_right_answers_that_are_refused_are_told_with_the_reason() -> None:
    matrix = fairness([right(tried()), right(tried(), tried("negated"))], [right(tried())], seeds=2)
    assert of_kl(matrix) == ("2", "1", "1", "1")
    assert matrix.faults == ("refused: kl: an answer: negated",)


def test_nothing_is_held_against_a_grader_that_is_right() -> None:
    outcomes = [wrong(tried("negated"), tried("negated")), right(tried(), tried())]
    assert kill_matrix(outcomes[:1], [], 2).faults == ()
    assert fairness(outcomes[1:], [], 2).faults == ()
    assert stability(outcomes).faults == ()


def test_verdicts_that_differ_from_seed_to_seed_are_told() -> None:
    matrix = stability([right(tried(), tried("negated", probes=2)), wrong(tried("negated", probes=2))])
    assert of_kl(matrix) == ("2", "1", "2", "1")
    assert matrix.faults == ("not the same on every seed: kl: an answer: negated",)


@pytest.mark.parametrize(("failed", "rate"), [(0, "1 in 100 do, and 1 in 10,000"), (6, "1 in 50 do, and 1 in 2,500")])
def test_rate_of_failing_probes_is_bounded(failed: int, rate: str) -> None:
    trials = [tried(probes=2)] * failed + [tried()] * (300 - failed)
    assert rate in stability([right(*trials)]).remark


def mutant(was: str, *trials: TrialResult) -> MutantOutcome:
    made = Mutant("train", "line_left_out", was, "pass", "")
    return MutantOutcome(made, trials, SPARED if SPARED.fits(made) else None)


def test_mutants_are_caught_spared_or_have_survived() -> None:
    outcomes = [
        mutant("opt.step()", tried("negated"), tried()),
        mutant("print()", tried()),
        mutant("print(1)", tried("negated")),
        mutant("loss.backward()", tried(), tried()),
    ]
    matrix = mutant_matrix(outcomes, [SPARED])
    assert matrix.rows == (("train", "4", "2", "1", "1"), ("all", "4", "2", "1", "1"))
    assert matrix.faults == ("survived: train: loss.backward() → pass",)


def test_a_reason_that_spares_no_mutant_is_told() -> None:
    matrix = mutant_matrix([mutant("print()", tried("negated"))], [SPARED])
    assert matrix.faults == ("no mutant is spared because: It is only the printed line.",)
