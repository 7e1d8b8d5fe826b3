"""A cell that has the probe ask for less: nothing is judged then, and without the demand for all of it it would win."""

from importlib import import_module
from typing import Any

import pytest
from answers import judge_source
from proof.answers.catalogue import read_solution
from proof.checkout import checkout

from autograder.judging.verdicts import Status

SEED = 11
PACKAGE = "autograder.autoencoders"
NETWORKS, EXERCISES = f"{PACKAGE}.networks.observe", f"{PACKAGE}.exercises"
# By exercise: the module that is patched in the worker, its constant, the new value, and the part that is wrong.
WITHHELD = {
    "encoder": (NETWORKS, "LATENT_DIMS", (2,), ("nn.Linear(512, latent_dims)", "nn.Linear(512, 2)")),
    "decoder": (NETWORKS, "LATENT_DIMS", (2,), ("nn.Linear(latent_dims, 512)", "nn.Linear(2, 512)")),
    "variational_encoder": (
        f"{EXERCISES}.variational_encoder.observe",
        "LATENT_DIMS",
        (2,),
        ("nn.Linear(512, latent_dims)", "nn.Linear(512, 2)"),
    ),
    "kl": (
        f"{EXERCISES}.kl.observe",
        "LATENT_DIMS",
        (2,),
        ("torch.log(sigma)).sum()", "torch.log(sigma))[:, :2].sum()"),
    ),
    "interpolate": (
        f"{EXERCISES}.interpolate.observe",
        "COUNTS",
        (),
        ("np.linspace(0, 1, n)", "np.linspace(0, 1, 12)"),
    ),
}


def wrong(key: str) -> str:
    cell = {"kl": "variational_encoder"}.get(key, key)
    solution, (right, other) = read_solution(checkout())[cell], WITHHELD[key][3]
    assert right in solution
    return solution.replace(right, other)


@pytest.mark.parametrize("key", WITHHELD)
def test_the_answer_is_wrong_where_all_is_asked_for(key: str) -> None:
    assert judge_source(key, wrong(key), SEED).status not in (Status.PASSED, Status.REVIEW)


@pytest.mark.parametrize("key", WITHHELD)
def test_what_is_withheld_earns_nothing(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, value, _ = WITHHELD[key]
    monkeypatch.setattr(import_module(module), name, value)
    result = judge_source(key, wrong(key), SEED)
    assert (result.points, result.status) == (0.0, Status.REVIEW)
    assert f"{key}/no-observation" in {check.misconception for check in result.checks}


@pytest.mark.parametrize("key", WITHHELD)
def test_without_the_demand_it_would_win(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, value, _ = WITHHELD[key]
    monkeypatch.setattr(import_module(module), name, value)
    observation: Any = import_module(f"{EXERCISES}.{key}.judge").Observation
    monkeypatch.setattr(observation, "check_complete", lambda _self: None)
    assert judge_source(key, wrong(key), SEED).status is Status.PASSED


def test_noise_is_not_passed_on_fewer_copies_than_tell_its_law(monkeypatch: pytest.MonkeyPatch) -> None:
    observe = import_module(f"{EXERCISES}.variational_encoder.observe")
    monkeypatch.setattr(observe, "COPIES", 4)
    result = judge_source("variational_encoder", read_solution(checkout())["variational_encoder"], SEED)
    assert not {check.key: check.passed for check in result.checks}["sampling"]
