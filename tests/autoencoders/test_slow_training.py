"""A training function that is slow and stops is told of what stopped it, not of the time that trying again takes."""

from time import monotonic

import pytest
from answers import namespace

from autograder.autoencoders.exercises.train.observe import observe
from autograder.autoencoders.rewriting import effort
from autograder.autoencoders.training import observe as training
from autograder.instruments.calling import Workspace

SLOW = """
import time

def train(autoencoder, data, epochs=20):
    <<before>>
    opt = torch.optim.Adam(autoencoder.parameters())
    for epoch in range(epochs):
        for x, y in data:
            time.sleep(<<each>>)
            opt.zero_grad()
            x_hat = autoencoder(x)
            loss = <<loss>>
            loss.backward()
            opt.step()
    return autoencoder
"""
MISSPELT, NUMBER = "((x - xhat)**2).sum()", "((x - x_hat)**2).sum().item()"


def slow(before: str, each: float, loss: str) -> Workspace:
    source = SLOW.replace("<<before>>", before).replace("<<each>>", str(each)).replace("<<loss>>", loss)
    return Workspace(namespace(source))


@pytest.mark.parametrize(("loss", "error"), [(MISSPELT, "NameError"), (NUMBER, "AttributeError")])
@pytest.mark.parametrize(("before", "each"), [("time.sleep(0.6)", 0.0), ("pass", 0.3)])
def test_what_stopped_is_told(monkeypatch: pytest.MonkeyPatch, before: str, each: float, loss: str, error: str) -> None:
    monkeypatch.setattr(training, "_LONGEST", 1.0)
    monkeypatch.setattr(effort, "_BUSIEST", 1.0)  # sleeping is what is slow here
    began = monotonic()
    run = observe(slow(before, each, loss), 11)
    assert run.failure is not None
    assert (run.failure.kind, run.failure.error, run.rewritten, run.mended) == ("raised", error, (), None)
    assert monotonic() - began < 2.5


def test_a_quick_one_is_tried_again() -> None:
    run = observe(slow("pass", 0.0, MISSPELT), 11)
    assert (run.failure, run.step_count) == (None, 6)
