"""Misconceptions in a training function: its loss, and with them those in its loop."""

from dataclasses import dataclass

from autograder.autoencoders.training.loop_misconceptions import of_loop
from autograder.course.exercise import EVERY_CHECK, Kind, Misconception

# Heading of the notebook's section that says what a training loop does.
SECTION = "Part 3: Training the autoencoder"


@dataclass(frozen=True)
class OfError:
    """What goes with a wrong kind of error.

    Attributes:
        check: key of the check that carries it.
        hint: which of the exercise's hints speaks of it.
        most: the points of that check.
        silent: key of the check that carries a loss without a gradient.
        hides: checks that cannot be looked at then.
        silence_hides: checks that cannot be looked at where no gradient arrives at all.
    """

    check: str
    hint: int
    most: float
    silent: str
    hides: tuple[str, ...] = ()
    silence_hides: tuple[str, ...] = ()


def of_training(model: str, error: OfError, reduction: str, loop: str, loop_cost: float) -> tuple[Misconception, ...]:
    """The misconceptions about the loss and the loop.

    Args:
        model: what the function calls its model.
        error: the kind of error.
        reduction: key of the check that carries a sum that was not taken.
        loop: key of the check that carries the loop.
        loop_cost: what one mistake in the loop costs.
    """
    carries, error_hint, error_hides = error.check, error.hint, error.hides
    half, three_quarters = min(0.5, error.most), min(0.75, error.most)
    return (
        Misconception("other-model", carries, (
            f"Your function changed nothing in the model it was given. Which model does your prediction line use? It "
            f"should be `{model}`, the argument."
        ), (
            "The function trains a global variable of the notebook and not its argument. Where the notebook passes "
            "that very object it works by accident; any other model stays as it was."
        ), hint=2, hides=EVERY_CHECK, title="Another model than the argument"),
        Misconception("model-not-called", carries, (
            f"The model was never called. `x_hat` has to be what `{model}` makes of `x`."
        ), (
            "`x_hat` is not computed by the model; often it is `x` itself, or the stub's line is left. The loss then "
            "says nothing about the model."
        ), hint=2, hides=EVERY_CHECK, title="Model never called"),
        Misconception("model-unpacked", error.silent, (
            f"`{model}(x)` gives one thing, the reconstruction, but several names are to take it. {{line}}"
        ), (
            "`x_hat, mu, log_var = vae(x)` or `z, x_hat = autoencoder(x)`, as in many tutorials. Here the model "
            "returns the reconstruction alone. What else the function does was seen by giving it to one of the names; "
            "all is lost where that shows nothing."
        ), hint=1, hides=EVERY_CHECK, title="Model's output unpacked"),
        Misconception("labels-as-target", carries, (
            "Your error compares the reconstruction with the labels, one number for each image. An autoencoder's "
            "target is the image itself. {line}"
        ), (
            "`F.mse_loss(x_hat, y)` or a `cross_entropy` with the labels: the habit of classification. Nothing here "
            "is trained with labels. What else the function does was seen by comparing with the images."
        ), hint=error_hint, hides=error_hides, title="Labels as the target"),
        Misconception("too-many-arguments", error.silent, (
            "What is called here takes less than it is given: {line}"
        ), (
            "`autoencoder(x, y)`, `opt.step(loss)` or `loss.backward(x)`: the model takes the images alone, and the "
            "other two take nothing. What else the function does was seen without what is too much."
        ), hides=EVERY_CHECK, title="Call with too much in its brackets"),
        Misconception("no-graph", error.silent, (
            "`backward` found no gradient to send: your loss depends on no weight that can be trained. Does it hold "
            "the reconstruction, and was that made with gradients?"
        ), (
            "The loss does not depend on any parameter: it compares `x` with itself, or the reconstruction was "
            "detached. `backward` has nothing to differentiate."
        ), cost=0.75, hint=2, hides=EVERY_CHECK, title="Loss that does not depend on the reconstruction"),
        Misconception("plain-number", error.silent, (
            "The loss is a plain Python number, which cannot be sent backwards. Keep it a tensor: no `.item()` before "
            "`backward`."
        ), (
            "`.item()` gives a Python float, which has no graph. It is right for printing a loss, and wrong for the "
            "loss that is differentiated. What else the function does was seen by trying it with the tensor; more is "
            "lost where that shows nothing."
        ), cost=0.75, hint=3, title="Loss made a plain number"),
        Misconception("detached", error.silent, (
            "The loss is cut off from the model (`.detach()`, `.data`, `no_grad`), so `backward` finds nothing to "
            "change. From the loss back to the weights, gradients need an unbroken way through the reconstruction."
        ), (
            "`x_hat.detach()`, `x_hat.data`, `loss.detach()` or a `torch.no_grad()` around the model takes the graph "
            "away that `backward` walks through. What else the function does was seen by trying it without the cut."
        ), cost=0.75, hint=2, title="Loss cut off from the model"),
        Misconception("squared-sum", carries, (
            "The differences are added up first and squared then, so they cancel. Square each one, then add."
        ), (
            "(Σ(x̂ − x))² in place of Σ(x̂ − x)²: the two operations are in the wrong order. It is 0 as soon as the "
            "total brightness is right, whatever the picture; its gradient is the same number for all pixels."
        ), hint=error_hint, hides=error_hides, title="Summed first, squared then"),
        Misconception("not-summed", reduction, (
            "`backward` needs one number, but your loss still has one for each image or pixel. Add them up."
        ), (
            "The loss is a tensor with one number for each image or pixel. `backward` needs a scalar, so the loop "
            "stops at the first batch and no step is made. What it does otherwise was seen by adding the numbers up."
        ), hint=3, title="Loss not summed to one number"),
        Misconception("no-gradient", carries, (
            "No gradient of the loss reaches the reconstruction, so the model cannot learn from it."
        ), (
            "The loss sends no gradient to the reconstruction: it depends on the parameters in another way, or the "
            "reconstruction was detached from it."
        ), hint=error_hint, hides=error.silence_hides, title="No gradient at the reconstruction"),
        Misconception("gradient-not-finite", carries, (
            "The gradient that your loss sends to the reconstruction holds NaN or infinity; one step with it spoils "
            "every weight. Which part of the loss has no slope, or an infinite one, where a pixel is 0?"
        ), (
            "A part of the loss has no finite derivative at some pixels: √ at 0, log of 0, a division by `x`. Most "
            "pixels of MNIST are exactly 0. The loss itself may look harmless; after one step all weights are NaN."
        ), hint=error_hint, hides=(*error.silence_hides, loop), title="Gradient that is no finite number"),
        Misconception("cross-entropy", carries, (
            "This is a binary cross-entropy. The exercise asks for the squared error between `x` and `x_hat`."
        ), (
            "The loss is −Σ[x log x̂ + (1 − x) log(1 − x̂)]. It is least at x̂ = x as well, and is used for binarised "
            "MNIST, but its gradient is (x̂ − x)/(x̂(1 − x̂)) where the squared error's is 2(x̂ − x); the balance with "
            "the KL term is another one."
        ), cost=half, hint=error_hint, title="Binary cross-entropy"),
        Misconception("cross-entropy-of-logits", carries, (
            "This is a cross-entropy with a sigmoid inside. The decoder has its sigmoid already, and the exercise asks "
            "for the squared error."
        ), (
            "The loss applies a sigmoid to x̂, which has been through one already: the pixel compared is sigmoid(x̂), "
            "between ½ and 0.731. Black and white cannot be reached."
        ), hint=error_hint, hides=error_hides, title="Cross-entropy with a sigmoid inside"),
        Misconception("absolute", carries, (
            "This is an absolute error. The exercise asks for the squared one."
        ), (
            "The loss is Σ|x̂ − x|, whose gradient is ±1 however small the error is. It is least at the median and not "
            "at the mean, and it favours plain black backgrounds."
        ), cost=three_quarters, hint=error_hint, title="Absolute error"),
        Misconception("smooth-absolute", carries, (
            "This is a smooth L1 or Huber loss: the square of small differences only, and an absolute error beyond. "
            "The exercise asks for the squared one."
        ), (
            "`F.smooth_l1_loss` or `F.huber_loss` with a `beta` or `delta` below 1: the gradient grows with the "
            "difference up to that bound and is the same from there on. Large errors count less than they should."
        ), cost=three_quarters, hint=error_hint, title="Smooth L1 or Huber loss"),
        Misconception("not-squared", carries, (
            "Each pixel's error depends on its difference alone, but not as a square does. The exercise asks for the "
            "squared difference."
        ), (
            "The gradient at each pixel is some function of its difference x̂ − x that never falls, and not 2(x̂ − x): "
            "a log-cosh, another power than 2, √((x̂ − x)² + ε), or a sum of a squared and an absolute error. By which "
            "number it is divided cannot be told."
        ), cost=three_quarters, hint=error_hint, hides=error_hides, title="Another function than the square"),
        Misconception("signed", carries, (
            "The differences are added up with their signs, so they cancel. Each one has to be squared first."
        ), (
            "The loss is Σ(x̂ − x) without a square (or with the sign turned). It has no minimum at x̂ = x: its "
            "gradient is the same number everywhere, and training drives all pixels to black or all to white."
        ), hint=error_hint, hides=error_hides, title="Differences that cancel"),
        Misconception("fourth-power", carries, (
            "The differences are raised to the fourth power; square them once."
        ), (
            "The loss is Σ(x̂ − x)⁴, a square applied twice. Small errors count next to nothing: an error of 0.1 "
            "weighs 0.0001."
        ), cost=three_quarters, hint=error_hint, title="Fourth power"),
        Misconception("broadcast", carries, (
            "Every image is compared with every other one of the batch: `x` and `x_hat` have different shapes, and "
            "broadcasting pairs them all. Bring both to one shape."
        ), (
            "`x` and `x_hat` have different shapes, such as (B, 1, 784) and (B, 784), and their difference has shape "
            "(B, B, 784). The loss ΣᵢΣⱼ‖x̂ᵢ − xⱼ‖² is least when every reconstruction is the batch's mean image. No "
            "error is raised."
        ), hint=error_hint, hides=error_hides, title="Every image compared with every other"),
        Misconception("root", carries, (
            "The loss holds the root of a summed squared error. The exercise asks for the sum itself."
        ), (
            "The loss is √Σ(x̂ − x)², the norm and not its square. Its gradient is the right one divided by twice the "
            "norm, so the direction of each step is right, but batches with a small error weigh more, and the balance "
            "with a KL term changes."
        ), cost=half, hint=error_hint, title="Root of the summed error"),
        Misconception("root-mean", carries, (
            "The loss is the root of the mean squared error. The exercise asks for the plain sum of squares."
        ), (
            "The loss is the root of the mean squared error. It is least in the same place, but its gradient is scaled "
            "by a factor that changes with the error."
        ), cost=half, hint=error_hint, title="Root of the mean error"),
        Misconception("negated", carries, (
            "Training goes uphill: each step makes the reconstruction worse. Which sign has the error in your loss, "
            "and do the steps go against its gradient?"
        ), (
            "The error is maximised: a minus before it, `maximize=True`, or weights that are changed along the "
            "gradient. A loss with a minus falls, which looks like success, while the reconstructions get worse."
        ), hint=error_hint, hides=error_hides, title="Sign turned round"),
        Misconception("one-side-squared", carries, (
            "Your error squares the reconstruction and not the difference: a power comes before a minus. What do the "
            "brackets have to hold?"
        ), (
            "`x - x_hat ** 2`: without brackets around the difference, only x̂ is squared. The loss has no least value, "
            "and training makes every pixel white."
        ), hint=error_hint, hides=error_hides, title="Only one side squared"),
        Misconception("some-pixels", carries, (
            "The gradient of your error arrives at some pixels only{which}. What the model paints elsewhere is not "
            "corrected; every pixel of every image should count."
        ), (
            "The error is taken of a part of the pixels, for example where x > 0. Four of five pixels of a digit are "
            "exactly 0: no gradient then tells the decoder to keep them black."
        ), cost=three_quarters, hint=error_hint, hides=error_hides, title="Error of some pixels only"),
        Misconception("some-images", carries, (
            "A gradient arrives for {seen} of the batch's {batch} images only. What is given to the model, and what "
            "enters the error?"
        ), (
            "Only some rows of each batch go through the model or enter the error, such as `x[0]`. Training sees a "
            "part of the data."
        ), hint=error_hint, hides=error_hides, title="Error of some images only"),
        Misconception("not-in-every-step", carries, (
            "In {silent} of {steps} steps no gradient of the loss reaches the reconstruction."
        ), (
            "The reconstruction's error is part of the loss in some steps only, for example from the second epoch on."
        ), cost=half, hint=error_hint, hides=error_hides, title="Loss missing in some steps"),
        Misconception("input-changed", carries, (
            "The model is not given the images as they come from the data{how}. What it is trained on has to be what "
            "it is used on later."
        ), (
            "x is scaled, shifted or made black and white on its way into the model. The data are in [0, 1] already, "
            "as the decoder's sigmoid needs, and the cells that plot latents and reconstructions do not repeat the "
            "change."
        ), cost=half, hint=error_hint, title="Images changed before the model"),
        Misconception("target-changed", carries, (
            "Your error is not least where the reconstruction is the image as it comes from the data, but at another "
            "one{how}. What it should look like is `x` itself."
        ), (
            "The target is scaled, turned into its negative or made black and white before the difference is taken, "
            "and what goes into the model is not; or a penalty on the reconstruction itself is part of the loss."
        ), cost=half, hint=error_hint, title="Another target than the images"),
        Misconception("unknown-images", carries, (
            "The images that the model is given are not those of the data as they come. A person will look at this."
        ), (
            "What the encoder was given is none of the images of the data, nor one of them with its brightness "
            "changed: turned or cropped ones, or others altogether."
        ), kind=Kind.REVIEW, hint=error_hint, hides=(*error.silence_hides, loop),
            title="Images that are not the data's",
        ),
        Misconception("latents-changed", carries, (
            "The decoder is not given the latent vectors that the encoder made: they are changed on the way. The "
            "reconstruction should be what the model makes of `x`."
        ), (
            "Between encoder and decoder the latents are cut off, scaled or mixed with noise. The model's own "
            "`forward`, which the later cells call, does not do that."
        ), cost=half, hint=error_hint, title="Latents changed before decoding"),
        Misconception("latents-detached", carries, (
            "No gradient of the error goes further than the decoder: between encoder and decoder the latent vectors "
            "are cut off, so the encoder does not learn from the error."
        ), (
            "`autoencoder.encoder(x).detach()` or an encoder within `torch.no_grad()`: the decoder is trained to make "
            "the best of latents that nothing improves."
        ), cost=half, hint=error_hint, title="Encoder cut off from the error"),
        Misconception("weight-penalty", carries, (
            "Beside the error, your loss holds a penalty on the size of the weights. The exercise asks for the error "
            "alone."
        ), (
            "The gradient at the weights is the one of the error plus a multiple of the weights, or of their signs: an "
            "L2 or L1 penalty (weight decay) was added to the loss. It is told apart by the gradients at each weight."
        ), cost=half, hint=error_hint, title="Penalty on the weights"),
        Misconception("latent-penalty", carries, (
            "Beside what the exercise asks for, your loss holds a penalty on the size of the latent vectors."
        ), (
            "A term such as Σ|z| or Σz² is added to the loss, as in a sparse autoencoder. It pulls the latents towards "
            "0, which the exercise does not ask for."
        ), cost=half, hint=error_hint, title="Penalty on the latents"),
        Misconception("something-added", carries, (
            "The gradient at the weights is not the one that your error alone would send: something else takes part. A "
            "person will look at this."
        ), (
            "From the gradients at the reconstructions follow those at the weights, and those seen are others. Another "
            "term may be part of the loss, or gradients may come from another pass: a person has to read it."
        ), cost=half, kind=Kind.REVIEW, hint=error_hint, title="Something added to the error"),
        Misconception("unknown-loss", carries, (
            "The gradient at the reconstruction is not that of a squared error against `x`, nor of a loss known here. "
            "A person will look at this."
        ), (
            "The gradient that arrives at x̂ is a multiple of none of the known losses' gradients. It may be a sum of "
            "several losses, or one that weights pixels: a person has to read it."
        ), kind=Kind.REVIEW, hint=error_hint, hides=error_hides, title="Loss not recognised"),
        Misconception("factor-varies", reduction, (
            "The factor before your error is not the same in all steps: it lies between {low:.3g} and {high:.3g}. A "
            "plain sum has the factor 1 throughout."
        ), (
            "The loss is the asked one times a number that changes from step to step, such as a schedule."
        ), cost=0.25, hint=error_hint, title="Factor that changes from step to step"),
        *of_loop(loop, loop_cost),
    )  # fmt: skip
