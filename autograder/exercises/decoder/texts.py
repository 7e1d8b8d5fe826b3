"""Points, hints and named mistakes of the decoder exercise."""

from autograder.exercises import common
from autograder.exercises.definition import EVERY_CHECK, Check, Exercise, Misconception
from autograder.exercises.networks import texts as networks

_HINTS = networks.Hints(layers=1, activation=2, forward=3)

DECODER = Exercise(
    key="decoder",
    title="Decoder",
    number=2,
    cell="decoder",
    name="Decoder",
    taught="Exercise 2: The decoder",
    checks=(
        Check("shape", "A batch of latents becomes a batch of images, shape (B, 1, 28, 28)", 0.5),
        Check("hidden", "One hidden layer of 512 units with ReLU", 0.75),
        Check("sigmoid", "The pixels come from a sigmoid, so they lie between 0 and 1", 0.75),
    ),
    hints=(
        "The decoder is the encoder's mirror: from `latent_dims` numbers up to 512, then up to 784.",
        "After the first layer comes the same activation as in the encoder. After the second, each of the 784 numbers "
        "has to be squeezed into the range of a pixel.",
        "In `forward`: first layer, ReLU, second layer, sigmoid. The last line, which makes 28×28 images of the rows, "
        "is given; keep it, and pass it what you computed.",
    ),
    misconceptions=(
        *common.misconceptions("shape"),
        *networks.of_layers("L → 512 → 784", shape="shape", hidden="hidden", last="sigmoid", hints=_HINTS),
        Misconception("pixels-not-in-z", "shape", (
            "The last line makes images of `z`, which needs 784 numbers an image; for one image it holds {got}. Does "
            "your result have another name?"
        ), hint=3, hides=EVERY_CHECK),
        Misconception("not-reshaped", "shape", (
            "The output has shape {got}: each image is still a row of 784 numbers. Images of shape {expected} are "
            "needed."
        ), hint=3),
        Misconception("no-channel", "shape", (
            "The output has shape {got}: the channel dimension is missing. Images of shape {expected} are needed."
        ), hint=3),
        Misconception("transposed", "shape", (
            "Rows and columns of the image are swapped. The data's own order is needed: 28 pixels of the first row "
            "come first, then the second row."
        ), hint=3),
        Misconception("no-sigmoid", "sigmoid", (
            "The output is not squashed: it runs from {low:.1f} to {high:.1f}, but a pixel lies between 0 and 1."
        ), hint=2),
        Misconception("another-output", "sigmoid", (
            "The output passes through {activation} and runs from {low:.1f} to {high:.1f}. The sigmoid asked for maps "
            "any number into (0, 1)."
        ), hint=2),
        Misconception("another-squashing", "sigmoid", (
            "The output is kept within [0, 1] by {activation}; the exercise asks for a sigmoid."
        ), cost=0.5, hint=2),
        Misconception("softmax-output", "sigmoid", (
            "The 784 pixels of an image sum to 1, so they average 0.0013: that is a softmax. Pixels are not "
            "alternatives; each has its own value between 0 and 1."
        ), hint=2),
        Misconception("relu-before-sigmoid", "sigmoid", (
            "No pixel is ever darker than 0.5: a ReLU comes just before the sigmoid. The sigmoid needs negative "
            "numbers for dark pixels."
        ), hint=3),
        Misconception("sigmoid-twice", "sigmoid", (
            "All pixels lie between 0.5 and 0.73: the sigmoid is applied twice."
        ), hint=3),
        Misconception("input-detached", "sigmoid", (
            "No gradient goes through your decoder back to its input, so the encoder before it could never learn. "
            "Which step cuts the graph at the start (`detach`, `no_grad`, `.data`, `.numpy()`)?"
        ), hint=3),
        Misconception("scaled-output", "sigmoid", (
            "The pixels run up to {high:.0f}. The data's pixels lie between 0 and 1, so nothing should be multiplied "
            "in."
        ), hint=2),
    ),
)  # fmt: skip
