"""A size of the probe's own that an error names is explained; one that the student has written is not."""

import pytest
from answers import judge_source

TRAIN = """
def train(autoencoder, data, epochs=20):
    opt = torch.optim.Adam(autoencoder.parameters())
    for x, y in data:
        x_hat = {x_hat}
        loss = ((x - x_hat) ** 2).sum()
        loss.backward()
        opt.step()
    return autoencoder
"""
NOISE = """
class VariationalEncoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.linear1, self.linear2 = nn.Linear(784, 512), nn.Linear(512, latent_dims)

    def forward(self, x):
        mu = self.linear2(F.relu(self.linear1(x.flatten(1))))
        return mu + torch.randn(128, 1)
"""
IN_TRAIN = "Here a batch has 4 images, and `latent_dims` is 3."


@pytest.mark.parametrize(
    ("key", "source", "said"),
    [
        ("train", TRAIN.format(x_hat="autoencoder.decoder(x)"), IN_TRAIN),
        ("train", TRAIN.format(x_hat="autoencoder.encoder(x)"), IN_TRAIN),
        ("train", TRAIN.format(x_hat="autoencoder(x).flatten(1)[:, :700]"), ""),
        ("variational_encoder", NOISE, "Here a batch has 5 images, and `latent_dims` is 2."),
    ],
    ids=["images-decoded", "latents-compared", "own-sizes", "a-batch-of-128"],
)
def test_size_that_only_the_probe_has_is_explained(key: str, source: str, said: str) -> None:
    blamed = next(check for check in judge_source(key, source, seed=11).checks if check.misconception)
    assert blamed.misconception == f"{key}/shape-mismatch"
    assert (said in blamed.message) if said else ("Here a batch" not in blamed.message)
