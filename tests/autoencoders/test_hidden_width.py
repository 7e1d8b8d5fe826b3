"""Of several hidden layers it is the first whose width is asked for."""

import pytest
from answers import namespace

from autograder.autoencoders.course import AUTOENCODERS
from autograder.instruments.calling import Workspace
from autograder.instruments.seeding import observe_seeded

SEED = 11
ENCODER = """
class Encoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.first, self.second = nn.Linear(784, {first}), nn.Linear({first}, {second})
        self.last = nn.Linear({second}, latent_dims)

    def forward(self, x):
        return self.last(F.relu(self.second(F.relu(self.first(x.flatten(1))))))
"""


# Both cost the same in the same check, so that a result shows one of them: the judge's own findings tell.
@pytest.mark.parametrize(
    ("first", "second", "named"),
    [(512, 300, {"extra-layer"}), (300, 512, {"extra-layer", "wrong-width"})],
    ids=["right-first", "right-last"],
)
def test_an_encoders_first_hidden_layer_has_the_width(first: int, second: int, named: set[str]) -> None:
    workspace = Workspace(namespace(ENCODER.format(first=first, second=second)))
    seen = observe_seeded(AUTOENCODERS, "encoder", workspace, SEED)
    findings = AUTOENCODERS.judge("encoder")(SEED, seen).findings
    assert {one.misconception.key for one in findings if one.misconception is not None} == named
