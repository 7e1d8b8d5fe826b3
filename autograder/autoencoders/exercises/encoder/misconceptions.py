"""Points, hints and misconceptions of the encoder exercise."""

from autograder.autoencoders.common_mistakes import common_mistakes
from autograder.autoencoders.networks import misconceptions as networks
from autograder.course.exercise import Check, Exercise, Misconception

_HINTS = networks.Hints(layers=2, activation=3, forward=3)

ENCODER = Exercise(
    key="encoder",
    title="Encoder",
    short="Enc",
    number=1,
    cell="encoder",
    name="Encoder",
    section="Exercise 1: The encoder",
    checks=(
        Check(
            "shape", "A batch of images becomes a batch of latent vectors, shape (B, L)", 0.5,
            lines=r"flatten|reshape|view|return\b",
        ),
        Check(
            "hidden", "One hidden layer of 512 units with ReLU", 1.0,
            lines=r"[Rr]e[Ll][Uu]|linear|Linear|Sequential",
        ),
        Check("output", "The latent vector is the second layer's output as it is", 0.5, lines=r"return\b"),
    ),
    hints=(
        "Two steps: make each image one row of 784 numbers, then send the rows through two linear layers.",
        "The constructor makes both layers: 784 → 512 and 512 → `latent_dims`. Flatten from dimension 1 on, so that "
        "the batch dimension stays.",
        "In `forward`: flatten, first layer, ReLU, second layer, return. Nothing comes after the second layer: a "
        "latent vector may hold any real numbers.",
    ),
    misconceptions=(
        *networks.of_layers("784 → 512 → L", shape="shape", hidden="hidden", last="output", hints=_HINTS),
        networks.not_flattened("shape"),
        networks.pixels_changed("hidden", 0.5, _HINTS.forward),
        networks.too_many_ways("hidden", 0.5, hides=("output",), hint=_HINTS.layers),
        Misconception("batch-flattened", "shape", (
            "One image works, a batch of {batch} does not: the whole batch became one long row. Flatten each image and "
            "leave the batch dimension alone."
        ), (
            "The flattening includes the batch dimension, so B images become one row of B·784 numbers. For B = 1 that "
            "is right by accident; for any other batch the first layer refuses it."
        ), hint=2, title="Batch flattened into one row"),
        Misconception("activated-output", "output", (
            "The latent vector passes through {activation} at the end. It may hold any real numbers: leave the second "
            "layer's output as it is."
        ), (
            "A function is applied to the latent itself. It restricts where images may lie; with two latents a ReLU "
            "leaves one quadrant of the plane, a sigmoid the unit square, a softmax a line. The model still trains, "
            "but the plot of the latents is cramped."
        ), hint=3, in_class=(
            "Plot the latents of such an encoder: all lie in one quadrant. Ask which points of the plane no digit "
            "can then have."
        ), title="Activation on the latent"),
        Misconception("rounded-output", "output", (
            "All latents are whole numbers, as after rounding. They may hold any real numbers; and a step has no "
            "slope, so nothing could be learned through it."
        ), (
            "The latent is rounded. Its gradient is 0 wherever it has one, so the encoder's weights stay what they are."
        ), hint=3, title="Latents rounded"),
        Misconception("hidden-returned", "shape", (
            "`forward` hands back the hidden layer, {got} numbers for each image; the second layer should make "
            "{expected} of them. Is its result used and returned?"
        ), (
            "The second layer exists, but what is returned is the output of the first: the call of the second is "
            "missing, or its result was put into a variable that is not returned."
        ), hint=3, hides=("output",), title="Hidden layer returned"),
        *common_mistakes("shape"),
    ),
)  # fmt: skip
