"""A tensor whose numbers cannot be looked at is told by what it is, not by what happens to whoever looks."""

import pytest
from answers import judge_source

ENCODER = """
class Encoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.linear1 = nn.Linear(784, 512)
        self.linear2 = nn.Linear(512, latent_dims)

    def forward(self, x):
        z = self.linear2(torch.relu(self.linear1(x.flatten(1))))
        return {returned}
"""


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        ("torch.complex(z, z)", "a complex tensor"),
        ("z.to_sparse()", "a sparse coo tensor"),
        ("z.to('meta')", "a meta tensor"),
        ("z.to_mkldnn()", "a mkldnn tensor"),
        ("torch.nested.nested_tensor([row for row in z])", "a nested tensor"),
        ("z.new_zeros(6000, 784)", "a tensor of 4,704,000 numbers"),
    ],
)
def test_tensor_that_cannot_be_looked_at_is_told_by_what_it_is(returned: str, told: str) -> None:
    result = judge_source("encoder", ENCODER.format(returned=returned), seed=11)
    first = result.checks[0]
    assert (result.points, first.misconception) == (0.0, "encoder/not-a-tensor")
    needed = "a plain one of real numbers, of the size asked for, is needed here."
    assert first.message == f"Your code returned {told}; {needed}"
