"""Points, hints and misconceptions of the KL exercise."""

from autograder.autoencoders.common_mistakes import common_mistakes
from autograder.autoencoders.exercises.kl.keeping_misconceptions import KEEPING
from autograder.autoencoders.exercises.kl.value_misconceptions import VALUE
from autograder.course.exercise import Check, Exercise, Kind, Misconception

KL = Exercise(
    key="kl",
    title="KL divergence",
    short="KL",
    number=5,
    cell="variational_encoder",
    name="VariationalEncoder",
    section="Second half: the KL divergence",
    checks=(
        Check("value", "`kl` is the divergence of N(μ, σ²) from N(0, 1)", 1.0, lines=r"\bkl\b"),
        Check("reduction", "It is summed over images and latent dimensions", 0.25, lines=r"\bkl\b"),
        Check("gradient", "The gradient of `kl` reaches the encoder", 0.75, lines=r"\bkl\b"),
    ),
    hints=(
        "The formula is in the text above the exercise: one term for each image and each latent dimension, then "
        "their sum.",
        "Three things enter: σ squared, μ squared and log σ, and a constant. Use the same σ that the noise is "
        "stretched with.",
        "Write it with tensor operations on `mu` and `sigma`, add everything up with `.sum()`, and store the tensor "
        "itself in `self.kl`: a plain number has no gradient.",
    ),
    misconceptions=(
        *KEEPING,
        *VALUE,
        Misconception("averaged-everything", "reduction", (
            "For {batch} images your KL is {seen:.3g} and the sum {total:.4g}. That is 1/{factor} of it: you took a "
            "mean over {batch} images and {latents} dimensions. The task asks for the sum."
        ), (
            "A mean over B images and L dimensions: 1/(B·L) of the sum. Beside a summed reconstruction error the term "
            "then has next to no weight, and the model is nearly an autoencoder."
        ), hint=3, in_class=(
            "Compare magnitudes: the squared error of an image is a sum over 784 pixels. Ask how much of the loss a "
            "mean over batch and dimensions still is."
        ), title="Mean over everything"),
        Misconception("averaged-images", "reduction", (
            "For {batch} images your KL is {seen:.3g} and the sum {total:.4g}. That is 1/{batch} of it: you took a "
            "mean over the {batch} images. The task asks for the sum."
        ), (
            "The sum over dimensions is averaged over the B images: 1/B of the sum. That is usual where the "
            "reconstruction error is averaged over images too; beside a summed one it is a β-VAE with β = 1/B."
        ), hint=3, title="Mean over the images"),
        Misconception("averaged-dimensions", "reduction", (
            "For {latents} latent dimensions your KL is {seen:.3g} and the sum {total:.4g}. That is 1/{latents} of it: "
            "you took a mean over the dimensions. The task asks for the sum."
        ), (
            "A mean over the L latent dimensions, summed over images: 1/L of the sum. The dimensions are independent, "
            "so their divergences add up."
        ), hint=3, title="Mean over the latent dimensions"),
        Misconception("multiplied-by-images", "reduction", (
            "For {batch} images your KL is {seen:.4g} and the sum {total:.4g}. That is {batch} times it: the number of "
            "images is a factor. The task asks for the sum."
        ), (
            "The sum is multiplied by the B images, so that a full batch counts the term 128 times too much."
        ), hint=3, title="Sum times the number of images"),
        Misconception("one-image-only", "reduction", (
            "Of {batch} images only the {which} enters your KL."
        ), (
            "Only one row enters the value (an index 0 or -1, or a loop left early, or one that does not add up). The "
            "other images' latents are not regularised."
        ), hint=3, title="One image only"),
        Misconception("one-dimension-only", "reduction", (
            "Of {latents} latent dimensions only the {which} enters your KL."
        ), (
            "Only one column enters the value, such as that of an index 0. Nothing keeps the other dimensions near "
            "N(0, 1)."
        ), hint=3, title="One dimension only"),
        Misconception("not-summed", "reduction", (
            "`kl` has shape {got}. It has to be one number, the sum over images and dimensions."
        ), (
            "`kl` holds one number for each image or each dimension. Its terms have to be added up, or the loss is no "
            "scalar."
        ), hint=3, title="KL not summed to one number"),
        Misconception("stops-in-training", "gradient", (
            "With gradients recorded, as in training, your code stops: {error}. {line}"
        ), (
            "Without gradients the code runs, with them it raises: most often a NumPy function, or `.numpy()`, on a "
            "tensor that wants a gradient. In the notebook the training cell stops at this line."
        ), hint=3, title="Stops where gradients are recorded"),
        Misconception("detached", "gradient", (
            "Your KL value is right, but no gradient reaches the encoder. Which step made it a plain number?"
        ), (
            "The value is right but carries no graph (`.item()`, `.detach()`, `torch.tensor(…)`, NumPy). Added to the "
            "loss it shifts the printed number and changes no weight: in effect there is no KL term."
        ), hint=3, in_class=(
            "Print `loss.grad_fn` with the term and with `.item()` of it: the number is the same, the graph is not. "
            "Ask what the optimiser follows, the number or the graph."
        ), title="Gradient cut off"),
        Misconception("no-gradient", "gradient", (
            "No gradient of `kl` reaches the encoder, so training could not change it. Which step made it a plain "
            "number?"
        ), (
            "`kl` carries no gradient, and its value is not that of a right formula either; often it is a constant."
        ), hint=3, title="No gradient at the encoder"),
        Misconception("carries-graph", "gradient", (
            "In the second step of training `backward` would stop: `kl` still holds the graph of the call before. What "
            "is kept from one call to the next?"
        ), (
            "A tensor of an earlier call, with its graph, is part of `kl`. The first `backward` has freed that graph, "
            "so the second one raises a RuntimeError, although each value of `kl` alone is right."
        ), hint=3, title="Graph of the step before kept"),
        Misconception("trunk-cut", "gradient", (
            "The gradient of `kl` reaches the two heads but not the layers before them. Which step cuts it off there?"
        ), (
            "The hidden layer's output is detached before the heads that the KL is computed with, so that the KL moves "
            "the heads alone. The trunk then learns from the reconstruction only."
        ), cost=0.5, hint=3, title="Gradient cut off below the heads"),
        Misconception("trunk-partly-cut", "gradient", (
            "The gradient of `kl` reaches the layers before the heads from {through}'s head only. Which step cuts the "
            "other one off?"
        ), (
            "One head has its gradient, but is computed from a detached copy of the hidden layer's output."
        ), cost=0.25, hint=3, title="Gradient cut off below one head"),
        Misconception("partly-detached", "gradient", (
            "The gradient of `kl` reaches one head only, not {missing}'s. Which step cuts it off?"
        ), (
            "One of μ and σ is cut off from the graph before the formula, so the KL can move only the other one."
        ), hint=3, title="Gradient cut off at one head"),
        Misconception("wrong-gradient", "gradient", (
            "A gradient of `kl` arrives, but it is {ratio:.3g} times the one that its value should have."
        ), (
            "The value is right, but the gradient at the heads' weights is not the one that belongs to it, for example "
            "because a term is computed from detached tensors and added in another form."
        ), hint=3, title="Gradient that does not fit the value"),
        Misconception("finite-where-positive", "value", (
            "`kl` is not a number where σ is negative, as it can be in the first half of this exercise. It was judged "
            "where σ is positive."
        ), (
            "The KL itself is right, or as told; but the first half lets σ be negative, so that its logarithm is no "
            "number. The sampling is charged for that, and the KL was tried with weights under which every head is "
            "positive."
        ), kind=Kind.NOTE, title="KL finite only where σ is positive"),
        Misconception("stopped-before", "value", (
            "Your class stops before it comes to `kl`, for all batches or for some, which the first half of this "
            "exercise tells of. The `kl` was judged as if that were mended."
        ), (
            "A slip of Python keeps the class from running. The line was mended to see the KL, and the first half of "
            "the exercise is charged for the slip."
        ), kind=Kind.NOTE, title="Class that stops before the KL"),
        Misconception("blog-form", "value", (
            "This is the blog post's form, σ² + μ² − log σ − ½. It earns full marks; the exact divergence is ½(σ² + μ² "
            "− 1) − log σ."
        ), (
            "σ² + μ² − log σ − ½ = KL(N(μ, σ²) ‖ N(0, ½)) + ½ ln 2. It is least at σ = 1/√2 with the value ½ ln 2 ≈ "
            "0.347, and it is ½ at N(0, 1), so it is no divergence from N(0, 1). It trains well, and the blog post "
            "prints it: full marks, with a note."
        ), kind=Kind.NOTE, title="The blog post's form"),
        *common_mistakes("value"),
    ),
)  # fmt: skip
