"""Every misconception: a message that fits and tells no solution, an explanation, a hint, and a cost."""

import re
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest

from autograder.autoencoders.common_mistakes import common_mistakes
from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.exercise import EVERY_CHECK, Check, Exercise, Kind, Misconception
from autograder.judging.verdicts import finding
from autograder.reports.misconceptions_page import PAGE, page, shared_keys, with_gaps

ROOT = Path(__file__).parents[2]
OF_EXERCISES = pytest.mark.parametrize("exercise", AUTOENCODERS.exercises, ids=lambda exercise: exercise.key)

# The longest that the judges fill in; what has a format of its own is a number.
LONGEST = {
    "message": "m" * 110,
    "error": "e" * 140,
    "line": f"Line 1000: `{'l' * 80}`",
    "why": "w" * 55,
    "lacking": "its Python may be newer than the grader's",
    "law": "one number an image, shared by all dimensions",
    "parts": "-0.00, " * 5 + "…",
    "term": "the constant",
    "activation": "the exponential of a sigmoid",
    "returned": "R" * 110,
}
COEFFICIENTS = ", ".join(f"-1.23e+03 on {term}" for term in ("σ²", "μ²", "log σ", "the constant", "σ", "μ"))
SOLUTIONS = (
    "nn.Linear(",
    "F.relu(self",
    ".sum() - torch.log",
    "torch.log(",
    'reduction="sum"',
    "reduction='sum'",
    "torch.stack(",
    "torch.randn_like(",
    "torch.exp(",
    "torch.linspace(",
    "(x - x_hat)",
    "mu + sigma",
    "return self.",
)


def filled(exercise: Exercise, one: Misconception) -> str:
    fields = {name: spec for _, name, spec, _ in Formatter().parse(one.message) if name is not None}
    values: dict[str, object] = {name: LONGEST.get(name, "(64, 1, 28, 28)") for name in fields}
    values |= {name: -123456.789 for name, spec in fields.items() if spec}
    if one.key == "wrong-coefficients":
        values["got"] = COEFFICIENTS
    return finding(exercise, one.key, **values).message


@OF_EXERCISES
def test_filled_messages_are_short(exercise: Exercise) -> None:
    assert [one.key for one in exercise.misconceptions if not 0 < len(filled(exercise, one)) <= 300] == []


@OF_EXERCISES
def test_nothing_that_students_may_read_holds_the_solution(exercise: Exercise) -> None:
    texts = [text for one in exercise.misconceptions for text in (one.explanation, one.message)]
    assert [(text, part) for text in texts for part in SOLUTIONS if part in text] == []


@OF_EXERCISES
def test_every_misconception_is_explained(exercise: Exercise) -> None:
    for one in exercise.misconceptions:
        assert 20 < len(one.explanation) <= 600, one.key
        assert one.explanation.endswith((".", ".)")), one.key


@OF_EXERCISES
def test_every_misconception_has_a_title_of_its_own_that_fits_on_a_line(exercise: Exercise) -> None:
    titles = [one.title for one in exercise.misconceptions]
    assert all(titles)
    assert len(set(titles)) == len(titles)
    assert max(len(f"{exercise.title}: {title}") for title in titles) <= 80
    assert not any(title.endswith(".") or title.startswith(("a ", "the ")) for title in titles)


@OF_EXERCISES
def test_no_two_mistakes_have_one_explanation(exercise: Exercise) -> None:
    assert len({one.explanation for one in exercise.misconceptions}) == len(exercise.misconceptions)


def test_what_every_exercise_shares_is_the_same_everywhere() -> None:
    assert shared_keys(AUTOENCODERS) == {one.key for one in common_mistakes("")}
    for exercise in AUTOENCODERS.exercises:
        common = common_mistakes(exercise.misconception("raised").check)
        assert [exercise.misconception(one.key) for one in common] == list(common)


@OF_EXERCISES
def test_cost_is_a_share_of_the_exercise(exercise: Exercise) -> None:
    for one in exercise.misconceptions:
        cost = exercise.cost(one.key)
        assert exercise.share(one.key) == cost / exercise.max_points
        assert cost <= exercise.max_points
        assert (cost == 0.0) == (one.kind is Kind.NOTE or one.cost == 0.0)


def exercise_with(*misconceptions: Misconception) -> Exercise:
    checks = (Check("a", "", 0.5), Check("b", "", 1.0), Check("c", "", 2.5))
    return Exercise(
        key="toy",
        title="Toy",
        short="toy",
        number=1,
        cell="toy",
        name="Toy",
        section="Exercise 1",
        checks=checks,
        hints=("", "", ""),
        misconceptions=misconceptions,
    )


@pytest.mark.parametrize(
    ("one", "cost"),
    [
        (Misconception("m", "b", "", ""), 1.0),
        (Misconception("m", "b", "", "", cost=0.25), 0.25),
        (Misconception("m", "b", "", "", cost=0.25, hides=("a",)), 0.75),
        (Misconception("m", "b", "", "", hides=EVERY_CHECK), 4.0),
        (Misconception("m", "b", "", "", kind=Kind.NOTE), 0.0),
    ],
    ids=["all-of-its-check", "a-part", "with-another-check", "with-every-check", "a-note"],
)
def test_cost_counts_the_checks_that_are_hidden(one: Misconception, cost: float) -> None:
    assert exercise_with(one).cost("m") == cost
    assert exercise_with(one).share("m") == cost / 4.0


@pytest.mark.parametrize(
    ("odd", "message"),
    [
        ({"hint": 0}, "toy: misconceptions whose `hint` is not 1, 2 or 3: ['m']"),
        ({"hint": 4}, "toy: misconceptions whose `hint` is not 1, 2 or 3: ['m']"),
        ({"hides": ("nothing",)}, "toy: misconceptions that hide a check that does not exist: ['m']"),
    ],
    ids=["hint-0", "hint-4", "hides-nothing"],
)
def test_hint_or_check_that_there_is_not_is_refused(odd: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        exercise_with(Misconception("m", "a", "", "", **odd))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "misconceptions",
    [(Misconception("m", "a", "", ""), Misconception("m", "b", "", "")), (Misconception("m", "nothing", "", ""),)],
    ids=["named-twice", "without-a-check"],
)
def test_a_mistake_named_twice_or_without_a_check_is_refused(misconceptions: tuple[Misconception, ...]) -> None:
    with pytest.raises(ValueError, match=r"toy: misconceptions without a check, or named twice: \['m'"):
        exercise_with(*misconceptions)


def test_gaps_stand_for_what_is_filled_in() -> None:
    assert (
        with_gaps("From {low:.1f} to {high}, {{so}} to speak. {line}") == "From ⟨low⟩ to ⟨high⟩, {so} to speak. ⟨line⟩"
    )


def test_page_lists_every_misconception_with_its_explanation() -> None:
    text = page(AUTOENCODERS)
    shared = {one.key for one in common_mistakes("")}
    for exercise, one in ((known, one) for known in AUTOENCODERS.exercises for one in known.misconceptions):
        name = f"### `…/{one.key}`" if one.key in shared else f"### `{exercise.key}/{one.key}`"
        assert text.count(f"{name}\n\n> {with_gaps(one.message)}\n") == 1
        assert one.explanation in text


def test_page_tells_points_shares_and_hints() -> None:
    text = page(AUTOENCODERS)
    assert "Costs 1 of 2 points (50 %) · check `hidden` · hint 3" in text
    assert "Costs up to 1.25 of 3 points (42 %) · check `sampling` · hint 3" in text
    assert "Costs nothing: a note beside full marks · check `value`\n" in text


def test_committed_page_is_up_to_date() -> None:
    committed = (ROOT / PAGE).read_text(encoding="utf-8")
    assert committed == page(AUTOENCODERS), f"run `autograder build` and commit {PAGE}"


def test_texts_and_explanations_need_neither_torch_nor_numpy() -> None:
    told = (
        "import sys, autograder.autoencoders.course; sys.exit(bool({'torch', 'numpy', 'pydantic'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", told], check=False).returncode == 0
