"""A divergence that is made and not kept in ``kl`` is looked at where it is; the student's class stays as it was."""

from dataclasses import replace

import pytest
from answers import Answer, answers, namespace

from autograder.autoencoders.exercises.kl.observe import observe
from autograder.autoencoders.exercises.kl.probe import Unkept
from autograder.autoencoders.rewriting.guesses.synonyms import meant_by
from autograder.course.complete import Incomplete
from autograder.instruments.calling import Workspace

KEPT_ELSEWHERE = {
    "local, never stored": "variable",
    "a global variable": "variable",
    "in capitals": "attribute",
    "kept in the class": "class",
    "returned as it is computed": "returned",
    "printed": "thrown away",
    "after the return": "after return",
    "in evaluation mode alone": "in evaluation",
}
BY_NAME = {one.name: one for one in answers() if one.exercise == "kl"}


@pytest.mark.parametrize("answer", [BY_NAME[name] for name in KEPT_ELSEWHERE], ids=lambda one: one.name)
def test_it_is_found_and_the_students_names_stay(answer: Answer) -> None:
    tried = Workspace(namespace(answer.source))
    before = dict(tried.names)
    seen = observe(tried, 11)
    assert seen.unkept is not None
    assert seen.unkept.where == KEPT_ELSEWHERE[answer.name]
    assert not seen.keeps_nothing
    assert {name for name in before if tried.names[name] is not before[name]} <= {"kl"}


@pytest.mark.parametrize("name", ["nothing at all", "exact", "accumulates"])
def test_nothing_is_found_where_there_is_nothing_or_kl_has_it(name: str) -> None:
    assert observe(Workspace(namespace(BY_NAME[name].source)), 11).unkept is None


def test_an_observation_that_says_so_and_keeps_nothing_is_incomplete() -> None:
    seen = observe(Workspace(namespace(BY_NAME["nothing at all"].source)), 11)
    with pytest.raises(Incomplete):
        replace(seen, unkept=Unkept("variable", "kl")).check_complete()


@pytest.mark.parametrize(
    ("name", "variables", "first"),
    [
        ("logvar", ("x", "log_var"), "log_var"),
        ("log_var", ("mu", "log_sigma", "sigma"), "(2 * log_sigma)"),
        ("std", ("mu", "log_var"), "torch.exp(0.5 * log_var)"),
        ("mean", ("mu", "sigma"), "mu"),
        ("eps", ("mu", "epsilon"), "epsilon"),
        ("eps", ("mu", "sigma"), "0.0"),
    ],
)
def test_a_name_that_nothing_has_may_stand_for_another(name: str, variables: tuple[str, ...], first: str) -> None:
    assert next(meant_by(name, variables)) == first


@pytest.mark.parametrize(("name", "variables"), [("linear4", ("mu", "sigma")), ("mean", ("x", "z"))])
def test_other_names_stand_for_nothing(name: str, variables: tuple[str, ...]) -> None:
    assert list(meant_by(name, variables)) == []
