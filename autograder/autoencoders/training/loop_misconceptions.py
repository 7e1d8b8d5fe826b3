"""Misconceptions in the loop of a training function: its steps, their order, and the gradients that they use."""

from autograder.course.exercise import EVERY_CHECK, Kind, Misconception


def of_loop(loop: str, loop_cost: float) -> tuple[Misconception, ...]:
    """The misconceptions about the loop.

    Args:
        loop: key of the check that carries it.
        loop_cost: what one mistake in it costs.
    """
    return (
        Misconception("stale-graph", loop, (
            "The loss uses something computed in an earlier step, whose graph is gone or out of date. Compute it after "
            "the model has seen this batch."
        ), (
            "A tensor of an earlier step is part of the loss, for example one that is computed before the loop, or a "
            "sum that is carried on. Its graph was freed by the `backward` of that step."
        ), cost=loop_cost, hint=2, title="Graph of an earlier step used"),
        Misconception("backward-twice", loop, (
            "`backward` goes a second time over one batch's graph, which is gone after the first: on the same loss, or "
            "on another that shares a part with it. Once for each batch is enough."
        ), (
            "`backward()` frees the graph's intermediate results as it goes, so a second call on the same loss raises "
            "a RuntimeError. Usually a line was copied, and `retain_graph=True` would hide the error and double the "
            "gradient; or two terms of one loss are sent apart."
        ), cost=loop_cost, title="`backward` called twice"),
        Misconception("no-step", loop, (
            "In {epochs} epochs of {batches} batches no optimizer step changed the model. The given loop takes one for "
            "each batch."
        ), (
            "No optimizer changed the model: `step` was not called, or the optimizer holds the parameters of another "
            "model. The given loop has the call, so it was removed, or it waits for something that does not come, such "
            "as a number of batches."
        ), title="No optimizer step"),
        Misconception("model-for-parameters", loop, (
            "The optimizer was given the model itself. What it changes are the model's parameters, and that is what it "
            "takes. {line}"
        ), (
            "An optimizer walks through the tensors that it is given, and a model cannot be walked through: it has a "
            "method that gives its parameters. The given line has that call."
        ), hides=EVERY_CHECK, raised=(("TypeError", r"^'\w*[Ee]ncoder' object is not iterable"),),
            title="Model given to the optimizer"),
        Misconception("batch-not-unpacked", loop, (
            "`data` gives images and labels together, and this loop gives one name to both. Only the images are what "
            "the model takes. {line}"
        ), (
            "`for x in data` in place of `for x, y in data`: x is a list of two tensors. What else the function does "
            "was seen by taking its first part."
        ), cost=loop_cost, title="Batch that is not unpacked"),
        Misconception("pair-without-brackets", loop, (
            "`enumerate` gives a number and a batch, which is itself a pair: the names of the pair need brackets of "
            "their own. {line}"
        ), (
            "`for i, x, y in enumerate(data)` in place of `for i, (x, y) in …`: two things are given and three names "
            "are there. What else the function does was seen with the brackets."
        ), cost=loop_cost, title="Pair without brackets"),
        Misconception("range-missing", loop, (
            "`for` goes through things that are there, and a number is none: what gives the numbers up to it? {line}"
        ), (
            "`for epoch in epochs` in place of `for epoch in range(epochs)`. What else the function does was seen with "
            "the range."
        ), cost=loop_cost, title="Loop over a number"),
        Misconception("backward-not-called", loop, (
            "The loss is there, but it is never sent backwards, so the optimizer finds no gradient. Is `backward` "
            "called, with its brackets `()`?"
        ), (
            "`loss.backward` without brackets names the method and does not call it; Python says nothing. Or the line "
            "is missing. The loss itself was judged by sending it backwards afterwards."
        ), title="`backward` never called"),
        Misconception("stopped-early", loop, (
            "The function stopped after {done} of {steps} steps.{why}"
        ), (
            "The function raised, or returned, before all batches were used. The other checks rest on the steps that "
            "were made."
        ), title="Stopped before all steps were done"),
        Misconception("epochs-ignored", loop, (
            "With `epochs={epochs}` the data was seen once. What ends the loop over epochs early: a `return` or "
            "`break` inside it, or its range?"
        ), (
            "The data was walked through once although more epochs were asked for, most often because `return` is "
            "indented into the loop."
        ), cost=loop_cost, title="One epoch only"),
        Misconception("one-batch-only", loop, (
            "Every step uses the same batch, though there are {batches}. Does a `break` or `return` leave the loop "
            "early?"
        ), (
            "All steps use the first batch, because the loop is left after it or the data is read anew each time. The "
            "loss of that batch falls well, the model generalises badly."
        ), cost=loop_cost, title="The same batch in every step"),
        Misconception("wrong-steps", loop, (
            "There were {got} optimizer steps; {epochs} epochs of {batches} batches make {steps}."
        ), (
            "The number of steps, or the order of batches, is not the one that the given loop makes: steps for each "
            "image, two steps for each batch, or batches left out."
        ), cost=loop_cost, title="Another number of steps"),
        Misconception("loops-swapped", loop, (
            "Each batch is used {epochs} times in a row before the next one comes. An epoch goes through all the data "
            "once; the epochs are the outer loop."
        ), (
            "The loop over the epochs stands inside the loop over the batches. The number of steps is right, but the "
            "last batches have the last word, and nothing is seen again later."
        ), cost=loop_cost, title="Loops over epochs and batches swapped"),
        Misconception("odd-steps", loop, (
            "The steps do not go through each batch once an epoch, as the given loop does. A person will look at this."
        ), (
            "There are as many steps as there should be, but some batches are used more often than others, or some "
            "steps used no images of the data that could be told."
        ), cost=loop_cost, kind=Kind.REVIEW, title="Batches in another order"),
        Misconception("nothing-moves", loop, (
            "The optimizer takes its steps, but no weight of the model changes. How large is its learning rate?"
        ), (
            "Gradients arrive, `step` is called, and all weights stay as they are: the learning rate is 0, or the "
            "weights are put back."
        ), cost=loop_cost, title="Steps that change nothing"),
        Misconception("half-trained", loop, (
            "Each step changes the {changed} only; the weights of the {still} stay as they are. All the model's "
            "parameters belong to a step."
        ), (
            "The optimizer was made with the parameters of one half of the model. The other half keeps the random "
            "weights that it began with."
        ), cost=loop_cost, title="Half of the model trained"),
        Misconception("partly-held", loop, (
            "The optimizer does not hold all the model's parameters: {left} of {of} tensors are left out and stay as "
            "they are."
        ), (
            "The optimizer was made with some of the model's parameters, for example without the biases."
        ), cost=loop_cost, title="Optimizer without all parameters"),
        Misconception("partly-still", loop, (
            "Some of the model's weights never change, although the optimizer holds them."
        ), (
            "A learning rate of 0 for a group of parameters, or `requires_grad_(False)` for a part of the model."
        ), cost=loop_cost, title="Weights that never change"),
        Misconception("clipped", loop, (
            "You clip or rescale the gradients before each step. The given loop does not, but it costs nothing: the "
            "loss stays what it is."
        ), (
            "`clip_grad_norm_` or `clip_grad_value_` shortens long gradients; others divide each by its length or take "
            "its sign. It changes the steps and not what is minimised; with Adam it hardly matters."
        ), kind=Kind.NOTE, title="Gradients clipped"),
        Misconception("cleared-before-step", loop, (
            "When the optimizer steps, all gradients are 0, although your loss has sent some. What clears them before "
            "`step`?"
        ), (
            "`zero_grad` stands between `backward` and `step`: each step finds zeros, and nothing is learned."
        ), cost=loop_cost, title="Gradients cleared before the step"),
        Misconception("step-before-backward", loop, (
            "The gradient of each batch arrives only after its optimizer step. In what order do `backward` and `step` "
            "stand?"
        ), (
            "`step` is called before `backward`, so that it uses what an earlier batch has left, or nothing."
        ), cost=loop_cost, title="Step before `backward`"),
        Misconception("gradients-noisy", loop, (
            "Something that does not depend on your loss, such as noise, is added to the gradients before each step. "
            "The given loop uses them as they are."
        ), (
            "What the optimizer finds beside the gradients that arrived is alike to neither these, those before, the "
            "weights, nor to what was added in another step: noise, drawn anew each time. It is used on purpose "
            "elsewhere; here nothing asks for it."
        ), cost=loop_cost, title="Noise added to the gradients"),
        Misconception("gradients-changed", loop, (
            "The weights are not changed by the gradients as your loss has sent them. A person will look at this."
        ), (
            "Between `backward` and `step` the gradients were changed, or some of them were left over from other "
            "batches, in a way that is not known here."
        ), cost=loop_cost, kind=Kind.REVIEW, title="Gradients changed before the step"),
        Misconception("no-zero-grad", loop, (
            "Gradients of earlier batches are still there when a step is taken. The given loop clears them with "
            "`opt.zero_grad()`."
        ), (
            "PyTorch adds new gradients to those already there. Without `zero_grad` step k follows the sum g₁ + … + "
            "gₖ, a momentum that never forgets. The loss often still falls at first."
        ), cost=loop_cost, title="Gradients never cleared"),
        Misconception("optimizer-in-loop", loop, (
            "A new optimizer is made while training, and Adam forgets what it has learned about the gradients. Make it "
            "once, before the loop."
        ), (
            "Adam keeps running means of the gradients and their squares. Made anew for each batch or epoch it starts "
            "from 0 again; when new for each batch, every first step is about ±lr in each weight, a descent by signs."
        ), cost=loop_cost, title="Optimizer made anew while training"),
        Misconception("model-not-returned", loop, (
            "The function returns {returned} and not the model that it was given; the next cells expect that one."
        ), (
            "The function trains the model but does not hand it back. The next cell binds the result, so that `None` "
            "or a number stands where the model is expected."
        ), cost=loop_cost, title="Model not returned"),
    )  # fmt: skip
