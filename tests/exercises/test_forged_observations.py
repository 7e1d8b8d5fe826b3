"""Observations come from an untrusted process: a forged one costs its sender, never the grader."""

import numpy as np

from autograder.exercises.catalogue import exercise
from autograder.exercises.decoder.probe import Observation
from autograder.exercises.grading import grade
from autograder.exercises.judgement import Status
from autograder.exercises.networks.observation import NetworkRun
from autograder.exercises.observation import Outcome


def test_latent_size_that_nobody_asked_for_is_refused_before_anything_is_drawn_for_it() -> None:
    images = Outcome(np.zeros((64, 784), dtype=np.float32))
    run = NetworkRun(10**12, outcomes=(images, images, images), repeated=images, evaluated=images)
    result = grade(exercise("decoder"), 1, lambda _seed: Observation((run,))).result
    assert result.points == 0.0
    assert result.status is Status.ERROR
    assert "decoder/no-observation" in {verdict.misconception for verdict in result.verdicts}
