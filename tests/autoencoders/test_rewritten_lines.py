"""A slip of Python in a loop costs its own points; what else there is, is looked at with that line mended."""

from dataclasses import replace

import pytest
from answers import judge_source, namespace

from autograder.autoencoders.exercises.train.observe import observe
from autograder.autoencoders.training.probe import Slip
from autograder.course.complete import Incomplete
from autograder.course.observation import Failure
from autograder.instruments.calling import Workspace

LOOP = """
def step_on(model, opt, x):
    opt.zero_grad()
    x_hat = model(x)
    loss = ((x - x_hat)**2).sum()
    loss.backward()
    opt.step()
    return loss

def train(autoencoder, data, epochs=20):
    opt = torch.optim.Adam(autoencoder.parameters())
    for epoch in range(epochs):
        for x, y in data:
            step_on(autoencoder, opt, x.to(device))
    return autoencoder
"""
SLIPS = pytest.mark.parametrize(
    ("right", "slip"),
    [
        ("opt.zero_grad()", "opt.zero_grads()"),
        ("(x - x_hat)", "(x - xhat)"),
        ("autoencoder.parameters()", "autoencoder.parameters"),
        ("in range(epochs)", "in epochs"),
        ("loss.backward()", "loss.backward(x)"),
    ],
)


def workspace(source: str) -> Workspace:
    return Workspace(namespace(source))


@SLIPS
def test_the_rest_is_seen_all_the_same(right: str, slip: str) -> None:
    run = observe(workspace(LOOP.replace(right, slip)), 11)
    assert len(run.rewritten) == 1
    assert (run.failure, run.step_count, run.returned) == (None, 6, "model")


@SLIPS
def test_the_students_own_functions_stay(right: str, slip: str) -> None:
    tried = workspace(LOOP.replace(right, slip))
    before = {name: tried.names[name] for name in ("train", "step_on")}
    names = set(tried.names)
    observe(tried, 11)
    assert {name: tried.names[name] for name in before} == before
    assert set(tried.names) - {"__builtins__"} == names - {"__builtins__"}


@SLIPS
def test_it_costs_alike_in_both_exercises(right: str, slip: str) -> None:
    source = LOOP.replace(right, slip)
    other = source.replace("def train(", "def train_vae(").replace(".sum()", ".sum() + model.encoder.kl")
    first, second = judge_source("train", source, 11), judge_source("train_vae", other, 11)
    assert first.points == second.points < 2.0


def test_two_slips_are_both_mended() -> None:
    source = LOOP.replace("(x - x_hat)", "(x - xhat)").replace("opt.step()", "opt.steps()")
    assert observe(workspace(source), 11).step_count == 6


def test_what_stopped_on_purpose_is_not_mended() -> None:
    run = observe(workspace(LOOP.replace("loss.backward()", "raise ValueError('no')")), 11)
    assert (run.rewritten, run.step_count) == ((), 0)


def test_a_step_is_never_left_out() -> None:
    run = observe(workspace(LOOP.replace("opt.step()", "opt.step(1, 2, 3)")), 11)
    assert not run.rewritten or run.step_count == 6


@pytest.mark.parametrize("change", [{"rewritten": (Slip(Failure("unfinished")),)}, {"steps": (), "step_count": 0}])
def test_a_slip_that_nobody_could_have_seen_is_no_observation(change: dict[str, object]) -> None:
    seen = observe(workspace(LOOP.replace("opt.step()", "opt.steps()")), 11)
    with pytest.raises(Incomplete):
        replace(seen, **change).check_complete()  # type: ignore[arg-type]
