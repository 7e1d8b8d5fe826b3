"""Answers on seeds whose draws a judge once misread: about one seed in a hundred finds what the others do not."""

import pytest
from answers import judge_source
from ids import readable_answers
from proof.answers.demands import unmet

from autograder.judging.verdicts import Status

# One image has a σ so small that rounding hides it in z, and its logarithm counts in the KL.
HIDDEN_SIGMA = [
    ("kl", "a ReLU for sigma, and a little in the logarithm", 100028),
    ("kl", "a square for sigma", 100028),
    ("kl", "absolute value, noise of an old generator made before", 100028),
]
# Under the probe's weights this network tells images hardly apart.
HARDLY_APART = [("variational_encoder", "weight normalisation of all layers", 111)]
# One σ, or one μ, exceeds its bound by hardly more than rounding.
AT_A_BOUND = [("kl", "heads held within 1", 615388), ("kl", "heads held within 1", 800518)]
# One hidden unit turns on so near to the probe that moving the parameters by a millionth passes it.
TURNS_ON = [("variational_encoder", "hidden layer in two halves", 1024)]
# The mean of all σ is as good as 1, which is what a family of functions comes near to.
NEARLY_ONE = [("variational_encoder", "one sigma, the mean of all", 845549)]
# Noise on a few large gradients is as if it followed them.
LIKE_BY_CHANCE = [
    ("train", "gradients with noise of their own size", 300168),
    ("train", "gradients with noise of their own size", 320182),
    ("train_vae", "gradients with noise of their own size", 2245174),
    ("train", "gradients with noise", 2485342),
]
# One painted pixel is white to the last digit, where a cross-entropy has no slope.
ALL_WHITE = [("train", "means of a squared error and of a cross-entropy", 885577)]

# With two latents one σ, or none, is below the bound.
ALL_AT_A_BOUND = [
    ("variational_encoder", "mean and sigma at most 1", 2005006),
    ("variational_encoder", "mean and sigma at most 1", 2255181),
]

# A uniform draw is 0, and its logarithm infinite.
ZERO_DRAWN = [("variational_encoder", "Box and Muller", 2265188)]
# Half of both heads' gradient is as large as one head's whole.
AS_LARGE = [("variational_encoder", "half of the hidden layer cut off", 2475335)]


@pytest.mark.parametrize(
    ("exercise", "name", "seed"),
    [
        *(*HIDDEN_SIGMA, *HARDLY_APART, *AT_A_BOUND, *TURNS_ON, *NEARLY_ONE, *LIKE_BY_CHANCE),
        *(*ALL_WHITE, *ALL_AT_A_BOUND, *ZERO_DRAWN, *AS_LARGE),
    ],
)
def test_a_rare_draw_changes_nothing(exercise: str, name: str, seed: int) -> None:
    (answer,) = (one for one in readable_answers() if (one.exercise, one.name) == (exercise, name))
    result = judge_source(exercise, answer.source, seed)
    named = {check.misconception for check in result.checks}
    assert unmet(answer, result) == []
    assert (result.status is Status.PASSED) == answer.right
    assert {f"{exercise}/{key}" for key in answer.expect} <= named
