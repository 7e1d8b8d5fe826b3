"""Noise that is steered, however student code draws it."""

from collections.abc import Callable
from math import erf, sqrt

import pytest
import torch

from autograder.instruments.noise import SteeredNoise

PHI = 0.5 * (1.0 + erf(0.7 / sqrt(2.0)))


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (lambda: torch.randn(3), 0.7),
        (lambda: torch.randn_like(torch.ones(3)), 0.7),
        (lambda: torch.empty(3).normal_(2.0, 0.5), 2.35),
        (lambda: torch.normal(torch.full((3,), 2.0), 0.5), 2.35),
        (lambda: torch.normal(2.0, 0.5, (3,)), 2.35),
        (lambda: torch.distributions.Normal(2.0, 0.5).sample((3,)), 2.35),
        (lambda: torch.rand(3), PHI),
        (lambda: torch.rand_like(torch.ones(3)), PHI),
        (lambda: torch.empty(3).uniform_(), PHI),
        (lambda: torch.empty(3).uniform_(-2.0, 4.0), -2.0 + 6.0 * PHI),
        (lambda: torch.distributions.Uniform(-2.0, 4.0).sample((3,)), -2.0 + 6.0 * PHI),
    ],
)
def test_every_draw_is_steered(draw: Callable[[], torch.Tensor], expected: float) -> None:
    with SteeredNoise(0.7):
        drawn = draw()
    assert drawn.tolist() == pytest.approx([expected] * 3)
