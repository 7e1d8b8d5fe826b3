"""Layers are found by trying: the likely ways first, and no more than a budget allows, whatever a class holds."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from answers import namespace

from autograder.autoencoders.course import AUTOENCODERS
from autograder.autoencoders.reference import budget
from autograder.autoencoders.reference.dense import Dense
from autograder.course.draws import Float64Array
from autograder.instruments.calling import Workspace
from autograder.instruments.quiet import silence
from autograder.instruments.seeding import observe_seeded
from autograder.judging.verdicts import ExerciseResult, conclude

SEED = 11
SPARE = "nn.ModuleList([nn.Linear({width}, {width}) for _ in range({count})])"
CLASSES = {
    "encoder": """
class Encoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.spare = {spare}
        self.first, self.last = nn.Linear(784, 512), nn.Linear(512, latent_dims)

    def forward(self, x):
        x = {act}(self.first(x.flatten(1)))
        for layer in {used}:
            x = {act}(layer(x))
        return self.last(x)
""",
    "decoder": """
class Decoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.first = nn.Linear(latent_dims, 512)
        self.spare = {spare}
        self.last = nn.Linear(512, 784)

    def forward(self, x):
        x = {act}(self.first(x))
        for layer in {used}:
            x = {act}(layer(x))
        return torch.sigmoid(self.last(x)).reshape(-1, 1, 28, 28)
""",
    "variational_encoder": """
class VariationalEncoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.spare = {spare}
        self.first, self.mu, self.s = nn.Linear(784, 512), nn.Linear(512, latent_dims), nn.Linear(512, latent_dims)
        self.kl = 0

    def forward(self, x):
        x = {act}(self.first(x.flatten(1)))
        for layer in {used}:
            x = {act}(layer(x))
        mu, sigma = self.mu(x), torch.exp(self.s(x))
        self.kl = (0.5 * (sigma**2 + mu**2 - 1) - torch.log(sigma)).sum()
        return mu + sigma * torch.randn_like(mu)
""",
}

# The search for two heads behind six layers takes half a minute.
SEARCHED = ("encoder", "decoder", pytest.param("variational_encoder", marks=pytest.mark.slow))


def judged(
    key: str,
    act: str = "torch.relu",
    used: str = "()",
    width: int = 512,
    count: int = 5,
    seen_as: Callable[[Any], Any] = lambda seen: seen,
) -> ExerciseResult:
    source = CLASSES["variational_encoder" if key == "kl" else key]
    source = source.format(act=act, used=used, spare=SPARE.format(width=width, count=count))
    with silence():
        seen = seen_as(observe_seeded(AUTOENCODERS, key, Workspace(namespace(source, device="cpu")), SEED))
    with np.errstate(all="ignore"):
        return conclude(AUTOENCODERS.exercise(key), AUTOENCODERS.judge(key)(SEED, seen))


def not_followed(seen: Any) -> Any:
    """What is seen of a network that no line can be followed through."""
    return replace(seen, runs=tuple(replace(run, line=None) for run in seen.runs))


def named(result: ExerciseResult) -> set[str]:
    return {check.misconception.partition("/")[2] for check in result.checks if check.misconception}


@pytest.fixture
def multiplications(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many the layers' products have taken."""
    done: list[int] = []
    call = Dense.__call__

    def counted(layer: Dense, x: Float64Array) -> Float64Array:
        done.append(len(x) * layer.weight.size)
        return call(layer, x)

    monkeypatch.setattr(Dense, "__call__", counted)
    return done


@pytest.mark.parametrize("width", [512, 784])
@pytest.mark.parametrize("key", [*CLASSES, "kl"])
def test_right_code_with_layers_that_it_does_not_use_is_right(key: str, width: int) -> None:
    result = judged(key, width=width)
    assert (result.status, named(result)) == ("passed", set())


@pytest.mark.parametrize(("count", "layers"), [(1, 3), (2, 4), (5, 7), (8, 10)])
def test_a_long_network_in_order_is_told(count: int, layers: int) -> None:
    result = judged("encoder", used="self.spare", count=count)
    assert named(result) == {"extra-layer"}
    assert f"{layers} linear layers" in " ".join(check.message for check in result.checks)


@pytest.mark.parametrize("key", SEARCHED)
def test_what_too_many_ways_may_explain_is_for_a_person_to_look_at(key: str, multiplications: list[int]) -> None:
    result = judged(key, "torch.cos", "self.spare", seen_as=not_followed)
    assert (result.status, named(result)) == ("review", {"too-many-ways"})
    runs = 2
    assert sum(multiplications) <= runs * budget._MULTIPLICATIONS * budget._ROWS_AT_ONCE
    assert judged(key, "torch.cos", "self.spare", seen_as=not_followed) == result


@pytest.mark.parametrize("key", SEARCHED)
def test_a_line_says_what_no_search_can(key: str) -> None:
    assert named(judged(key, "torch.cos", "self.spare")) == {"another-network"}


@pytest.mark.parametrize("act", ["torch.cos", "torch.sin"])
def test_a_form_that_overflows_explains_nothing(act: str) -> None:
    """Seven squares of large numbers are infinite."""
    result = judged("decoder", act, "self.spare", count=6, seen_as=not_followed)
    assert (result.status, named(result)) == ("review", {"too-many-ways"})


def test_a_budget_ends_a_search_and_says_so() -> None:
    spent = budget.Budget()
    spent.spend_on_comparisons(1000)
    with pytest.raises(budget.OverBudget):
        spent.spend_on_comparisons(10_000)
    assert spent.is_spent
    assert not budget.Budget().is_spent
