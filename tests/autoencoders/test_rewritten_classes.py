"""A slip of Python in a class costs its own points; what else there is, is looked at with that line mended."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from answers import answers, judge_source, namespace

from autograder.autoencoders.exercises.decoder.observe import observe as observe_decoder
from autograder.autoencoders.exercises.encoder.observe import observe as observe_encoder
from autograder.autoencoders.exercises.kl.observe import observe as observe_kl
from autograder.autoencoders.exercises.variational_encoder.observe import observe as observe_sampling
from autograder.course.complete import Incomplete
from autograder.course.observation import Failure
from autograder.instruments.calling import Workspace

ENCODER, DECODER, VARIATIONAL = (
    next(one.source for one in answers() if one.exercise == key)
    for key in ("encoder", "decoder", "variational_encoder")
)
NETWORKS = pytest.mark.parametrize(
    ("observe", "right"),
    [
        (observe_encoder, ENCODER),
        (observe_decoder, DECODER),
        (observe_sampling, VARIATIONAL),
        (observe_kl, VARIATIONAL),
    ],
)
Observe = Callable[[Workspace, int], Any]
SLIPS = {
    "self forgotten": ("self.linear2(", "linear2("),
    "misspelt": ("self.linear2(", "self.linaer2("),
    "forward misspelt": ("def forward", "def foward"),
    "no constructor of the parent": ("        super().__init__()\n", ""),
}


def workspace(source: str) -> Workspace:
    return Workspace(namespace(source))


@NETWORKS
@pytest.mark.parametrize("slip", SLIPS)
def test_the_rest_is_seen_and_the_students_class_stays(observe: Observe, right: str, slip: str) -> None:
    tried = workspace(right.replace(*SLIPS[slip]))
    before = dict(tried.names)
    seen = observe(tried, 11)
    assert len(seen.slips) == 1
    assert not seen.shows_nothing
    assert tried.names == before


@NETWORKS
def test_a_class_that_works_has_no_slips(observe: Observe, right: str) -> None:
    assert observe(workspace(right), 11).slips == ()


@pytest.mark.parametrize(
    ("key", "right", "most"),
    [("encoder", ENCODER, 2.0), ("decoder", DECODER, 2.0), ("variational_encoder", VARIATIONAL, 3.0)],
)
@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_costs_alike_in_every_network(key: str, right: str, most: float, slip: str) -> None:
    price = 0.25 if slip in ("self forgotten", "misspelt") else 0.5
    assert judge_source(key, right.replace(*SLIPS[slip]), 11).points == most - price


def test_of_several_slips_the_first_is_told_as_the_student_sees_no_other() -> None:
    source = ENCODER.replace("torch.flatten(x, start_dim=1)", "x.flatten").replace("self.linear2(", "linear2(")
    [told] = [check.message for check in judge_source("encoder", source, 11).checks if check.message]
    assert "`x = x.flatten`" in told


def test_a_slip_takes_all_where_mending_shows_nothing() -> None:
    source = ENCODER.replace("return self.linear2(x)", "return self.linaer2(x).sum()")
    result = judge_source("encoder", source, 11)
    assert result.points == 0.0
    assert "judged as if" not in result.checks[0].message


def test_a_class_that_is_slow_and_stops_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.autoencoders.networks.retrying._LONGEST", 0.0)
    assert observe_encoder(workspace(ENCODER.replace("self.linear2(", "linear2(")), 11).slips == ()


def test_what_stopped_on_purpose_is_not_mended() -> None:
    source = ENCODER.replace("return self.linear2(x)", "raise ValueError('no')")
    assert observe_encoder(workspace(source), 11).slips == ()


def test_what_objects_tell_of_themselves_stops_no_observation() -> None:
    odd = "class Odd:\n    def __dir__(self):\n        raise ValueError\n"
    source = odd + ENCODER.replace("return self.linear2(x)", "return Odd().linear(x)")
    seen = observe_encoder(workspace(source), 11)
    assert (seen.slips, seen.runs[0].outputs[0].failure.error) == ((), "AttributeError")


@NETWORKS
@pytest.mark.parametrize("forged", ["a slip of another kind", "nothing to be seen"])
def test_slips_that_nobody_could_have_seen_are_no_observation(observe: Observe, right: str, forged: str) -> None:
    mended = observe(workspace(right.replace("self.linear2(", "linear2(")), 11)
    stopped = observe(workspace(right.replace("self.linear2(", "undefined.thing(")), 11)
    seen = {
        "a slip of another kind": replace(mended, slips=(Failure("unfinished"),)),
        "nothing to be seen": replace(stopped, slips=mended.slips),
    }[forged]
    with pytest.raises(Incomplete):
        seen.check_complete()
