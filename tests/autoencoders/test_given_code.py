"""The parts of the notebook that students are given: they must do what the text around them says."""

import re

import numpy as np
import pytest
import torch
from torch import nn

SIZES = (5, 5, 2)


class Grey(nn.Module):
    """Answers every image with one grey that training cannot change; its encoder says each batch's KL is ``kl``."""

    def __init__(self, kl):
        super().__init__()
        self.unused = nn.Parameter(torch.zeros(1))
        self.encoder = nn.Module()
        self.kl = kl

    def forward(self, x):
        self.encoder.kl = self.kl(self.unused)
        return torch.full_like(x, 0.5) + 0 * self.unused


@pytest.fixture
def batches():
    torch.manual_seed(0)
    return [(torch.rand(size, 1, 28, 28), torch.arange(size) % 10) for size in SIZES]


@pytest.fixture
def error(batches):
    return sum(((x - 0.5) ** 2).sum().item() for x, _ in batches) / sum(SIZES)


def printed(capsys):
    return [
        [float(number) for number in re.findall(r"\d+\.\d+", line)] for line in capsys.readouterr().out.splitlines()
    ]


def test_train_prints_the_mean_loss_of_a_batch(given, batches, error, capsys):
    given.train(Grey(lambda p: p), batches, 2)
    assert printed(capsys) == [[pytest.approx(error * sum(SIZES) / len(SIZES), abs=0.006)]] * 2


@pytest.mark.parametrize(
    "kl",
    [
        pytest.param(lambda p: (6 + 0 * p).sum(), id="scalar"),
        pytest.param(lambda p: 6 + 0 * p, id="shape-1"),
        pytest.param(lambda _: 6.0, id="a-plain-number"),
    ],
)
def test_train_vae_prints_both_means_whatever_the_kl_is(given, batches, error, kl, capsys):
    given.train_vae(Grey(kl), batches, 2)
    loss = error * sum(SIZES) / len(SIZES) + 6
    assert printed(capsys) == [[pytest.approx(loss, abs=0.006), 6.0]] * 2


def test_plots_take_no_batch_too_many(given, batches):
    autoencoder = given.Autoencoder(2)
    seen = []
    autoencoder.encoder.register_forward_hook(lambda _module, inputs, _output: seen.append(len(inputs[0])))
    given.plot_latent(autoencoder, batches, 2)
    assert seen == [5, 5]
    given.latent_range(autoencoder, batches, 2)
    assert seen == [5, 5, 5, 5]


def test_plots_take_what_there_is(given, batches):
    given.plot_latent(given.Autoencoder(2), batches)
    given.plot_reconstructed(given.Autoencoder(2), n=2)


@pytest.mark.parametrize("latent_dims", [1, 2, 3, 20])
def test_plots_take_any_number_of_latent_dimensions(given, batches, latent_dims):
    vae = given.VariationalAutoencoder(latent_dims)
    decoded = []
    vae.decoder.register_forward_hook(lambda _module, inputs, _output: decoded.append(inputs[0].shape))
    given.plot_latent(vae, batches)
    r0, r1 = given.latent_range(vae, batches)
    given.plot_reconstructed(vae, r0, r1, n=2, data=batches)
    assert decoded == [(1, latent_dims)] * 4


def test_latent_range_leaves_out_the_ends(given):
    autoencoder = given.Autoencoder(2)
    autoencoder.encoder = nn.Flatten()
    points = torch.stack([torch.linspace(0, 100, 101), torch.linspace(-1, 0, 101)], dim=1)
    assert np.allclose(given.latent_range(autoencoder, [(points, torch.zeros(101))]), [(2, 98), (-0.98, -0.02)])


def test_training_leaves_the_models_trainable_after_plots(given, batches, capsys):
    vae = given.VariationalAutoencoder(2)
    given.plot_latent(vae, batches)
    given.train_vae(vae, batches, 1)
    given.interpolate(vae, batches[0][0][:1], batches[1][0][:1], 3)
    given.train_vae(vae, batches, 1)
    assert len(printed(capsys)) == 2
