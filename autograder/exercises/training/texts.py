"""Named mistakes in a training function."""

from dataclasses import dataclass

from autograder.exercises.definition import EVERY_CHECK, Kind, Misconception

# Heading of the part of the notebook that says what a training loop does.
TAUGHT = "Part 3: Training the autoencoder"


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
        ), hint=2, hides=EVERY_CHECK),
        Misconception("model-not-called", carries, (
            f"The model was never called. `x_hat` has to be what `{model}` makes of `x`."
        ), hint=2, hides=EVERY_CHECK),
        Misconception("no-graph", carries, (
            "`backward` found no gradient to send: the loss does not depend on the reconstruction, or the "
            "reconstruction was detached from the model."
        ), hint=2, hides=EVERY_CHECK),
        Misconception("plain-number", carries, (
            "The loss is a plain Python number, which cannot be sent backwards. Keep it a tensor: no `.item()` before "
            "`backward`."
        ), hint=3, hides=EVERY_CHECK),
        Misconception("squared-sum", carries, (
            "The differences are added up first and squared then, so they cancel. Square each one, then add."
        ), hint=error_hint, hides=error_hides),
        Misconception("not-summed", reduction, (
            "`backward` needs one number, but your loss still has one for each image or pixel. Add them up."
        ), hint=3, hides=(loop,)),
        Misconception("stale-graph", carries, (
            "The loss uses something computed in an earlier step, whose graph is gone. Compute it after the model has "
            "seen this batch."
        ), hint=2, hides=EVERY_CHECK),
        Misconception("backward-twice", carries, (
            "`backward` was called a second time on one loss, and its graph is gone after the first. Once for each "
            "batch is enough."
        ), hides=EVERY_CHECK),
        Misconception("no-gradient", carries, (
            "No gradient of the loss reaches the reconstruction, so the model cannot learn from it."
        ), hint=error_hint, hides=error.silence_hides),
        Misconception("cross-entropy", carries, (
            "This is a binary cross-entropy. The exercise asks for the squared error between `x` and `x_hat`."
        ), hint=error_hint, hides=error_hides),
        Misconception("cross-entropy-of-logits", carries, (
            "This is a cross-entropy with a sigmoid inside. The decoder has its sigmoid already, and the exercise "
            "asks for the squared error."
        ), hint=error_hint, hides=error_hides),
        Misconception("absolute", carries, (
            "This is an absolute error. The exercise asks for the squared one."
        ), hint=error_hint, hides=error_hides),
        Misconception("signed", carries, (
            "The differences are added up with their signs, so they cancel. Each one has to be squared first."
        ), hint=error_hint, hides=error_hides),
        Misconception("fourth-power", carries, (
            "The differences are raised to the fourth power; square them once."
        ), hint=error_hint, hides=error_hides),
        Misconception("broadcast", carries, (
            "Every image is compared with every other one of the batch: `x` and `x_hat` have different shapes, and "
            "broadcasting pairs them all. Bring both to one shape."
        ), hint=error_hint, hides=error_hides),
        Misconception("root", carries, (
            "The loss is the root of the summed squared error. The exercise asks for the sum itself."
        ), cost=0.5, hint=error_hint),
        Misconception("root-mean", carries, (
            "The loss is the root of the mean squared error. The exercise asks for the plain sum of squares."
        ), cost=0.5, hint=error_hint),
        Misconception("negated", carries, (
            "The loss has the wrong sign: training makes the reconstruction worse."
        ), hint=error_hint),
        Misconception("unknown-loss", carries, (
            "The gradient at the reconstruction is not that of a squared error against `x`, nor of a loss known here. "
            "A person will look at this."
        ), kind=Kind.DOUBT, hint=error_hint, hides=error_hides),
        Misconception("no-step", loop, "No optimizer step changed the model. The given loop has `opt.step()`."),
        Misconception("stopped-early", loop, "The function stopped after {done} of {steps} steps."),
        Misconception("epochs-ignored", loop, (
            "With `epochs={epochs}` the data was seen once. Does a `return` stand inside the loop over epochs?"
        ), cost=loop_cost),
        Misconception("one-batch-only", loop, (
            "Every step uses the same batch, though there are {batches}. Does a `break` or `return` leave the loop "
            "early?"
        ), cost=loop_cost),
        Misconception("wrong-steps", loop, (
            "There were {got} optimizer steps; {epochs} epochs of {batches} batches make {steps}."
        ), cost=loop_cost),
        Misconception("no-zero-grad", loop, (
            "Gradients of earlier batches are still there when the optimizer steps. The given loop clears them with "
            "`opt.zero_grad()`."
        ), cost=loop_cost),
        Misconception("optimizer-in-loop", loop, (
            "A new optimizer is made while training, and Adam forgets what it has learned about the gradients. Make "
            "it once, before the loop."
        ), cost=loop_cost),
        Misconception("model-not-returned", loop, (
            "The function returns {returned} and not the model; the next cells expect the model."
        ), cost=loop_cost),
    )  # fmt: skip
