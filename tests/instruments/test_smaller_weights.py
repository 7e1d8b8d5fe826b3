"""Making a module's parameters smaller for a while."""

import torch
from torch import nn

from autograder.instruments import weights


class _WithPrior(nn.Module):
    """A layer, and a constant of the student's own."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 2)
        self.prior = nn.Parameter(torch.ones(2), requires_grad=False)


def test_all_parameters_that_are_drawn_are_smaller_and_come_back() -> None:
    module = _WithPrior()
    weight = module.layer.weight.detach().clone()
    before = [parameter.detach().clone() for parameter in module.parameters()]
    with weights.all_smaller(module, 0.5):
        assert torch.equal(module.layer.weight, 0.5 * weight)
        assert torch.equal(module.prior, torch.ones(2))
    assert all(torch.equal(parameter, kept) for parameter, kept in zip(module.parameters(), before, strict=True))
