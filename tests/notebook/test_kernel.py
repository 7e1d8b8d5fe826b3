"""The same in a real kernel, as Jupyter runs it."""

from typing import Any

import pytest
from answers import answers
from kernels import run_cells

IMPORTS = """
from autograder import check, hint, progress
from autograder.datasets import MNIST
import torch, torch.nn as nn, torch.nn.functional as F, torchvision
import numpy as np, matplotlib.pyplot as plt
device = 'cpu'
"""
ENCODER = next(one.source for one in answers() if str(one) == "encoder: no hidden activation")


@pytest.fixture(scope="module")
def outputs() -> list[Any]:
    unfinished = (
        "class Decoder(nn.Module):\n    def __init__(self, size):\n        super().__init__()\n"
        "        self.layer = nn.Linear(size, 512)\n        raise NotImplementedError()\n"
    )
    return run_cells(IMPORTS, ENCODER, 'check("encoder")', unfinished, 'check("decoder")', 'hint("kl")', "progress()")


def test_imports_print_nothing(outputs: list[Any]) -> None:
    assert outputs[0] == []


def test_card_then_points(outputs: list[Any]) -> None:
    card, points = outputs[2]
    assert card.output_type == "display_data"
    assert "purely linear function" in card.data["text/html"]
    assert "purely linear function" in card.data["text/plain"]
    assert points.output_type == "execute_result"
    assert points.data["text/plain"] == "1.0"


def test_raise_left_in_below_finished_code_is_named(outputs: list[Any]) -> None:
    card, points = outputs[4]
    assert "Delete that line" in card.data["text/html"]
    assert points.data["text/plain"] == "0.0"


def test_hint_and_progress_show_cards_only(outputs: list[Any]) -> None:
    for (card,) in outputs[5:]:
        assert card.output_type == "display_data"
        assert "text/html" in card.data
