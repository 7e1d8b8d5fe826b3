"""When two arrays count as the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograder.judging.closeness import ATOL, RTOL, atol_among, close

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


@given(
    arrays(
        np.float64,
        st.integers(0, 4),
        elements=st.sampled_from([0.0, 1.0, 1.00009, 1.0002, -1.0, 2e-4, 1e308, -1e308, np.inf, -np.inf, np.nan]),
    ),
    st.data(),
)
def test_it_is_numpy_s_own_notion(expected: np.ndarray, data: st.DataObject) -> None:
    """Told sooner: most hypotheses are refuted by the first number."""
    seen = data.draw(
        arrays(np.float64, expected.shape, elements=st.sampled_from([0.0, 1.0, 1e-4, 3e-4, np.inf, np.nan, 1e308]))
    )
    seen = np.where(data.draw(arrays(bool, expected.shape)), seen, expected)
    with np.errstate(over="ignore"):
        assert close(seen, expected) == np.allclose(seen, expected, rtol=RTOL, atol=ATOL)


@given(st.integers(0, 2**32 - 1), st.floats(1.0, 1e5))
def test_what_float32_rounds_off_a_small_sum_of_large_numbers_is_borne(seed: int, size: float) -> None:
    draws = np.random.default_rng(seed)
    weights, inputs = draws.normal(size=(7, 512)), size * draws.random((512, 24))
    seen, expected = np.float32(weights) @ np.float32(inputs), weights @ inputs
    assert close(seen, expected, atol=atol_among(seen))


def test_the_tolerance_of_small_numbers_is_the_usual_one_whatever_else_is_there() -> None:
    assert atol_among([]) == atol_among([0.5, -99.0, np.nan, np.inf]) == ATOL
    assert atol_among([0.5, -1000.0]) > ATOL
