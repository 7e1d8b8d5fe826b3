"""What is drawn of wrong answers: the numbers show the mistake, and a right answer has no picture."""

import html

import numpy as np
import pytest
from answers import answers
from fuzz.observations import observed

from autograder.autoencoders.course import AUTOENCODERS
from autograder.course.picture import Picture
from autograder.judging.grading import judge_observation
from autograder.judging.pictures import with_picture
from autograder.reports.chart import svg

SEED = 11


def drawn(key: str, name: str) -> Picture | None:
    source = next(one.source for one in answers() if (one.exercise, one.name) == (key, name))
    seen = observed(AUTOENCODERS, key, source, SEED)
    look = judge_observation(AUTOENCODERS, AUTOENCODERS.exercise(key), SEED, seen)
    return with_picture(AUTOENCODERS, key, SEED, seen, look).result.picture


def numbers(key: str, name: str, kind: str) -> list[np.ndarray]:
    """The numbers drawn, once it is known that a page can show them and says something to read aloud."""
    picture = drawn(key, name)
    assert picture is not None
    assert picture.kind == kind
    chart = AUTOENCODERS.chart(key, picture)
    assert chart is not None
    assert len(chart.alt) > 40
    assert f'aria-label="{chart.alt}"' in html.unescape(svg(chart))
    return [np.array(series) for series in picture.series.values()]


def test_a_walk_that_stops_early_is_on_the_line_and_ends_before_its_end() -> None:
    along, across = numbers("interpolate", "i over n", "walk")
    assert along == pytest.approx(np.arange(7) / 7, abs=1e-3)
    assert not across.any()


def test_an_arc_is_beside_the_line_between_its_ends() -> None:
    along, across = numbers("interpolate", "slerp", "walk")
    assert [along[0], along[-1], across[0], across[-1]] == pytest.approx([0, 1, 0, 0], abs=1e-3)
    assert abs(across[3]) > 0.1


def test_a_kl_without_its_logarithm_is_smallest_where_sigma_is() -> None:
    places, yours, asked = numbers("kl", "no log", "along-sigma")
    assert places[yours.argmin()] == places.min()
    assert places[asked.argmin()] == pytest.approx(1.0, abs=0.05)


def test_a_kl_without_mu_is_drawn_along_mu() -> None:
    _, yours, asked = numbers("kl", "no mu term", "along-mu")
    assert np.ptp(yours) == 0.0
    assert np.ptp(asked) > 2.0


def test_a_sigma_without_its_exponential_is_the_logarithm_of_what_it_should_be() -> None:
    asked, seen = numbers("variational_encoder", "no exp", "sigma")
    assert seen == pytest.approx(np.log(asked), abs=2e-3)


def test_noise_that_all_images_share_puts_every_sample_of_one_image_into_one_place() -> None:
    x, y, mu, sigma = numbers("variational_encoder", "one number for the batch", "samples")
    assert (len(x), np.ptp(x), np.ptp(y)) == (120, 0.0, 0.0)
    assert (len(mu), sigma.min() > 0.0) == (2, True)


def test_an_absolute_error_pulls_alike_at_every_distance() -> None:
    difference, pull = numbers("train", "L1", "pull")
    assert np.abs(pull) == pytest.approx(np.ones_like(pull))
    assert np.all(np.sign(pull) == np.sign(difference))


@pytest.mark.parametrize("key", ["kl", "interpolate", "variational_encoder"])
def test_a_right_answer_has_no_picture(key: str) -> None:
    right = next(one for one in answers() if one.exercise == key and one.right)
    assert drawn(key, right.name) is None


def test_a_mistake_that_words_tell_has_no_picture() -> None:
    assert drawn("kl", "detached") is None
