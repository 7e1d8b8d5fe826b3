"""Points, hints and misconceptions of the training exercise."""

from autograder.autoencoders.common_mistakes import common_mistakes
from autograder.autoencoders.training import misconceptions as training
from autograder.autoencoders.training.loss_misconceptions import OfError
from autograder.course.exercise import Check, Exercise, Misconception

_ERROR = OfError("error", hint=2, most=1.25, silent="error", hides=("reduction",), silence_hides=("reduction",))

TRAIN = Exercise(
    key="train",
    title="Training loss",
    short="Train",
    number=4,
    cell="train",
    name="train",
    section="Exercise 4: The training loss",
    checks=(
        Check(
            "error", "The loss is the squared error between image and reconstruction", 1.25,
            lines=r"\bloss\b *=|mse|MSE|x_hat *=",
        ),
        Check(
            "reduction", "It is summed over pixels and over the batch", 0.25,
            lines=r"\bloss\b *=|\.sum\(|\.mean\(|reduction",
        ),
        Check(
            "loop", "The loop takes one fresh step for each batch of each epoch", 0.5, training.SECTION,
            lines=r"backward|step\(|zero_grad|\bfor\b|opt",
        ),
    ),
    hints=(
        "Two lines are missing: the reconstruction that the model makes of `x`, and one number that says how far it is "
        "from `x`.",
        "Call the model that the function is given. Then subtract, square, and add up all pixels of all images.",
        "The loss is a tensor with a single number in it, the sum of the squared differences of `x` and `x_hat`. Not a "
        "mean: the sum is what later balances against the KL term.",
    ),
    misconceptions=(
        *training.of_training("autoencoder", error=_ERROR, reduction="reduction", loop="loop", loop_cost=0.25),
        Misconception("averaged", "reduction", (
            "Your loss is 1/{factor} of the expected one ({size}): you averaged. The task asks for a sum over pixels "
            "and images."
        ), (
            "The loss is a mean over all B·784 numbers of the batch, the default of `F.mse_loss`. Adam hides the "
            "factor, since its steps hardly depend on the gradient's scale, so the autoencoder trains alike. In the "
            "VAE the sum decides the balance with the KL term, hence the small cost here."
        ), hint=3, in_class=(
            "Print a sum and a mean of the same error side by side, and ask by what factor they differ, and what "
            "that does once a second term is added to the loss."
        ), title="Mean over everything"),
        Misconception("averaged-images", "reduction", (
            "Your loss is 1/{factor} of the expected one ({size}): you averaged over the images. The task asks for a "
            "sum."
        ), (
            "The squared errors are summed over pixels and averaged over the images: 1/B of the sum. It trains alike, "
            "except that a smaller last batch weighs as much as a full one."
        ), hint=3, title="Mean over the images"),
        Misconception("averaged-pixels", "reduction", (
            "Your loss is 1/{factor} of the expected one: you averaged over the pixels. The task asks for a sum."
        ), (
            "The squared errors are averaged over the 784 pixels and summed over the images: 1/784 of the sum."
        ), hint=3, title="Mean over the pixels"),
        Misconception("halved", "reduction", (
            "Your loss is half of the expected one: is there a factor ½, or is it a smooth L1 loss? The task asks for "
            "the plain sum of squares."
        ), (
            "The loss is ½Σ(x̂ − x)², either with an explicit ½ or as a smooth L1 loss, which is ½d² wherever |d| < 1, "
            "and so for all pixels in [0, 1]."
        ), hint=3, title="Half of the loss"),
        Misconception("scaled", "reduction", (
            "Your loss is {factor:.3g} times the expected one. The task asks for the plain sum of squares."
        ), (
            "The loss is a constant multiple of the summed squared error. The minimum is the same one; only the scale "
            "is not what the text asks for."
        ), hint=3, title="Loss scaled by a factor"),
        *common_mistakes("error"),
    ),
)  # fmt: skip
