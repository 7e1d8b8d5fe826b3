"""Beginners' mistakes, each with the rung of help that its card offers: the one that is about that mistake."""

import re
from dataclasses import dataclass

import pytest
from answers import judge_source

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.error_help import help_with_mistake
from autograder.reports.card import Card, error_help

WALK = "torch.stack([z_1 + (z_2 - z_1) * t for t in np.linspace(0, 1, n)])"


@dataclass(frozen=True)
class Slip:
    """A mistake in an exercise that is right but for it.

    Attributes:
        key: the exercise.
        right: what the solution has.
        wrong: what stands there in its place.
        helped: a key of a mistake of Python whose help is offered, or the number of a hint.
    """

    key: str
    right: str
    wrong: str
    helped: str | int


SLIPS = (
    Slip("encoder", "        x = torch.flatten(x, start_dim=1)\n", "", 1),
    Slip("encoder", "self.linear1 = nn.Linear(784, 512)", "linear1 = nn.Linear(784, 512)", "self-forgotten"),
    Slip("encoder", "return self.linear2(x)", "x = self.linear2(x)", "no-return"),
    Slip("encoder", "start_dim=1", "start_dim=0", 2),
    Slip("decoder", "torch.sigmoid(self.linear2(z))", "F.relu(self.linear2(z))", 2),
    Slip("decoder", "nn.Linear(512, 784)", "nn.Linear(784, 512)", "shape-mismatch"),
    Slip("train", "((x - x_hat) ** 2).sum()", "nn.MSELoss(x_hat, x)", "module-called-with-tensor"),
    Slip("train", "((x - x_hat) ** 2).sum()", "F.mse_loss(x_hat, x)", 3),
    Slip("train", "(x - x_hat)", "(y - x_hat)", 2),
    Slip("train", "(x - x_hat)", "(x.flatten(1) - x_hat)", "shape-mismatch"),
    Slip("train", "for x, y in data", "for x in data", "batch-not-unpacked"),
    Slip("train", "((x - x_hat) ** 2).sum()", "((x - x_hat) ** 2).sum().item()", 3),
    Slip("train", "((x - x_hat) ** 2).sum()", "sum((x - x_hat) ** 2)", 3),
    Slip("variational_encoder", "torch.exp(self.linear3(x))", "self.linear3(x)", 2),
    Slip("variational_encoder", "mu + sigma * torch.randn_like(mu)", "torch.normal(mu, sigma)", 3),
    Slip("variational_encoder", "torch.randn_like(mu)", "torch.randn(1)", 3),
    Slip("kl", "- torch.log(sigma)", "+ torch.log(sigma)", 2),
    Slip("kl", "- torch.log(sigma)).sum()", "- torch.log(sigma))", 3),
    Slip("train_vae", "vae.encoder.kl", "vae.kl", 2),
    Slip("train_vae", "vae.encoder.kl", "vae.encoder.kl()", "value-called"),
    Slip("interpolate", WALK, "torch.linspace(z_1, z_2, n)", 2),
    Slip("interpolate", WALK, WALK[len("torch.stack(") : -1], 3),
    Slip("interpolate", "np.linspace(0, 1, n)", "np.arange(0, 1, 1 / n)", 2),
)


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.key}: {slip.wrong.strip() or 'left out'}")
def test_the_card_offers_help_with_that_mistake(slip: Slip, solution_cells: dict[str, dict[str, str]]) -> None:
    exercise = AUTOENCODERS.exercise(slip.key)
    written = solution_cells[exercise.cell]["source"]
    right = re.sub(r"\n *(### (BEGIN|END) SOLUTION|# stub:[^\n]*)", "", written)
    assert judge_source(slip.key, right, 11).points == exercise.max_points
    wrong = judge_source(slip.key, right.replace(slip.right, slip.wrong), 11)
    assert wrong.points < exercise.max_points
    offer = Card(exercise, wrong).offer
    assert offer is not None
    if isinstance(slip.helped, int):
        assert offer.level == slip.helped
        assert error_help(wrong) is None
    else:
        assert offer.level is None
        assert error_help(wrong) is help_with_mistake(slip.helped)
