"""Misconceptions in a network of two dense layers."""

from dataclasses import dataclass

from autograder.course.exercise import EVERY_CHECK, Kind, Misconception


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
    sizes: str,
    shape: str,
    hidden: str,
    last: str,
    hints: Hints,
    *,
    slip: float = 0.5,
    unknown: float = 0.5,
    size_hides: tuple[str, ...] = (),
) -> tuple[Misconception, ...]:
    """The misconceptions about layers.

    Args:
        sizes: the network asked for, such as ``784 → 512 → L``.
        shape: key of the check that carries mistakes in shape and registration.
        hidden: key of the check that carries mistakes in the hidden layer.
        last: key of the check that carries a cut gradient.
        hints: which hint speaks of what.
        slip: what a hidden layer costs that is there, but of another kind or size.
        unknown: what a network costs that nothing explains, beside the check that cannot be looked at then; together
            no more than a mistake that is known.
        size_hides: checks that cannot be looked at where the latent size is fixed.
    """
    return (
        Misconception("returns-tuple", shape, (
            "`forward` returns a {returned}; the cells below need one tensor. (Its first tensor was judged.)"
        ), (
            "`forward` returns several values, often the hidden layer too or a stray trailing comma. The next cells "
            "pass the result on as a tensor, so it fails only there; everything else was judged on the first tensor."
        ), hint=hints.forward, title="More than one tensor returned"),
        Misconception("squeezed", shape, (
            "For a single input the batch dimension is gone: shape {got} where {expected} is expected. Something "
            "squeezes dimensions of size 1."
        ), (
            "`squeeze()` removes every dimension of size 1, so a batch of one image loses its batch dimension: (1, L) "
            "becomes (L,). With larger batches it goes unnoticed, until the last batch of an epoch holds one image."
        ), hint=hints.forward, title="Batch dimension lost for one input"),
        Misconception("input-overwritten", shape, (
            "Calling your network changes the tensor that it is given, in place: whoever uses it afterwards has "
            "another one. Which operation ends in `_`, or is `-=`, `*=`?"
        ), (
            "An operation in place, such as `x.squeeze_(1)`, `x -= 0.5` or `z.clamp_()`, changes the caller's tensor. "
            "In the training loop that is the batch, with which the reconstruction is compared."
        ), cost=0.25, hint=hints.forward, title="Input changed in place"),
        Misconception("another-type", shape, (
            "The output's numbers are of type {dtype}; the cells below need float32, as all layers have."
        ), (
            "The output was converted, with `.double()`, `.half()` or through NumPy, whose numbers are float64. The "
            "next layer or the loss stops with 'mat1 and mat2 must have the same dtype', in another cell."
        ), cost=0.25, hint=hints.forward, title="Numbers of another type"),
        Misconception("wrong-shape", shape, (
            "The output has shape {got}; expected {expected}."
        ), (
            "The output is a tensor of another shape than the notebook needs. Where its numbers can still be arranged "
            "to the right shape the rest is judged; otherwise nothing can be."
        ), hint=hints.forward, hides=EVERY_CHECK, title="Output of another shape"),
        Misconception("latent-size-fixed", shape, (
            "With `latent_dims={asked}` your code works with latent vectors of size {got}. The size has to be the one "
            "that the constructor is given."
        ), (
            "The latent size is written into the class (usually 2), or read from a global variable, and not taken from "
            "the constructor. It works in this notebook and breaks as soon as another size is asked for."
        ), hint=hints.layers, hides=size_hides, title="Latent size written into the code"),
        Misconception("input-returned", shape, (
            "`forward` hands its input back: the layers are not used yet."
        ), (
            "`forward` returns what it was given. The layers exist but are never called; a loss computed from it is 0 "
            "from the start and looks like perfect training."
        ), hint=hints.forward, hides=EVERY_CHECK, title="Input handed back"),
        Misconception("input-ignored", shape, (
            "Every input gives the same output: the output ignores the input."
        ), (
            "Whatever comes in, the same comes out: zeros, a constant, or noise alone. The shape is right, which is "
            "why the shape is judged only where the output depends on the input."
        ), hint=hints.forward, hides=EVERY_CHECK, title="Output ignores the input"),
        Misconception("layers-not-registered", shape, (
            "`parameters()` does not find the weights of all layers, so an optimizer could not train them. Keep layers "
            "as attributes, or in an `nn.ModuleList` rather than a plain list."
        ), (
            "The output does not come from `parameters()`: layers kept in a plain Python list or dict are no "
            "attributes of the module, so the optimizer never sees them and `.to(device)` leaves them behind. The "
            "forward pass works, hence it looks right; the loss does not fall."
        ), hint=hints.layers, hides=EVERY_CHECK, title="Layers that `parameters()` does not find"),
        Misconception("layers-made-in-forward", shape, (
            "The same input gives another output each time, and the layers' weights are not in `parameters()`: they "
            "seem to be made anew in every `forward`. Make them once, in `__init__`."
        ), (
            "New layers with new random weights are made in every call. The shapes are right, but nothing that is "
            "learned can stay, and the same image gives another output each time."
        ), hint=hints.layers, hides=EVERY_CHECK, title="Layers made anew in each call"),
        Misconception("random-output", shape, (
            "The same input gives another output each time. Nothing in this network should be random."
        ), (
            "The output changes from call to call, and no known network with dropout explains it. The encoder and the "
            "decoder of this notebook are deterministic."
        ), hint=hints.forward, hides=(hidden, last), title="Another output each time"),
        Misconception("changes-itself", hidden, (
            "The same input gives another output each time, and not by chance: each call leaves something behind in "
            "the network that the next one uses. The exercise asks for layers that only their training changes."
        ), (
            "The module keeps something from call to call that goes into the output: a count, a running mean, the last "
            "batch, or the vectors of a spectral normalisation. What comes out for an image then depends on what was "
            "given before it."
        ), cost=slip, hint=hints.forward, title="Something kept from call to call"),
        Misconception("no-hidden-activation", hidden, (
            "Your output is a purely linear function of the input. Something between the two layers is missing."
        ), (
            "Without a non-linear function between them two linear layers are one: W₂(W₁x + b₁) + b₂ = (W₂W₁)x + (W₂b₁ "
            "+ b₂). The hidden layer then adds nothing that a single linear layer could not compute. It runs, and its "
            "loss falls, which is why it goes unnoticed."
        ), hint=hints.activation, in_class=(
            "Write W₂(W₁x + b₁) + b₂ on the board and let the class multiply it out: what is left of two layers? "
            "Then ask what a function with a bend can do that W x + b cannot."
        ), title="No activation between the layers"),
        Misconception("another-hidden-activation", hidden, (
            "The hidden layer ends in {activation}; the exercise asks for ReLU."
        ), (
            "The hidden layer is non-linear, so the idea is there, but it is not the ReLU that the text asks for. Such "
            "a network trains about as well."
        ), cost=slip, hint=hints.activation, title="Another activation than ReLU"),
        Misconception("wrong-width", hidden, (
            "The hidden layer has {got} units; the exercise asks for 512."
        ), (
            "The hidden layer has another number of units than 512. The network is of the right kind, with more or "
            "fewer parameters."
        ), cost=slip, hint=hints.layers, title="Hidden layer of another width"),
        Misconception("extra-layer", hidden, (
            f"There are {{got}} linear layers one after the other; the exercise asks for two, {sizes}."
        ), (
            "There are more linear layers than asked for. It trains as well or better; it is not the network of the "
            "text, and the decoder is then no mirror of the encoder."
        ), cost=slip, hint=hints.layers, title="More than two layers"),
        Misconception("another-network", hidden, (
            f"Your layers compute another function than two linear layers with a ReLU between them can: there are more "
            f"of them, or of another kind. The exercise asks for {sizes}."
        ), (
            "Along a straight line through its inputs a network with one hidden layer of ReLUs bends once for each "
            "hidden unit, and doubling all parameters makes each bend four times as sharp where it is. This one does "
            "not: it has further layers with activations, a recurrence, a normalisation, or another activation."
        ), cost=slip, hint=hints.layers, title="Another network than the one asked for"),
        Misconception("batch-norm", hidden, (
            f"In training mode your layers give another output than in evaluation mode, and not by chance. Does one of "
            f"them normalise over the batch, such as `BatchNorm1d`? The exercise asks for {sizes} and a ReLU."
        ), (
            "A batch normalisation takes the mean and the spread of each hidden unit over the batch. What comes out "
            "for one image then depends on the other images beside it, and with a single image in training mode "
            "PyTorch stops: 'Expected more than 1 value per channel when training'."
        ), cost=slip, hint=hints.layers, raised=(("ValueError", "^Expected more than 1 value per channel"),),
            title="Batch normalisation",
        ),
        Misconception("no-hidden-layer", hidden, (
            f"There is a single linear layer; the exercise asks for two, {sizes}."
        ), (
            "A single linear layer maps the input straight to the output. It is a linear model, without anything "
            "hidden in which features could be combined."
        ), hint=hints.layers, title="Hidden layer missing"),
        Misconception("dropout", hidden, (
            "In training mode the same input gives another output each time, in evaluation mode it is right. Is there "
            "a dropout? The exercise does not ask for one."
        ), (
            "A dropout layer is active in training mode: each hidden unit is set to 0 with probability p and the "
            "others are divided by 1 − p. Its average is right, but each latent or image gets noise that the text does "
            "not ask for."
        ), cost=slip, hint=hints.activation, title="Dropout"),
        Misconception("noise-added", hidden, (
            "The same input gives another output each time, in evaluation mode too. Without its random draws your "
            "network can be told, and the rest was judged so; but nothing here should be random."
        ), (
            "Noise is added to the pixels or to the hidden units, or `F.dropout` is always on. With random draws set "
            "to their means the network is a known one. A denoising autoencoder is trained so, but not used so."
        ), cost=slip, hint=hints.forward, title="Noise in the network"),
        Misconception("unknown-network", hidden, (
            f"With known weights your output is not that of {sizes} with ReLU between, nor of a mistake known here. If "
            f"it does the same, leave it: your teacher sees it."
        ), (
            "With all weights set to known values the output is neither the right one nor one that a known mistake "
            "gives. It may be a right answer of a kind that is not known here, or two mistakes at once: compare the "
            "code with the text."
        ), cost=unknown, kind=Kind.REVIEW, hint=hints.activation, hides=(last,), title="Network not recognised"),
        Misconception("detached", last, (
            "No gradient reaches the layers, so training could not change them. Which step cuts the graph (`detach`, "
            "`no_grad`, `.data`, `.numpy()`)?"
        ), (
            "The values are right, but the graph is cut (`detach`, `no_grad`, `.data`, or a way through NumPy), so no "
            "gradient reaches the weights. In training the loss stays where it is, or only the layers after the cut "
            "learn."
        ), hint=hints.forward, title="Gradient cut off"),
        Misconception("partly-detached", last, (
            "No gradient reaches the weights of your first layer, so training would never change them. Which step "
            "after it cuts the graph (`detach`, `no_grad`, `.data`, `.numpy()`)?"
        ), (
            "The graph is cut between the two layers, so backpropagation stops there: ∂loss/∂W₁ is 0 and the first "
            "layer keeps its random weights. The second layer learns on random features, so the loss falls a little "
            "and the mistake goes unnoticed."
        ), hint=hints.forward, title="Gradient cut off in part"),
        Misconception("layer-detached", last, (
            "No gradient reaches {names}, so training would never change that. Which step on the way cuts the graph "
            "(`detach`, `no_grad`, `.data`, `.numpy()`)?"
        ), (
            "The output moves with these parameters, and autograd knows nothing of it: the graph is cut on the way. "
            "They keep their random values, and the other layers learn around them."
        ), hint=hints.forward, title="Gradient cut off at some layers"),
        Misconception("no-gradient-seen", last, (
            "No gradient reaches your layers under the weights of this check. In a network of so many layers that may "
            "be no mistake; if so, leave it: your teacher sees it."
        ), (
            "The network is longer than asked for, and no gradient arrives. Its graph may be cut, or its output may be "
            "flat where the check's large weights have driven it, as a sigmoid is at ±30."
        ), kind=Kind.REVIEW, hint=hints.forward, title="No gradient seen"),
        Misconception("gradient-not-finite", last, (
            "The gradient that reaches your layers is not a finite number, so that training could only spoil their "
            "weights. Does a step divide by 0, or take a root or a logarithm of it?"
        ), (
            "The output is right, but the gradients of its weights are NaN or infinite, as from an exponential that "
            "overflows on a branch of `torch.where` that is not taken. One such step makes every weight NaN."
        ), kind=Kind.REVIEW, hint=hints.forward, title="Gradient that is no finite number"),
        Misconception("no-bias", hidden, (
            "Your layers have no bias. That is fine here."
        ), (
            "Layers without a bias compute Wx in place of Wx + b. The text does not speak of biases, so this costs "
            "nothing."
        ), kind=Kind.NOTE, title="Layers without bias"),
    )  # fmt: skip


def not_flattened(check: str) -> Misconception:
    """The misconception of an encoder that works on rows of pixels only."""
    return Misconception("not-flattened", check, (
        "Your layers work on rows of 784 numbers, but images of shape (B, 1, 28, 28) come in. Each image has to become "
        "one row first. (The rest was judged on rows.)"
    ), (
        "`nn.Linear` works on the last dimension, which is 28 for an image of shape (B, 1, 28, 28), and 784 does not "
        "match it. The student sees the error only with real images, not with rows made for a trial. The other checks "
        "were made on rows."
    ), title="Images not flattened")  # fmt: skip


def pixels_changed(check: str, cost: float, hint: int) -> Misconception:
    """The misconception of an encoder that changes the pixels before its first layer."""
    return Misconception("input-changed", check, (
        "Your first layer does not get the pixels as they come: it gets {change}. They are between 0 and 1 already. "
        "(The rest was judged on what it gets.)"
    ), (
        "The images are scaled, centred or rounded in `forward`. `ToTensor` has made them numbers between 0 and 1; "
        "dividing these by 255 leaves an image that is nearly black, and a threshold leaves nothing of the grey."
    ), cost=cost, hint=hint, title="Input changed before the first layer")  # fmt: skip


def latents_changed(check: str, cost: float, hint: int) -> Misconception:
    """The misconception of a decoder that changes the latents before its first layer."""
    return Misconception("input-changed", check, (
        "Your first layer does not get the latent vectors as they come: it gets {change}. They may hold any number. "
        "(The rest was judged on what it gets.)"
    ), (
        "The latents are clamped, squashed or scaled in `forward`. What the encoder has learned to tell apart far out "
        "then becomes one image."
    ), cost=cost, hint=hint, title="Input changed before the first layer")  # fmt: skip


def too_many_ways(hidden: str, cost: float, hides: tuple[str, ...], hint: int) -> Misconception:
    """The remark on layers that can be put together in more ways than are tried; it belongs to check ``hidden``."""
    return Misconception("too-many-ways", hidden, (
        "Your layers can be put together in more ways than the grader tries, and none of those that it has tried "
        "gives your output. If they are what the task asks for, leave it: your teacher sees it."
    ), (
        "Which layer comes after which is not to be seen from outside: it is found by trying, the likelier ways first, "
        "up to a fixed number of computations. This class has many layers of one size, or many biases. It may be "
        "right; compare the code with the text."
    ), cost=cost, kind=Kind.REVIEW, hides=hides, hint=hint, title="Too many layers to try")  # fmt: skip
