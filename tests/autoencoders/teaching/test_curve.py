"""The curve that grows while a network trains."""

import math

import pytest
import torch
from torch import nn

from autograder.autoencoders.teaching import LossCurve
from autograder.autoencoders.teaching import curve as module
from autograder.errors import TrainingStopped

BATCHES = [(torch.full((size, 1, 28, 28), 0.5), torch.zeros(size)) for size in (4, 4, 2)]


class Black(nn.Module):
    def __init__(self, kl=None):
        super().__init__()
        self.encoder, self.decoder = nn.Flatten(), nn.Unflatten(1, (1, 28, 28))
        if kl is not None:
            self.encoder.kl = torch.tensor(kl)

    def forward(self, x):
        return self.decoder(0 * self.encoder(x))


def test_hands_on_the_same_batches():
    with LossCurve(Black(), BATCHES) as batches:
        assert list(batches) == BATCHES
        assert len(batches) == 3


def test_measures_the_squared_error_of_each_batch():
    model = Black(kl=8.0)
    with LossCurve(model, BATCHES) as batches:
        for x, _ in batches:
            model(x)
            model(x)  # a second call for the same batch, as in a loss that predicts again
    assert batches.errors == pytest.approx([196, 196, 196])
    assert batches.divergences == pytest.approx([2, 2, 4])
    assert "from 196 to 196" in batches.description()
    assert len(batches.figure().axes) == 2


@pytest.mark.parametrize("kl", [float("nan"), float("inf"), -8.0])
def test_a_loss_gone_wrong_is_drawn_and_told(kl):
    model = Black(kl=kl)
    with LossCurve(model, BATCHES) as batches:
        for x, _ in batches:
            model(x)
    low, high = batches.figure().axes[1].get_ylim()
    assert low < high
    assert bool(low < 0) is (kl < 0)
    assert ("not a number" in batches.description()) is math.isnan(kl)


def test_leaves_no_hook_even_after_an_error():
    model = Black()
    with pytest.raises(ValueError, match="mistake"), LossCurve(model, BATCHES):
        raise ValueError("a mistake")
    assert not model.decoder._forward_hooks


def interrupt(model):
    with LossCurve(model, BATCHES) as batches:
        for x, _ in batches:
            model(x)
            raise KeyboardInterrupt


def test_an_interrupted_training_ends_in_one_line():
    with pytest.raises(TrainingStopped, match="interrupted the training after 1 of the batches") as raised:
        interrupt(Black())
    assert len(raised.value._render_traceback_()) == 1


def test_both_are_told_epoch_by_epoch():
    model = Black(kl=8.0)
    with LossCurve(model, BATCHES) as batches:
        for _ in range(2):
            for x, _ in batches:
                model(x)
    assert batches.by_epoch() == [
        "Squared error per image, epoch by epoch: 196.00, 196.00",
        "KL divergence per image, epoch by epoch: 2.40, 2.40",
    ]


def test_training_is_the_same_with_it():
    def trained(curve):
        torch.manual_seed(0)
        model = nn.Module()
        model.encoder, model.decoder = nn.Linear(4, 2), nn.Linear(2, 4)
        opt = torch.optim.SGD(model.parameters(), 0.1)
        data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.rand(8, 4), torch.zeros(8)), 4, True)
        with LossCurve(model, data) as batches:
            for x, _ in batches if curve else data:
                model.decoder(model.encoder(x)).square().sum().backward()
                opt.step()
        return model.decoder.weight

    assert torch.equal(trained(True), trained(False))


class Front:
    """A front end and its clock: a batch and a drawing take as long as a test says."""

    def __init__(self, batch, drawing):
        self.batch, self.drawing = batch, drawing
        self.now, self.shown, self.replaced = 100.0, [], []

    def monotonic(self):
        return self.now

    def display(self, content, **_):
        self.now += self.drawing
        self.shown.append(content)
        return self

    def update(self, content, **_):
        self.now += self.drawing
        self.replaced.append(content)

    def train(self, monkeypatch, batches):
        monkeypatch.setattr(module, "get_ipython", object)
        monkeypatch.setattr(module, "display", self.display)
        monkeypatch.setattr(module, "time", self)
        model = Black()
        with LossCurve(model, batches) as seen:
            for x, _ in seen:
                self.now += self.batch
                model(x)
        return seen


def test_one_picture_is_replaced_in_its_place(monkeypatch):
    front = Front(batch=5, drawing=0.1)
    curve = front.train(monkeypatch, BATCHES)
    assert len(front.shown) == 1
    assert len(front.replaced) == 3
    assert front.replaced[-1]["text/plain"] == curve.description()


@pytest.mark.parametrize("drawing", [0.1, 0.5, 2.0])
def test_most_of_the_time_is_left_to_the_training(monkeypatch, drawing):
    front = Front(batch=0.1, drawing=drawing)
    front.train(monkeypatch, BATCHES * 20)
    drawn = (len(front.shown) + len(front.replaced) - 2) * drawing  # but for the first one and the last
    assert drawn <= 0.25 * 60 * 0.1 + drawing


def test_shows_nothing_outside_jupyter(capsys):
    model = Black()
    with LossCurve(model, BATCHES) as batches:
        for x, _ in batches:
            model(x)
    assert capsys.readouterr() == ("", "")
