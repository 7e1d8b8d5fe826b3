"""What ``check`` does with its arguments, and where it is called."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from autograder.errors import UsageError
from autograder.notebook import check

Make = Callable[[str], Any]
Source = Callable[[str, str], str]


@pytest.mark.parametrize("mode", [torch.inference_mode, torch.no_grad])
def test_gradients_are_looked_at_in_whatever_mode_it_is_called(
    notebook: Make, answer: Source, mode: Callable[[], Any]
) -> None:
    notebook(answer("train", "as in the notebook"))
    with mode():
        assert check("train") == 2.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("encoder", "decoder"), "one exercise at a time"),
        (("encoder", "abc"), "seed='abc' is no seed"),
        (("encoder", 1.5), "seed=1.5 is no seed"),
        ((), "a text in quotes"),
        (("",), "a text in quotes"),
        (("encoder", 2**70), "is no seed"),
        ((["encoder"],), "a text in quotes"),
    ],
)
def test_an_argument_that_is_none_is_named(notebook: Make, answer: Source, arguments: Any, said: str) -> None:
    made = notebook(answer("encoder", "as in the notebook"))
    with pytest.raises(UsageError, match=said):
        check(*arguments)
    assert made.cards == []


def test_arguments_that_can_be_understood_are(notebook: Make, answer: Source) -> None:
    notebook(answer("encoder", "as in the notebook"))
    seed: Any = "12"
    assert check("Encoder", seed=seed) == 2.0


def test_a_layer_that_a_cell_has_overwritten_is_named(
    notebook: Make, answer: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook(answer("train", "as in the notebook"))
    monkeypatch.setattr(torch.nn, "Linear", torch.nn.Linear(2, 3))
    with pytest.raises(UsageError, match=r"`nn\.Linear` is not PyTorch's layer any more"):
        check("train")
