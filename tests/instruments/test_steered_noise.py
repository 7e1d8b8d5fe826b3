"""Noise that is steered, however student code draws it."""

import random
from collections.abc import Callable
from math import erf, sqrt
from typing import Any

import numpy as np
import pytest
import torch

from autograder.instruments.noise import LowestNoise, SteeredNoise

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


@pytest.mark.parametrize(
    ("draw", "expected"),
    [
        (lambda: np.random.randn(3), [0.7] * 3),
        (lambda: np.random.standard_normal(3), [0.7] * 3),
        (lambda: np.random.normal(2.0, 0.5, 3), [2.35] * 3),
        (lambda: np.random.normal(np.array([2.0, 4.0]), np.array([0.5, 1.0])), [2.35, 4.7]),
        (lambda: np.random.normal(size=3, scale=0.5, loc=2.0), [2.35] * 3),
        (lambda: np.random.rand(3), [PHI] * 3),
        (lambda: np.random.uniform(-2.0, 4.0, 3), [-2.0 + 6.0 * PHI] * 3),
        (lambda: np.random.default_rng(1).normal(2.0, 0.5, 3), [2.35] * 3),
        (lambda: np.random.default_rng(1).random(3), [PHI] * 3),
        (lambda: [np.random.randn()], [0.7]),
        (lambda: [random.gauss(2.0, sigma=0.5)], [2.35]),
        (lambda: [random.uniform(-2.0, 4.0), random.random()], [-2.0 + 6.0 * PHI, PHI]),
    ],
)
def test_draws_beside_torch_are_steered(draw: Callable[[], Any], expected: list[float]) -> None:
    with SteeredNoise(0.7):
        drawn = draw()
    assert list(drawn) == pytest.approx(expected)


def test_draws_of_any_kind_take_turns() -> None:
    with SteeredNoise(1.0, alternating=True):
        drawn = [float(torch.randn(1)), np.random.randn(), random.gauss(0.0, 1.0), float(torch.randn(1))]
    assert drawn == pytest.approx([1.0, -0.5, 1.0, -0.5])


def test_afterwards_draws_are_left_to_chance_again() -> None:
    with pytest.raises(KeyError), SteeredNoise(0.7):
        raise KeyError
    assert np.ptp(np.random.randn(5)) > 0.0
    assert len({random.random() for _ in range(5)}) == 5
    assert np.ptp(np.random.default_rng().normal(size=5)) > 0.0


def test_the_lowest_noise_is_the_lower_end_of_uniform_draws_and_the_middle_of_normal_ones() -> None:
    with LowestNoise():
        assert torch.rand(2).tolist() == [0.0, 0.0]
        assert torch.empty(2).uniform_(-1.0, 3.0).tolist() == [-1.0, -1.0]
        assert list(np.random.rand(2)) == [0.0, 0.0]
        assert torch.randn(2).tolist() == [0.0, 0.0]
