"""Misconceptions in a training function: how its loss is made and used, with those in its loop."""

from autograder.autoencoders.training.loop_misconceptions import of_loop
from autograder.autoencoders.training.loss_misconceptions import OfError, of_losses
from autograder.course.exercise import EVERY_CHECK, Kind, Misconception

# Heading of the notebook's section that says what a training loop does.
SECTION = "Part 3: Training the autoencoder"


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
            f"`{model}{{part}}(x)` gives one thing, {{what}}, but several names are to take it. {{line}}"
        ), (
            "`x_hat, mu, log_var = vae(x)` or `mu, log_var = vae.encoder(x)`, as in many tutorials. Here the model "
            "returns the reconstruction alone, and its encoder the latent. What else the function does was seen by "
            "giving it to one of the names; all is lost where that shows nothing."
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
            "The loss is {number}, which cannot be sent backwards. Keep it a tensor: {made} are for what is printed, "
            "not for what `backward` is called on."
        ), (
            "`.item()` gives a Python float, `.numpy()` an array, and neither has a graph. They are right for printing "
            "a loss, and wrong for the loss that is differentiated. What else the function does was seen by trying it "
            "with the tensor; more is lost where that shows nothing."
        ), cost=0.75, hint=3, title="Loss made a plain number"),
        Misconception("detached", error.silent, (
            "The loss is cut off from the model (`.detach()`, `.data`, `.numpy()`, `no_grad`), so `backward` finds "
            "nothing to change. From the loss back to the weights, gradients need an unbroken way through the "
            "reconstruction."
        ), (
            "`x_hat.detach()`, `x_hat.data`, `loss.detach()` or a `torch.no_grad()` around the model takes the graph "
            "away that `backward` walks through. What else the function does was seen by trying it without the cut."
        ), cost=0.75, hint=2, title="Loss cut off from the model"),
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
        *of_losses(error),
        Misconception("negated", carries, (
            "Training goes uphill: each step makes the reconstruction worse. Which sign has the error in your loss, "
            "and do the steps go against its gradient?"
        ), (
            "The error is maximised: a minus before it, `maximize=True`, or weights that are changed along the "
            "gradient. A loss with a minus falls, which looks like success, while the reconstructions get worse."
        ), hint=error_hint, hides=error_hides, title="Sign turned round"),
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
            "The target is scaled, turned into its negative, made black and white, transposed or flipped before the "
            "difference is taken, and what goes into the model is not; or a penalty on the reconstruction itself is "
            "part of the loss."
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
        Misconception("factor-varies", reduction, (
            "The factor before your error is not the same in all steps: it lies between {low:.3g} and {high:.3g}. A "
            "plain sum has the factor 1 throughout."
        ), (
            "The loss is the asked one times a number that changes from step to step, such as a schedule."
        ), cost=0.25, hint=error_hint, title="Factor that changes from step to step"),
        *of_loop(loop, loop_cost),
    )  # fmt: skip
