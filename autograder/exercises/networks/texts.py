"""Named mistakes in a network of two dense layers."""

from dataclasses import dataclass

from autograder.exercises.definition import EVERY_CHECK, Kind, Misconception


@dataclass(frozen=True)
class Hints:
    """Which of an exercise's hints speaks of what.

    Attributes:
        layers: the layers and their sizes.
        activation: the hidden layer's activation.
        forward: what ``forward`` does, from its input to what it returns.
    """

    layers: int
    activation: int
    forward: int


def of_layers(
    sizes: str, shape: str, hidden: str, last: str, hints: Hints, *, slip: float = 0.5, size_hides: tuple[str, ...] = ()
) -> tuple[Misconception, ...]:
    """The misconceptions about layers.

    Args:
        sizes: the network asked for, such as ``784 → 512 → L``.
        shape: key of the check that carries mistakes in shape and registration.
        hidden: key of the check that carries mistakes in the hidden layer.
        last: key of the check that carries a cut gradient.
        hints: which hint speaks of what.
        slip: what a hidden layer costs that is there, but of another kind or size.
        size_hides: checks that cannot be looked at where the latent size is fixed.
    """
    return (
        Misconception("returns-tuple", shape, (
            "`forward` returns a {returned}; the cells below need one tensor. (Its first tensor was judged.)"
        ), hint=hints.forward),
        Misconception("squeezed", shape, (
            "For a single input the batch dimension is gone: shape {got} where {expected} is expected. Something "
            "squeezes dimensions of size 1."
        ), hint=hints.forward),
        Misconception("wrong-shape", shape, (
            "The output has shape {got}; expected {expected}."
        ), hint=hints.forward, hides=EVERY_CHECK),
        Misconception("latent-size-fixed", shape, (
            "With `latent_dims={asked}` your code works with a latent of size {got}. The size has to be the one that "
            "the constructor is given."
        ), hint=hints.layers, hides=size_hides),
        Misconception("input-returned", shape, (
            "`forward` hands its input back: the layers are not used yet."
        ), hint=hints.forward, hides=EVERY_CHECK),
        Misconception("input-ignored", shape, (
            "Every input gives the same output: the output ignores the input."
        ), hint=hints.forward, hides=EVERY_CHECK),
        Misconception("layers-not-registered", shape, (
            "`parameters()` does not find the weights of all layers, so an optimizer could not train them. Keep layers "
            "as attributes, or in an `nn.ModuleList` rather than a plain list."
        ), hint=hints.layers, hides=EVERY_CHECK),
        Misconception("layers-made-in-forward", shape, (
            "The same input gives another output each time, and the layers' weights are not in `parameters()`: they "
            "seem to be made anew in every `forward`. Make them once, in `__init__`."
        ), hint=hints.layers, hides=EVERY_CHECK),
        Misconception("random-output", shape, (
            "The same input gives another output each time. Nothing in this network should be random."
        ), hint=hints.forward, hides=(hidden, last)),
        Misconception("no-hidden-activation", hidden, (
            "Your output is a purely linear function of the input. Something between the two layers is missing."
        ), hint=hints.activation),
        Misconception("another-hidden-activation", hidden, (
            "The hidden layer ends in {activation}; the exercise asks for ReLU."
        ), cost=slip, hint=hints.activation),
        Misconception("wrong-width", hidden, (
            "The hidden layer has {got} units; the exercise asks for 512."
        ), cost=slip, hint=hints.layers),
        Misconception("extra-layer", hidden, (
            f"There are {{got}} linear layers one after the other; the exercise asks for two, {sizes}."
        ), cost=slip, hint=hints.layers),
        Misconception("no-hidden-layer", hidden, (
            f"There is a single linear layer; the exercise asks for two, {sizes}."
        ), hint=hints.layers),
        Misconception("dropout", hidden, (
            "In training mode the same input gives another output each time, in evaluation mode it is right. Is there "
            "a dropout? The exercise does not ask for one."
        ), cost=slip, hint=hints.activation),
        Misconception("unknown-network", hidden, (
            f"With known weights your output is not that of {sizes} with ReLU between, nor of a mistake known here. A "
            "person will look at this."
        ), kind=Kind.DOUBT, hint=hints.activation, hides=(last,)),
        Misconception("detached", last, (
            "No gradient reaches the layers, so training could not change them. Which step cuts the graph (`detach`, "
            "`no_grad`, `.data`, `.numpy()`)?"
        ), hint=hints.forward),
        Misconception("partly-detached", last, (
            "No gradient reaches the weights of your first layer, so training would never change them. Which step "
            "after it cuts the graph (`detach`, `no_grad`, `.data`, `.numpy()`)?"
        ), hint=hints.forward),
        Misconception("no-bias", hidden, "Your layers have no bias. That is fine here.", kind=Kind.NOTE),
    )  # fmt: skip


def not_flattened(check: str) -> Misconception:
    """The misconception of an encoder that works on rows of pixels only."""
    return Misconception("not-flattened", check, (
        "Your layers work on rows of 784 numbers, but images of shape (B, 1, 28, 28) come in. Each image has to become "
        "one row first. (The rest was judged on rows.)"
    ))  # fmt: skip
