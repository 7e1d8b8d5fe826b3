"""Latent spaces, new digits and walks side by side."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from torch import nn

from autograder.autoencoders.teaching import compare_latent_spaces, compare_new_digits, compare_walks
from autograder.autoencoders.teaching.pictures import picture
from autograder.autoencoders.teaching.plots import COLORS


def model():
    made = nn.Module()
    made.encoder = nn.Sequential(nn.Flatten(), nn.Linear(784, 2))
    made.decoder = nn.Sequential(nn.Linear(2, 784), nn.Sigmoid())
    return made


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


def test_walks_join_the_two_latent_vectors(data, figures):
    network = model()
    x_1, x_2 = data[0][0][:1], data[0][0][1:2]
    compare_walks({"one": network}, x_1, x_2, data)
    line = figures[0].axes[0].lines[0].get_xydata()
    assert np.allclose(line, network.encoder(torch.cat([x_1, x_2])).detach().numpy())


def test_every_digit_has_a_colour_of_its_own():
    assert len(set(COLORS)) == 10


def test_pictures_carry_their_description_for_every_front_end():
    content, metadata = picture(plt.figure(figsize=(2, 1)), 'Two "rows"', dpi=50)
    plt.close("all")
    assert 'alt="Two &quot;rows&quot;" width="100" height="50"' in content["text/html"]
    assert content["image/png"] in content["text/html"]
    assert content["text/plain"] == metadata["image/png"]["alt"] == 'Two "rows"'
