"""Weights that were drawn earlier are as wide as those that they stand for."""

import pytest
import torch

from autograder.instruments.prepared_draws import PreparedDraws


@pytest.mark.parametrize(("low", "high"), [(-0.5, 0.5), (0.0, 1.0), (2.0, 4.0)])
def test_prepared_draws_fill_their_range(low: float, high: float) -> None:
    with PreparedDraws():
        first, second = (torch.empty(1 << 15).uniform_(low, high) for _ in range(2))
    assert not torch.equal(first, second)
    for drawn in (first, second):
        assert low <= drawn.min() < low + 0.01 * (high - low)
        assert high >= drawn.max() > high - 0.01 * (high - low)
