"""Points, hints and named mistakes of the interpolation exercise."""

from autograder.exercises import common
from autograder.exercises.definition import EVERY_CHECK, Check, Exercise, Kind, Misconception

INTERPOLATE = Exercise(
    key="interpolate",
    title="Interpolation",
    number=7,
    cell="interpolate",
    name="interpolate",
    taught="Exercise 7: Interpolation",
    checks=(
        Check("ends", "The first latent is that of x_1, the last that of x_2", 0.5),
        Check("line", "The latents lie evenly on the straight line between the two", 1.0),
        Check("count", "There are n of them, and all are decoded", 0.5),
    ),
    hints=(
        "A point on the line from z₁ to z₂ is z₁ plus a part t of the way to z₂.",
        "Take n values of t from 0 to 1, both ends included, evenly spaced; `linspace` gives just these.",
        "Make one latent for each t, then stack them to one tensor that the decoder takes. The given lines below "
        "decode and plot it.",
    ),
    misconceptions=(
        *common.misconceptions("line"),
        Misconception("other-model", "line", (
            "Your function did not use the model it was given. Which model encodes and decodes in your lines?"
        ), hint=3, hides=EVERY_CHECK),
        Misconception("nothing-decoded", "line", (
            "No latent was passed to the decoder of the model that was given."
        ), hint=3, hides=EVERY_CHECK),
        Misconception("not-stacked", "line", (
            "The decoder was given a {kind} of latents. Stack them to one tensor first."
        ), hint=3, hides=EVERY_CHECK),
        Misconception("linspace-of-latents", "line", (
            "`torch.linspace` goes from one number to another, and not from latent to latent. What in the formula runs "
            "from one number to another? {line}"
        ), hint=2, hides=EVERY_CHECK),
        Misconception("tensor-of-tensors", "line", (
            "`torch.tensor` makes a tensor of plain numbers, but was given tensors. Tensors are stacked. {line}"
        ), hint=3, hides=EVERY_CHECK),
        Misconception("parts-meet-numbers", "line", (
            "The n values of t meet the L numbers of a latent one by one, and do not fit. Each t has to meet the whole "
            "latent. {line}"
        ), hint=3, hides=EVERY_CHECK),
        Misconception("pixels-blended", "line", (
            "The images are blended pixel by pixel and then encoded. Encode both images first, and walk between their "
            "latents."
        )),
        Misconception("same-image", "line", (
            "Both latents are those of one image: every decoded latent is the same."
        ), hides=("ends",)),
        Misconception("standing-still", "line", (
            "All {count} latents are the same. They should move from z_1 to z_2."
        ), hides=("ends",)),
        Misconception("sphere", "line", (
            "The latents follow an arc (a spherical interpolation). The exercise asks for the straight line."
        ), cost=0.5),
        Misconception("noise-added", "line", (
            "The latents scatter around the line from z_1 to z_2, by up to {off:.2g}. Is noise added?"
        ), cost=0.5, hint=2),
        Misconception("off-line", "line", (
            "The latents do not lie on the straight line from z_1 to z_2; they are off by up to {off:.2g}."
        )),
        Misconception("uneven", "line", (
            "The latents lie on the line, but not evenly: the parts of the way are {parts}. Equal steps from 0 to 1 "
            "are needed."
        ), cost=0.5, hint=2),
        Misconception("random-steps", "line", (
            "The parts of the way are random, such as {parts}. Equal steps from 0 to 1 are needed."
        ), cost=0.5, hint=2),
        Misconception("last-missing", "ends", (
            "The walk stops before z_2: the last part of the way is {last:.3g} and not 1. Both ends belong to it."
        ), hint=2),
        Misconception("first-missing", "ends", (
            "The walk starts after z_1: the first part of the way is {first:.3g} and not 0. Both ends belong to it."
        ), hint=2),
        Misconception("open-ends", "ends", (
            "The walk leaves out both ends: it runs from {first:.3g} to {last:.3g} of the way, not from 0 to 1."
        ), hint=2),
        Misconception("reversed", "ends", "The walk runs from z_2 to z_1; it should start at z_1."),
        Misconception("too-far", "ends", (
            "The walk runs from {first:.3g} to {last:.3g} of the way; it should run from 0 to 1."
        ), hint=2),
        Misconception("wrong-ends", "ends", (
            "The first decoded latent is off that of x_1 by up to {first:.3f}, the last off that of x_2 by up to "
            "{last:.3f}. Both should be 0."
        )),
        Misconception("only-ends", "count", (
            "Only the two ends are decoded, nothing between them."
        ), hint=2, hides=("line",)),
        Misconception("count-fixed", "count", (
            "There are always {got} latents, whatever `n` is. The number should be the argument `n`."
        ), hint=2),
        Misconception("stopped-after-decoding", "count", (
            "The latents are decoded, but then your function stopped, so nothing would be drawn: {error}."
        ), kind=Kind.NOTE),
        Misconception("wrong-count", "count", (
            "With n={asked} there are {got} latents; there should be {asked}."
        ), hint=2),
    ),
)  # fmt: skip
