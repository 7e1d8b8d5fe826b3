"""Generators that were made before noise is steered, and functions imported by name."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.instruments.kept_generators import generators_steerable
from autograder.instruments.noise import SteeredNoise


@pytest.mark.parametrize(
    ("made", "draw"),
    [
        (lambda: np.random.default_rng(0), lambda kept: kept.standard_normal(3)),
        (lambda: np.random.default_rng(0), lambda kept: kept.normal(0.0, 1.0, 3)),
        (lambda: np.random.RandomState(0), lambda kept: kept.randn(3)),
        (lambda: random.Random(0), lambda kept: [kept.gauss(0.0, 1.0) for _ in range(3)]),
        (lambda: np.random.randn, lambda kept: kept(3)),
        (lambda: np.random.normal, lambda kept: kept(size=3)),
        (lambda: random.gauss, lambda kept: [kept(0.0, 1.0) for _ in range(3)]),
        (lambda: np.random.default_rng, lambda kept: kept(0).standard_normal(3)),
        (lambda: np.random.RandomState, lambda kept: kept(0).randn(3)),
        (lambda: np.random, lambda kept: kept.Generator(kept.PCG64(0)).standard_normal(3)),
        (lambda: np.random, lambda kept: kept.multivariate_normal(np.zeros(3), np.eye(3))),
        (lambda: np.random, lambda kept: kept.multivariate_normal(np.zeros(3), np.ones((3, 3)))),
    ],
)
def test_what_a_name_holds_is_steered(made: Callable[[], Any], draw: Callable[[Any], Any]) -> None:
    names = {"kept": made()}
    with generators_steerable(names), SteeredNoise(0.7):
        drawn = draw(names["kept"])
    assert list(drawn) == pytest.approx([0.7] * 3)


def test_a_generator_made_inside_is_steered_later() -> None:
    with generators_steerable({}):
        kept = np.random.default_rng(0)
        with SteeredNoise(0.7):
            assert kept.standard_normal() == 0.7


def test_unsteered_a_generator_goes_on_with_its_own_numbers() -> None:
    names = {"kept": np.random.default_rng(0)}
    expected = np.random.default_rng(0).standard_normal(4)
    with generators_steerable(names):
        first = names["kept"].standard_normal(2)
    assert [*first, *names["kept"].standard_normal(2)] == expected.tolist()


def test_the_names_hold_their_own_again_and_keep_what_was_put_there() -> None:
    own, other = np.random.default_rng(0), np.random.default_rng(1)
    names = {"kept": own, "changed": own}
    makers = np.random.Generator, np.random.RandomState, random.Random, np.random.default_rng
    with generators_steerable(names):
        assert isinstance(names["kept"], makers[0])
        names["changed"] = other
    assert names == {"kept": own, "changed": other}
    assert makers == (np.random.Generator, np.random.RandomState, random.Random, np.random.default_rng)
