"""A loss that cannot be sent backwards costs its own points; what else there is, is looked at without the slip."""

from dataclasses import replace

import pytest
import torch
from answers import judge_source, namespace
from torch import Tensor

from autograder.autoencoders.course import AUTOENCODERS
from autograder.autoencoders.exercises.train.observe import observe
from autograder.autoencoders.training.slips import slip_to_mend
from autograder.course.observation import Failure
from autograder.instruments.calling import Workspace
from autograder.judging.grading import grade
from autograder.judging.verdicts import Status

LOOP = """
def train(autoencoder, data, epochs=20):
    opt = torch.optim.Adam(autoencoder.parameters())
    for epoch in range(epochs):
        losses = []
        for x, y in data:
            x = x.to(device)
            opt.zero_grad()
            x_hat = autoencoder(x)
            loss = ((x - x_hat)**2).sum()
            loss.backward()
            opt.step()
            losses.append(loss.item())
        print(f"Epoch {epoch+1}/{epochs}, loss of a batch: {np.mean(losses):.2f}")
    return autoencoder
"""
NUMBER = LOOP.replace(".sum()", ".sum().item()")
DETACHED = LOOP.replace("autoencoder(x)", "autoencoder(x).detach()")
MANY = LOOP.replace(".sum()", "")
SLIPS = pytest.mark.parametrize(
    ("source", "slip"), [(NUMBER, "plain-number"), (DETACHED, "detached"), (MANY, "not-summed")]
)


def workspace(source: str) -> Workspace:
    return Workspace(namespace(source))


@SLIPS
def test_the_loop_is_seen_all_the_same(source: str, slip: str) -> None:
    run = observe(workspace(source), 11)
    assert (slip_to_mend(run.mended), run.step_count, run.returned) == (slip, 6, "model")


@SLIPS
def test_a_second_mistake_costs_what_it_costs_alone(source: str, slip: str) -> None:
    both = source.replace("            opt.zero_grad()\n", "")
    lost = [one.misconception for one in judge_source("train", both, 11).checks if not one.passed]
    assert lost == [f"train/{slip}", "train/no-zero-grad"]


@SLIPS
def test_torch_and_the_notebook_are_as_before(source: str, slip: str) -> None:
    before = Tensor.item, Tensor.detach, Tensor.data, Tensor.backward, torch.no_grad
    tried = workspace(source)
    names = set(tried.names)
    assert slip_to_mend(observe(tried, 11).mended) == slip
    assert (Tensor.item, Tensor.detach, Tensor.data, Tensor.backward, torch.no_grad) == before
    assert set(tried.names) - {"__builtins__"} == names - {"__builtins__"}


def test_a_number_goes_on_as_a_number() -> None:
    printed = "print(f'{loss:.2f}', round(loss / len(x), 2), loss.item(), -loss + 2 * loss)"
    source = NUMBER.replace("opt.step()", f"opt.step(); {printed}")
    assert observe(workspace(source), 11).failure is None


def test_a_number_without_any_tensor_is_what_stopped_it() -> None:
    run = observe(workspace(LOOP.replace("((x - x_hat)**2).sum()", "1.0")), 11)
    assert (run.mended, run.step_count) == (None, 0)
    assert run.failure is not None
    assert "'float' object has no attribute 'backward'" in run.failure.message


@pytest.mark.parametrize("change", [{"mended": Failure("raised")}, {"steps": (), "step_count": 0}])
def test_a_slip_that_nobody_could_have_seen_is_no_observation(change: dict[str, object]) -> None:
    forged = replace(observe(workspace(NUMBER), 11), **change)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="slip"):
        forged.check_complete()


def test_a_model_that_is_returned_compiled_is_the_model() -> None:
    source = LOOP.replace("return autoencoder", "return Compiled(autoencoder)") + (
        "class Compiled(nn.Module):\n"
        "    def __init__(self, model):\n"
        "        super().__init__()\n"
        "        self._orig_mod = model\n"
    )
    exercise = AUTOENCODERS.exercise("train")
    tried = workspace(source)
    result = grade(AUTOENCODERS, exercise, 11, lambda seed: observe(tried, seed)).result
    assert result.status is Status.PASSED


VAE_LOOP = (
    LOOP.replace("train(autoencoder", "train_vae(vae")
    .replace("autoencoder", "vae")
    .replace(".sum()", ".sum() + vae.kl")
)


@pytest.mark.parametrize("place", ["vae.kl", "vae.decoder.kl", "x_hat.kl", "self.kl", "self.encoder.kl", "encoder.kl"])
def test_a_kl_term_looked_for_elsewhere_costs_its_own_points(place: str) -> None:
    result = judge_source("train_vae", VAE_LOOP.replace("vae.kl", place), 11)
    assert [one.misconception for one in result.checks if not one.passed] == ["train_vae/kl-not-there"]
    assert result.points == 1.25
    assert not hasattr(Tensor, "kl")


def test_what_the_plain_autoencoder_does_not_have_is_not_mended() -> None:
    result = judge_source("train", LOOP.replace(".sum()", ".sum() + autoencoder.kl"), 11)
    assert {one.misconception for one in result.checks if one.misconception} == {"train/misspelt-name"}
