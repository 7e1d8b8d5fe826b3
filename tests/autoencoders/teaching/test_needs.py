"""One clear line where a cell is run before what it builds on."""

import sys

import matplotlib.pyplot as plt
import pytest
import torch
from answers import namespace
from torch import nn

from autograder.autoencoders.course import AUTOENCODERS
from autograder.autoencoders.teaching import needs
from autograder.errors import NotReady


class Flat(nn.Module):
    def __init__(self, latent_dims):
        super().__init__()
        self.layer = nn.Linear(784, latent_dims)

    def forward(self, x):
        return self.layer(x.reshape(len(x), -1))


class WithoutKl(Flat):
    def forward(self, x):
        self.kl = ...
        return super().forward(x)


def train_with_gap(model, data, _epochs):
    for x, _ in data:
        model(x)
        loss = ...
        loss.backward()


def train_wrongly(_model, _data, _epochs):
    raise ValueError("a mistake of another kind")


def interpolate_with_gap(autoencoder, _x_1, _x_2, _n=12):
    plt.figure()
    return autoencoder.decoder(...)


def ask(space, *names):
    space |= {"needs": needs, "device": space.get("device", "cpu")}
    exec(compile(f"needs(*{names!r})", "<cell>", "exec"), space)


def said(space, *names):
    with pytest.raises(NotReady) as raised:
        ask(space, *names)
    return str(raised.value)


@pytest.mark.parametrize(
    ("name", "value", "exercise"),
    [
        ("train", train_with_gap, "Exercise 4"),
        ("VariationalEncoder", WithoutKl, "Exercise 5"),
        ("train_vae", train_with_gap, "Exercise 6"),
        ("interpolate", interpolate_with_gap, "Exercise 7"),
    ],
    ids=["train", "variational_encoder", "train_vae", "interpolate"],
)
def test_exercise_with_gaps_is_named(name, value, exercise):
    message = said({name: value}, name)
    assert message.startswith(exercise)
    assert "is not written yet" in message
    assert "\n" not in message
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("name", "exercise"), [("Encoder", "Exercise 1"), ("Decoder", "Exercise 2")], ids=["encoder", "decoder"]
)
def test_an_exercise_as_it_was_handed_out_is_named(name, exercise):
    message = said(namespace(AUTOENCODERS.release.stub(name.lower())), name)
    assert message.startswith(exercise)
    assert "is not written yet" in message


@pytest.mark.parametrize(
    "network",
    [
        "class Encoder(nn.Module):\n    def __init__(self, latent_dims):\n        super().__init__()\n",
        "class Encoder(nn.Module):\n    def __init__(self, latent_dims):\n        super().__init__()\n"
        "    def forward(self, x):\n        return torch.flatten(x, 1) ^ 2\n",
    ],
    ids=["no-forward", "wrong-power-operator"],
)
def test_what_torch_has_not_implemented_is_no_gap(network):
    ask(namespace(network), "Encoder")


def test_other_mistakes_are_left_to_the_cell():
    ask({"Encoder": Flat, "train": train_wrongly}, "Encoder", "train")


def test_after_a_restart_the_way_back_is_told():
    assert "Run All Above Selected Cell" in said({}, "vae")
    assert "Exercise 1" in said({}, "Encoder")


@pytest.mark.parametrize("value", [[1, 2], 3, "digits", torch.zeros(3)])
def test_overwritten_data_is_named(value):
    message = said({"data": value}, "data")
    assert "`data` is not what the notebook made it" in message
    assert type(value).__name__ in message


@pytest.mark.parametrize("name", ["Encoder", "train", "plot_latent", "vae", "x_1"])
def test_overwritten_names_are_named(name):
    assert "of type int" in said({name: 3}, name)


@pytest.mark.parametrize(("name", "value"), [("Encoder", Flat(2)), ("train", Flat(2))])
def test_a_network_is_no_class_and_no_function(name, value):
    assert "any more: it is now of type Flat" in said({name: value}, name)


@pytest.mark.parametrize("device", ["gpu", 3.5, "cuda:99"], ids=["gpu", "a-number", "cuda-99"])
def test_a_device_that_torch_cannot_use_is_named(device):
    message = said({"device": device}, "Encoder")
    assert "`device` is not what the notebook made it" in message
    assert "under “Imports” again" in message


def test_before_the_imports_nothing_goes():
    with pytest.raises(NotReady, match=r"`device` is not there\. It comes from the cell under “Imports”"):
        exec("needs('vae')", {"needs": needs})


def test_random_numbers_stay_as_they_are():
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    ask({"Encoder": Flat, "data": [(torch.rand(2, 1, 28, 28), None)]}, "Encoder", "data")
    torch.manual_seed(0)
    ask({"Encoder": Flat}, "Encoder")
    assert torch.equal(torch.rand(1), expected)


def test_jupyter_shows_the_message_alone():
    try:
        exec("needs('vae')", {"needs": needs})
    except NotReady:
        error = sys.exc_info()[1]
    assert error._render_traceback_() == [f"Stopped: {error}"]


def test_nothing_is_trained_or_drawn_for_validate(monkeypatch):
    space = {"Encoder": Flat}
    ask(space, "Encoder")
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    assert "only runs the checks" in said(space, "Encoder")
