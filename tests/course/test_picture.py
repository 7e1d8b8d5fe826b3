"""What a page draws of an observation: nothing but a few finite numbers, whoever asks for it."""

import math
from typing import Any

import pytest

from autograder.course.picture import LARGEST, MOST_NUMBERS, MOST_SERIES, Picture, draw


def test_numbers_are_kept_to_four_digits() -> None:
    assert draw("walk", along=[1 / 3, -2e-7], across=[12345.678]).series == {
        "along": (0.3333, -2e-7),
        "across": (12350.0,),
    }


@pytest.mark.parametrize(
    ("kind", "series"),
    [
        ("walk", {"along": (math.nan,)}),
        ("walk", {"along": (math.inf,)}),
        ("walk", {"along": (10.0 * LARGEST,)}),
        ("walk", {"along": (0.0,) * (MOST_NUMBERS + 1)}),
        ("walk", dict.fromkeys("abcdefghijk"[: MOST_SERIES + 1], (0.0,))),
        ("walk", {"along": ("<script>",)}),
        ("walk", {"along": (None,)}),
        ("walk", {"<b>": (0.0,)}),
        ("Walk</svg>", {"along": (0.0,)}),
        ("walk", {"along": ([0.0],)}),
    ],
)
def test_what_is_no_small_set_of_finite_numbers_is_no_picture(kind: str, series: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="picture"):
        Picture(kind, series)
