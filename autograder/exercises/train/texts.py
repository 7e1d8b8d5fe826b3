"""Points, hints and named mistakes of the training exercise."""

from autograder.exercises import common
from autograder.exercises.definition import Check, Exercise, Misconception
from autograder.exercises.training import texts as training

_ERROR = training.OfError("error", hint=2, hides=("reduction",), silence_hides=("reduction",))

TRAIN = Exercise(
    key="train",
    title="Training loss",
    number=4,
    cell="train",
    name="train",
    taught="Exercise 4: The training loss",
    checks=(
        Check("error", "The loss is the squared error between image and reconstruction", 1.25),
        Check("reduction", "It is summed over pixels and over the batch", 0.25),
        Check("loop", "The loop takes one fresh step for each batch of each epoch", 0.5, training.TAUGHT),
    ),
    hints=(
        "Two lines are missing: the reconstruction that the model makes of `x`, and one number that says how far it is "
        "from `x`.",
        "Call the model that the function is given. Then subtract, square, and add up all pixels of all images.",
        "The loss is a tensor with a single number in it, the sum of the squared differences of `x` and `x_hat`. Not a "
        "mean: the sum is what later balances against the KL term.",
    ),
    misconceptions=(
        *common.misconceptions("error"),
        *training.of_training("autoencoder", error=_ERROR, reduction="reduction", loop="loop", loop_cost=0.5),
        Misconception("averaged", "reduction", (
            "Your loss is 1/{factor} of the expected one ({size}): you averaged. The task asks for a sum over pixels "
            "and images."
        ), hint=3),
        Misconception("averaged-images", "reduction", (
            "Your loss is 1/{factor} of the expected one for a batch of {factor}: you averaged over the images. The "
            "task asks for a sum."
        ), hint=3),
        Misconception("averaged-pixels", "reduction", (
            "Your loss is 1/{factor} of the expected one: you averaged over the pixels. The task asks for a sum."
        ), hint=3),
        Misconception("halved", "reduction", (
            "Your loss is half of the expected one: is there a factor ½, or is it a smooth L1 loss? The task asks for "
            "the plain sum of squares."
        ), hint=3),
        Misconception("scaled", "reduction", (
            "Your loss is {factor:.3g} times the expected one. The task asks for the plain sum of squares."
        ), hint=3),
    ),
)  # fmt: skip
