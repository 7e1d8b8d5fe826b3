"""Misconceptions in a training function."""

from dataclasses import dataclass

from autograder.course.exercise import EVERY_CHECK, Kind, Misconception

# Heading of the notebook's section that says what a training loop does.
SECTION = "Part 3: Training the autoencoder"


@dataclass(frozen=True)
class OfError:
    """What goes with a wrong kind of error.

    Attributes:
        check: key of the check that carries it.
        hint: which of the exercise's hints speaks of it.
        hides: checks that cannot be looked at then.
        silence_hides: checks that cannot be looked at where no gradient arrives at all.
    """

    check: str
    hint: int
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
    return (
        Misconception("other-model", carries, (
            f"Your function changed nothing in the model it was given. Which model does your prediction line use? It "
            f"should be `{model}`, the argument."
        ), (
            "The function trains a global variable of the notebook and not its argument. Where the notebook passes "
            "that very object it works by accident; any other model stays as it was."
        ), hint=2, hides=EVERY_CHECK),
        Misconception("model-not-called", carries, (
            f"The model was never called. `x_hat` has to be what `{model}` makes of `x`."
        ), (
            "`x_hat` is not computed by the model; often it is `x` itself, or the stub's line is left. The loss then "
            "says nothing about the model."
        ), hint=2, hides=EVERY_CHECK),
        Misconception("no-graph", carries, (
            "`backward` found no gradient to send: the loss does not depend on the reconstruction, or the "
            "reconstruction was detached from the model."
        ), (
            "The loss does not depend on any parameter: it compares `x` with itself, or the reconstruction was "
            "detached. `backward` has nothing to differentiate."
        ), hint=2, hides=EVERY_CHECK),
        Misconception("plain-number", carries, (
            "The loss is a plain Python number, which cannot be sent backwards. Keep it a tensor: no `.item()` before "
            "`backward`."
        ), (
            "`.item()` gives a Python float, which has no graph. It is right for printing a loss, and wrong for the "
            "loss that is differentiated."
        ), hint=3, hides=EVERY_CHECK),
        Misconception("squared-sum", carries, (
            "The differences are added up first and squared then, so they cancel. Square each one, then add."
        ), (
            "(Σ(x̂ − x))² in place of Σ(x̂ − x)²: the two operations are in the wrong order. It is 0 as soon as the "
            "total brightness is right, whatever the picture; its gradient is the same number for all pixels."
        ), hint=error_hint, hides=error_hides),
        Misconception("not-summed", reduction, (
            "`backward` needs one number, but your loss still has one for each image or pixel. Add them up."
        ), (
            "The loss is a tensor with one number for each image or pixel. `backward` needs a scalar, so the loop "
            "stops at the first batch and no step is made."
        ), hint=3, hides=(loop,)),
        Misconception("stale-graph", carries, (
            "The loss uses something computed in an earlier step, whose graph is gone. Compute it after the model has "
            "seen this batch."
        ), (
            "A tensor of an earlier step is part of the loss, for example one that is computed before the loop, or a "
            "sum that is carried on. Its graph was freed by the `backward` of that step."
        ), hint=2, hides=EVERY_CHECK),
        Misconception("backward-twice", carries, (
            "`backward` was called a second time on one loss, and its graph is gone after the first. Once for each "
            "batch is enough."
        ), (
            "`backward()` frees the graph's intermediate results as it goes, so a second call on the same loss raises "
            "a RuntimeError. Usually a line was copied; `retain_graph=True` would hide the error and double the "
            "gradient."
        ), hides=EVERY_CHECK),
        Misconception("no-gradient", carries, (
            "No gradient of the loss reaches the reconstruction, so the model cannot learn from it."
        ), (
            "The loss sends no gradient to the reconstruction: it depends on the parameters in another way, or the "
            "reconstruction was detached from it."
        ), hint=error_hint, hides=error.silence_hides),
        Misconception("cross-entropy", carries, (
            "This is a binary cross-entropy. The exercise asks for the squared error between `x` and `x_hat`."
        ), (
            "The loss is −Σ[x log x̂ + (1 − x) log(1 − x̂)]. It is least at x̂ = x as well, and is used for binarised "
            "MNIST, but its gradient is (x̂ − x)/(x̂(1 − x̂)) where the squared error's is 2(x̂ − x); the balance with "
            "the KL term is another one."
        ), hint=error_hint, hides=error_hides),
        Misconception("cross-entropy-of-logits", carries, (
            "This is a cross-entropy with a sigmoid inside. The decoder has its sigmoid already, and the exercise asks "
            "for the squared error."
        ), (
            "The loss applies a sigmoid to x̂, which has been through one already: the pixel compared is sigmoid(x̂), "
            "between ½ and 0.731. Black and white cannot be reached."
        ), hint=error_hint, hides=error_hides),
        Misconception("absolute", carries, (
            "This is an absolute error. The exercise asks for the squared one."
        ), (
            "The loss is Σ|x̂ − x|, whose gradient is ±1 however small the error is. It is least at the median and not "
            "at the mean, and it favours plain black backgrounds."
        ), hint=error_hint, hides=error_hides),
        Misconception("signed", carries, (
            "The differences are added up with their signs, so they cancel. Each one has to be squared first."
        ), (
            "The loss is Σ(x̂ − x) without a square (or with the sign turned). It has no minimum at x̂ = x: its "
            "gradient is the same number everywhere, and training drives all pixels to black or all to white."
        ), hint=error_hint, hides=error_hides),
        Misconception("fourth-power", carries, (
            "The differences are raised to the fourth power; square them once."
        ), (
            "The loss is Σ(x̂ − x)⁴, a square applied twice. Small errors count next to nothing: an error of 0.1 "
            "weighs 0.0001."
        ), hint=error_hint, hides=error_hides),
        Misconception("broadcast", carries, (
            "Every image is compared with every other one of the batch: `x` and `x_hat` have different shapes, and "
            "broadcasting pairs them all. Bring both to one shape."
        ), (
            "`x` and `x_hat` have different shapes, such as (B, 1, 784) and (B, 784), and their difference has shape "
            "(B, B, 784). The loss ΣᵢΣⱼ‖x̂ᵢ − xⱼ‖² is least when every reconstruction is the batch's mean image. No "
            "error is raised."
        ), hint=error_hint, hides=error_hides),
        Misconception("root", carries, (
            "The loss is the root of the summed squared error. The exercise asks for the sum itself."
        ), (
            "The loss is √Σ(x̂ − x)², the norm and not its square. Its gradient is the right one divided by twice the "
            "norm, so the direction of each step is right, but batches with a small error weigh more, and the balance "
            "with a KL term changes."
        ), cost=0.5, hint=error_hint),
        Misconception("root-mean", carries, (
            "The loss is the root of the mean squared error. The exercise asks for the plain sum of squares."
        ), (
            "The loss is the root of the mean squared error. It is least in the same place, but its gradient is scaled "
            "by a factor that changes with the error."
        ), cost=0.5, hint=error_hint),
        Misconception("negated", carries, (
            "The loss has the wrong sign: training makes the reconstruction worse."
        ), (
            "The error is maximised. The printed loss falls, which looks like success, while the reconstructions get "
            "worse."
        ), hint=error_hint),
        Misconception("unknown-loss", carries, (
            "The gradient at the reconstruction is not that of a squared error against `x`, nor of a loss known here. "
            "A person will look at this."
        ), (
            "The gradient that arrives at x̂ is a multiple of none of the known losses' gradients. It may be a sum of "
            "several losses, or one that weights pixels: a person has to read it."
        ), kind=Kind.REVIEW, hint=error_hint, hides=error_hides),
        Misconception("no-step", loop, (
            "No optimizer step changed the model. The given loop has `opt.step()`."
        ), (
            "No optimizer changed the model: `step` was not called, or the optimizer holds the parameters of another "
            "model. The given loop has the call, so it was removed."
        )),
        Misconception("stopped-early", loop, (
            "The function stopped after {done} of {steps} steps."
        ), (
            "The function raised, or returned, before all batches were used. The other checks rest on the steps that "
            "were made."
        )),
        Misconception("epochs-ignored", loop, (
            "With `epochs={epochs}` the data was seen once. Does a `return` stand inside the loop over epochs?"
        ), (
            "The data was walked through once although more epochs were asked for, most often because `return` is "
            "indented into the loop."
        ), cost=loop_cost),
        Misconception("one-batch-only", loop, (
            "Every step uses the same batch, though there are {batches}. Does a `break` or `return` leave the loop "
            "early?"
        ), (
            "All steps use the first batch, because the loop is left after it or the data is read anew each time. The "
            "loss of that batch falls well, the model generalises badly."
        ), cost=loop_cost),
        Misconception("wrong-steps", loop, (
            "There were {got} optimizer steps; {epochs} epochs of {batches} batches make {steps}."
        ), (
            "The number of steps, or the order of batches, is not the one that the given loop makes: steps for each "
            "image, two steps for each batch, or batches left out."
        ), cost=loop_cost),
        Misconception("no-zero-grad", loop, (
            "Gradients of earlier batches are still there when the optimizer steps. The given loop clears them with "
            "`opt.zero_grad()`."
        ), (
            "PyTorch adds new gradients to those already there. Without `zero_grad` step k follows the sum g₁ + … + "
            "gₖ, a momentum that never forgets. The loss often still falls at first."
        ), cost=loop_cost),
        Misconception("optimizer-in-loop", loop, (
            "A new optimizer is made while training, and Adam forgets what it has learned about the gradients. Make it "
            "once, before the loop."
        ), (
            "Adam keeps running means of the gradients and their squares. Made anew for each batch or epoch it starts "
            "from 0 again; when new for each batch, every first step is about ±lr in each weight, a descent by signs."
        ), cost=loop_cost),
        Misconception("model-not-returned", loop, (
            "The function returns {returned} and not the model; the next cells expect the model."
        ), (
            "The function trains the model but does not hand it back. The next cell binds the result, so that `None` "
            "or a number stands where the model is expected."
        ), cost=loop_cost),
    )  # fmt: skip
