"""The second reading of an answer refutes what is false of the solution, and nothing that is true of a mistake."""

import pytest

from proof.answers.catalogue import read_solution
from proof.answers.claims import CLAIMS, refuted
from proof.checkout import checkout

# What the solution's cells do in one expression for each, so that the cautious reading is sure.
RIGHT = """
class VariationalEncoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.linear1 = nn.Linear(784, 512)
        self.linear2 = nn.Linear(512, latent_dims)
        self.linear3 = nn.Linear(512, latent_dims)

    def forward(self, x):
        mu = self.linear2(F.relu(self.linear1(x.flatten(1))))
        self.kl = (mu**2 + self.linear3(mu)).sum()
        return mu
"""
LOOP = """
opt = torch.optim.Adam(model.parameters())
for x, y in data:
    opt.zero_grad()
    loss = ((x - model(x)) ** 2).sum()
    loss.backward()
    opt.step()
"""


def test_every_claim_can_be_refuted() -> None:
    assert {*refuted(RIGHT, CLAIMS), *refuted(LOOP, CLAIMS)} == set(CLAIMS)


@pytest.mark.parametrize(
    ("claim", "right", "wrong"),
    [
        ("no-hidden-activation", "F.relu(self.linear1(x.flatten(1)))", "self.linear1(x.flatten(1))"),
        ("layers-not-registered", "self.linear1 = nn.Linear(784, 512)", "self.layers = [nn.Linear(784, 512)]"),
        ("random-output", "return mu", "return mu + torch.randn_like(mu)"),
        ("detached", "return mu", "return mu.detach()"),
        ("not-flattened", "x.flatten(1)", "x"),
        ("never-stored", "self.kl = (mu", "kl = (mu"),
        ("same-head-twice", "self.linear3(mu)", "self.linear2(mu)"),
    ],
)
def test_claim_that_is_true_is_not_refuted(claim: str, right: str, wrong: str) -> None:
    assert right in RIGHT
    assert refuted(RIGHT.replace(right, wrong), [claim]) == []


def test_claim_about_a_loop_that_is_true_is_not_refuted() -> None:
    assert refuted(LOOP.replace("    opt.zero_grad()\n", ""), ["no-zero-grad"]) == []
    assert refuted(LOOP.replace(".sum()", ".sum().item()"), ["plain-number"]) == []


def test_solution_is_read_without_an_error() -> None:
    for source in read_solution(checkout()).values():
        refuted(source, CLAIMS)
