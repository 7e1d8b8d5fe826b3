"""A ``train_vae`` that asks the model for more than the notebook's has is tried with the student's own classes."""

import pytest
from answers import judge_source

from autograder.judging.verdicts import Status

KEPT = """
class VariationalEncoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.linear1 = nn.Linear(784, 512)
        self.linear2 = nn.Linear(512, latent_dims)
        self.linear3 = nn.Linear(512, latent_dims)

    def forward(self, x):
        h = F.relu(self.linear1(x.flatten(1)))
        self.mu, self.log_var = self.linear2(h), self.linear3(h)
        z = self.mu + torch.exp(0.5 * self.log_var) * torch.randn_like(self.mu)
        return z

class VariationalAutoencoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.encoder = VariationalEncoder(latent_dims)
        self.decoder = nn.Sequential(nn.Linear(latent_dims, 784), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28)))

    def forward(self, x):
        return self.decoder(self.encoder(x))

def train_vae(vae, data, epochs=20):
    opt = torch.optim.Adam(vae.parameters())
    for epoch in range(epochs):
        for x, y in data:
            x = x.to(device)
            opt.zero_grad()
            x_hat = vae(x)
            mu, log_var = vae.encoder.mu, vae.encoder.log_var
            loss = ((x - x_hat)**2).sum() - 0.5 * (1 + log_var - mu**2 - log_var.exp()).sum()
            loss.backward()
            opt.step()
    return vae
"""

RETURNED = """
class VariationalEncoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.linear1 = nn.Linear(784, 512)
        self.linear2 = nn.Linear(512, latent_dims)
        self.linear3 = nn.Linear(512, latent_dims)

    def forward(self, x):
        h = F.relu(self.linear1(x.flatten(1)))
        mu, log_var = self.linear2(h), self.linear3(h)
        z = mu + torch.exp(0.5 * log_var) * torch.randn_like(mu)
        return z, mu, log_var

class VariationalAutoencoder(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.encoder = VariationalEncoder(latent_dims)
        self.decoder = nn.Sequential(nn.Linear(latent_dims, 784), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28)))

    def forward(self, x):
        return self.decoder(self.encoder(x))

def train_vae(vae, data, epochs=20):
    opt = torch.optim.Adam(vae.parameters())
    for epoch in range(epochs):
        for x, y in data:
            x = x.to(device)
            opt.zero_grad()
            z, mu, log_var = vae.encoder(x)
            x_hat = vae.decoder(z)
            loss = ((x - x_hat)**2).sum() - 0.5 * (1 + log_var - mu**2 - log_var.exp()).sum()
            loss.backward()
            opt.step()
    return vae
"""

GIVEN_BY_THE_MODEL = RETURNED.replace(
    "return self.decoder(self.encoder(x))",
    "z, mu, log_var = self.encoder(x)\n        return self.decoder(z), mu, log_var",
)
UNPACKED = GIVEN_BY_THE_MODEL.replace(
    "z, mu, log_var = vae.encoder(x)\n            x_hat = vae.decoder(z)", "x_hat, mu, log_var = vae(x)"
)
INDEXED = UNPACKED.replace(
    "x_hat, mu, log_var = vae(x)", "out = vae(x)\n            x_hat, mu, log_var = out[0], out[1], out[2]"
)


@pytest.mark.parametrize("source", [KEPT, RETURNED, UNPACKED, INDEXED], ids=["kept", "returned", "unpacked", "indexed"])
def test_a_loss_of_what_the_own_encoder_gives_is_for_a_person_to_read(source: str) -> None:
    result = judge_source("train_vae", source, seed=11)
    assert (result.points, result.status) == (2.0, Status.REVIEW)


@pytest.mark.parametrize("source", [KEPT, UNPACKED], ids=["kept", "unpacked"])
def test_without_such_an_encoder_the_kl_is_lost(source: str) -> None:
    only = source[source.index("def train_vae") :]
    result = judge_source("train_vae", only, seed=11)
    lost = [check.key for check in result.checks if not check.passed]
    assert (result.status, lost) == (Status.PARTIAL, ["kl", "balance"])


def test_a_kl_left_out_is_no_other_interface() -> None:
    alone = KEPT.replace(" - 0.5 * (1 + log_var - mu**2 - log_var.exp()).sum()", "").replace(
        "mu, log_var = vae.encoder.mu, vae.encoder.log_var\n", "\n"
    )
    result = judge_source("train_vae", alone, seed=11)
    assert "train_vae/kl-left-out" in [check.misconception for check in result.checks]


def test_a_kl_left_out_is_none_where_the_own_model_gives_several_either() -> None:
    whole = "x_hat = vae(x)\n            x_hat = x_hat[0] if isinstance(x_hat, tuple) else x_hat"
    alone = UNPACKED.replace("x_hat, mu, log_var = vae(x)", whole).replace(
        " - 0.5 * (1 + log_var - mu**2 - log_var.exp()).sum()", ""
    )
    result = judge_source("train_vae", alone, seed=11)
    assert (result.status, result.checks[0].misconception) == (Status.PARTIAL, "train_vae/kl-left-out")
