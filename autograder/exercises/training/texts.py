"""Named mistakes in a training function."""

from autograder.exercises.definition import Kind, Misconception


def of_training(model: str, error: str, reduction: str, loop: str, loop_cost: float) -> tuple[Misconception, ...]:
    """The misconceptions about the loss and the loop.

    Args:
        model: what the function calls its model.
        error: key of the check that carries the kind of error.
        reduction: key of the check that carries a sum that was not taken.
        loop: key of the check that carries the loop.
        loop_cost: what one mistake in the loop costs.
    """
    return (
        Misconception("other-model", error, (
            f"Your function changed nothing in the model it was given. Which model does your prediction line use? It "
            f"should be `{model}`, the argument."
        )),
        Misconception("model-not-called", error, (
            f"The model was never called. `x_hat` has to be what `{model}` makes of `x`."
        )),
        Misconception("no-graph", error, (
            "`backward` found no gradient to send: the loss does not depend on the reconstruction, or the "
            "reconstruction was detached from the model."
        )),
        Misconception("plain-number", error, (
            "The loss is a plain Python number, which cannot be sent backwards. Keep it a tensor: no `.item()` before "
            "`backward`."
        )),
        Misconception("squared-sum", error, (
            "The differences are added up first and squared then, so they cancel. Square each one, then add."
        )),
        Misconception("not-summed", reduction, (
            "`backward` needs one number, but your loss still has one for each image or pixel. Add them up."
        )),
        Misconception("stale-graph", error, (
            "The loss uses something computed in an earlier step, whose graph is gone. Compute it after the model has "
            "seen this batch."
        )),
        Misconception("no-gradient", error, "No gradient of the loss reaches the reconstruction."),
        Misconception("cross-entropy", error, (
            "This is a binary cross-entropy. The exercise asks for the squared error between `x` and `x_hat`."
        )),
        Misconception("cross-entropy-of-logits", error, (
            "This is a cross-entropy with a sigmoid inside. The decoder has its sigmoid already, and the exercise "
            "asks for the squared error."
        )),
        Misconception("absolute", error, "This is an absolute error. The exercise asks for the squared one."),
        Misconception("signed", error, (
            "The differences are added up with their signs, so they cancel. Each one has to be squared first."
        )),
        Misconception("fourth-power", error, "The differences are raised to the fourth power; square them once."),
        Misconception("broadcast", error, (
            "Every image is compared with every other one of the batch: `x` and `x_hat` have different shapes, and "
            "broadcasting pairs them all. Bring both to one shape."
        )),
        Misconception("root", error, (
            "The loss is the root of the summed squared error. The exercise asks for the sum itself."
        ), cost=0.5),
        Misconception("root-mean", error, (
            "The loss is the root of the mean squared error. The exercise asks for the plain sum of squares."
        ), cost=0.5),
        Misconception("negated", error, "The loss has the wrong sign: training makes the reconstruction worse."),
        Misconception("unknown-loss", error, (
            "The gradient at the reconstruction is not that of a squared error against `x`, nor of a loss known here. "
            "A person will look at this."
        ), kind=Kind.DOUBT),
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
