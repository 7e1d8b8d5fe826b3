"""Points, hints and named mistakes of the encoder exercise."""

from autograder.exercises import common
from autograder.exercises.definition import Check, Exercise, Misconception
from autograder.exercises.networks import texts as networks

_HINTS = networks.Hints(layers=2, activation=3, forward=3)

ENCODER = Exercise(
    key="encoder",
    title="Encoder",
    number=1,
    cell="encoder",
    name="Encoder",
    taught="Exercise 1: The encoder",
    checks=(
        Check("shape", "A batch of images becomes a batch of latents, shape (B, L)", 0.5),
        Check("hidden", "One hidden layer of 512 units with ReLU", 1.0),
        Check("output", "The latent is the second layer's output as it is", 0.5),
    ),
    hints=(
        "Two steps: make each image one row of 784 numbers, then send the rows through two linear layers.",
        "The constructor makes both layers: 784 → 512 and 512 → `latent_dims`. Flatten from dimension 1 on, so that "
        "the batch dimension stays.",
        "In `forward`: flatten, first layer, ReLU, second layer, return. Nothing comes after the second layer: a "
        "latent may be any real number.",
    ),
    misconceptions=(
        *common.misconceptions("shape"),
        *networks.of_layers("784 → 512 → L", shape="shape", hidden="hidden", last="output", hints=_HINTS),
        networks.not_flattened("shape"),
        Misconception("batch-flattened", "shape", (
            "One image works, a batch of {batch} does not: the whole batch became one long row. Flatten each image and "
            "leave the batch dimension alone."
        ), hint=2),
        Misconception("activated-output", "output", (
            "The latent passes through {activation} at the end. A latent may be any real number: leave the second "
            "layer's output as it is."
        ), hint=3),
    ),
)  # fmt: skip
