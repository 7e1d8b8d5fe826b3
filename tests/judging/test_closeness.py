"""When two arrays count as the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging.closeness import ATOL, RTOL, close

NUMBERS = st.floats(-1e6, 1e6)


@given(st.lists(NUMBERS, min_size=1, max_size=5))
def test_what_was_expected_is_close(numbers: list[float]) -> None:
    assert close(np.float32(numbers), numbers)


@given(NUMBERS, st.floats(2.0, 1e3), st.sampled_from([-1, 1]))
def test_what_is_farther_than_both_tolerances_is_not(expected: float, times: float, sign: int) -> None:
    assert not close([expected + sign * times * (ATOL + RTOL * abs(expected))], [expected])


@pytest.mark.parametrize("expected", [np.inf, -np.inf, np.nan])
@given(NUMBERS)
def test_no_number_is_close_to_what_is_none(expected: float, seen: float) -> None:
    """A form that overflows explains nothing."""
    assert not close([seen], [expected])
    assert not close([expected], [seen])


def test_infinity_is_close_to_itself_and_nothing_broadcasts() -> None:
    assert close([np.inf], [np.inf])
    assert not close([np.inf], [-np.inf])
    assert not close([np.nan], [np.nan])
    assert not close([[1.0, 1.0]], [1.0, 1.0])
