"""Latent spaces, new digits and walks side by side."""

import base64

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from torch import nn

from autograder.autoencoders.teaching import (
    LatentPlane,
    compare_latent_spaces,
    compare_new_digits,
    compare_reconstructions,
    compare_walks,
)
from autograder.autoencoders.teaching.digit_names import COLORS, apart
from autograder.autoencoders.teaching.pictures import picture


class Model(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(784, latent_dims))
        self.decoder = nn.Sequential(nn.Linear(latent_dims, 784), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))


def model(latent_dims=2):
    return Model(latent_dims)


@pytest.fixture
def data():
    return [(torch.rand(20, 1, 28, 28), torch.arange(20) % 10) for _ in range(3)]


@pytest.fixture
def figures(monkeypatch):
    mpl.use("Agg")
    kept = []
    monkeypatch.setattr(plt, "show", lambda: kept.append(plt.gcf()))
    yield kept
    plt.close("all")


def test_latent_spaces_have_a_panel_each_with_images_in_it(data, figures):
    compare_latent_spaces({"one": model(), "two": model()}, data, 2)
    panels = figures[0].axes
    assert [panel.get_title() for panel in panels] == ["one", "two"]
    assert all(len(panel.collections[0].get_offsets()) == 40 for panel in panels)
    assert all(len(panel.artists) > 5 for panel in panels)


def test_new_digits_are_decoded_from_the_same_latent_vectors(figures):
    same = model()
    compare_new_digits({"one": same, "two": same}, 2, 5)
    first, second = (panel.images[0].get_array() for panel in figures[0].axes)
    assert first.shape == (28, 5 * 28)
    assert np.array_equal(first, second)


@pytest.mark.parametrize("latent_dims", [3, 20])
def test_more_dimensions_are_drawn_in_the_plane_of_the_principal_components(data, figures, latent_dims):
    network = model(latent_dims)
    compare_latent_spaces({"one": network}, data, 2)
    compare_walks({"one": network}, data[0][0][:1], data[0][0][1:2], data)
    compare_new_digits({"one": network}, latent_dims, 5)
    for figure in figures[:2]:
        assert f"first principal component of {latent_dims} dimensions" in figure.axes[0].get_xlabel()


def test_a_plane_keeps_what_lies_in_it():
    rng = np.random.default_rng(0)
    directions = np.linalg.qr(rng.normal(size=(20, 2)))[0].T
    z = 3 + rng.normal(size=(50, 2)) * (5, 1) @ directions
    plane = LatentPlane(z)
    assert np.allclose(plane.lift(plane.project(z)), z, atol=1e-4)
    assert np.ptp(plane.project(z), axis=0)[0] > np.ptp(plane.project(z), axis=0)[1]


def test_reconstructions_stand_below_one_image_of_each_digit(data, figures):
    network = model()
    compare_reconstructions({"one": network}, data)
    above, below = (panel.images[0].get_array() for panel in figures[0].axes)
    assert np.allclose(above, np.hstack(data[0][0][:10, 0].numpy()))
    assert np.allclose(below[:, :28], network(data[0][0][:1]).detach().reshape(28, 28))


def test_names_of_digits_do_not_hide_each_other():
    places = np.array([[0.5, 0.5], [0.5, 0.5], [0.51, 0.5], [0.1, 0.9]])
    moved = apart(places)
    distances = np.linalg.norm(moved[:, None] - moved[None], axis=2) + np.eye(4)
    assert distances.min() > 0.06
    assert np.allclose(moved[3], places[3], atol=1e-4)


def test_walks_join_the_two_latent_vectors(data, figures):
    network = model()
    x_1, x_2 = data[0][0][:1], data[0][0][1:2]
    compare_walks({"one": network}, x_1, x_2, data)
    line = figures[0].axes[0].lines[-1].get_xydata()
    assert np.allclose(line, network.encoder(torch.cat([x_1, x_2])).detach().numpy())


def test_every_digit_has_a_colour_of_its_own():
    assert len(set(COLORS)) == 10


def test_pictures_carry_their_description_for_every_front_end():
    content, metadata = picture(plt.figure(figsize=(2, 1)), 'Two "rows"', dpi=50)
    plt.close("all")
    assert 'alt="Two &quot;rows&quot;" width="100" height="50"' in content["text/html"]
    assert 'src="data:image/webp;base64,' in content["text/html"]
    assert base64.b64decode(content["image/png"]).startswith(b"\x89PNG")
    assert content["text/plain"] == metadata["image/png"]["alt"] == 'Two "rows"'
