"""Networks that take seconds to follow: told what they are, or left to a person, by how fast the machine is."""

from answers import judge_source

from autograder.judging.verdicts import Status

CONVOLUTIONS = """
class Decoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.fc = nn.Linear(latent_dims, 64 * 7 * 7)
        self.conv2 = nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1)
        self.conv1 = nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1)

    def forward(self, z):
        x = F.relu(self.fc(z)).view(-1, 64, 7, 7)
        x = F.relu(self.conv2(x))
        return torch.sigmoid(self.conv1(x))
"""


def test_a_convolutional_decoder_as_in_many_tutorials_is_never_too_slow() -> None:
    result = judge_source("decoder", CONVOLUTIONS, 11)
    (named,) = (check.misconception for check in result.checks if check.misconception)
    assert named in ("decoder/another-network", "decoder/unknown-network")
    assert result.status in (Status.PARTIAL, Status.REVIEW)
    assert result.points >= 1.0
