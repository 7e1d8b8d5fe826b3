"""Observations come from an untrusted process: a forged one costs its sender, never the grader."""

import numpy as np

from autograder.autoencoders.course import AUTOENCODERS
from autograder.autoencoders.exercises.decoder.judge import Observation
from autograder.autoencoders.networks.probe import NetworkRun
from autograder.course.observation import CallResult
from autograder.judging.grading import grade
from autograder.judging.verdicts import Status


def test_latent_size_that_nobody_asked_for_is_refused_before_anything_is_drawn_for_it() -> None:
    images = CallResult(np.zeros((64, 784), dtype=np.float32))
    run = NetworkRun(10**12, outputs=(images, images, images), repeated=images, evaluated=images)
    result = grade(AUTOENCODERS, AUTOENCODERS.exercise("decoder"), 1, lambda _seed: Observation((run,))).result
    assert result.points == 0.0
    assert result.status is Status.REVIEW
    assert "decoder/no-observation" in {check.misconception for check in result.checks}
