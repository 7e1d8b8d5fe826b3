"""Points, hints and misconceptions of the decoder exercise."""

from autograder.autoencoders.common_mistakes import common_mistakes
from autograder.autoencoders.networks import misconceptions as networks
from autograder.course.exercise import EVERY_CHECK, Check, Exercise, Misconception

_HINTS = networks.Hints(layers=1, activation=2, forward=3)

DECODER = Exercise(
    key="decoder",
    title="Decoder",
    short="Dec",
    number=2,
    cell="decoder",
    name="Decoder",
    section="Exercise 2: The decoder",
    checks=(
        Check(
            "shape", "A batch of latent vectors becomes a batch of images, shape (B, 1, 28, 28)", 0.5,
            lines=r"reshape|view|Unflatten|return\b",
        ),
        Check(
            "hidden", "One hidden layer of 512 units with ReLU", 0.75,
            lines=r"[Rr]e[Ll][Uu]|linear|Linear|Sequential",
        ),
        Check(
            "sigmoid", "The pixels come from a sigmoid, so they lie between 0 and 1", 0.75,
            lines=r"[Ss]igmoid|\bz\b *=|return\b",
        ),
    ),
    hints=(
        "The decoder is the encoder's mirror: from `latent_dims` numbers up to 512, then up to 784.",
        "After the first layer comes the same activation as in the encoder. After the second, each of the 784 numbers "
        "has to be squeezed into the range of a pixel.",
        "In `forward`: first layer, ReLU, second layer, sigmoid. The last line, which makes 28×28 images of the rows, "
        "is given; keep it, and pass it what you computed.",
    ),
    misconceptions=(
        *networks.of_layers(
            "L → 512 → 784", shape="shape", hidden="hidden", last="sigmoid", hints=_HINTS, unknown=0.25
        ),
        networks.latents_changed("hidden", 0.5, _HINTS.forward),
        networks.too_many_ways("hidden", 0.25, hides=("sigmoid",), hint=_HINTS.layers),
        Misconception("pixels-not-in-z", "shape", (
            "The last line makes images of `z`, which needs 784 numbers an image, and `z` holds another number of "
            "them. Does your result have another name?"
        ), (
            "The result was given a name of its own, such as `x_hat`, but the line below, which is given, makes images "
            "of `z`. That is still the latent, or the hidden layer."
        ), hint=3, hides=EVERY_CHECK, title="Layers' output lost before the last line"),
        Misconception("one-image-only", "shape", (
            "One latent vector works, a batch of them does not: this line makes a single image of the whole batch. "
            "There are as many images as latent vectors. {line}"
        ), (
            "`z.reshape(1, 1, 28, 28)` or `z.view(1, 28, 28)`: the batch dimension is written as 1, as it is for the "
            "one image that was tried. With a batch the numbers are too many for it, and PyTorch stops."
        ), hint=3, hides=EVERY_CHECK, title="Shape of one image for the whole batch"),
        Misconception("not-reshaped", "shape", (
            "The output has shape {got}: each image is still a row of 784 numbers. Images of shape {expected} are "
            "needed."
        ), (
            "The output is left as rows of 784 numbers. Compared with images of shape (B, 1, 28, 28) it raises an "
            "error or, worse, broadcasts to another shape."
        ), hint=3, title="Rows of 784 numbers, not images"),
        Misconception("no-channel", "shape", (
            "The output has shape {got}: the channel dimension is missing. Images of shape {expected} are needed."
        ), (
            "The images have shape (B, 28, 28). Against data of shape (B, 1, 28, 28) the difference broadcasts to (B, "
            "B, 28, 28), so that every image is compared with every other, without an error."
        ), hint=3, title="Channel dimension missing"),
        Misconception("transposed", "shape", (
            "Rows and columns of the image are swapped. The data's own order is needed: 28 pixels of the first row "
            "come first, then the second row."
        ), (
            "Rows and columns are swapped. A decoder that is trained that way would learn the swapped order, so that "
            "training hides it; with known weights the pixels are seen in the wrong places."
        ), hint=3, title="Rows and columns swapped"),
        Misconception("no-sigmoid", "sigmoid", (
            "The output is not squashed: it runs from {low:.1f} to {high:.1f}, but a pixel lies between 0 and 1."
        ), (
            "The second layer's output is taken as pixels, which may be any real number. The squared error pulls it "
            "towards [0, 1], so reconstructions look acceptable, but nothing keeps it there."
        ), hint=2, in_class=(
            "Show the smallest and the largest pixel of a reconstruction made without the sigmoid, and ask how such "
            "a pixel would be drawn."
        ), title="No sigmoid at the end"),
        Misconception("another-output", "sigmoid", (
            "The output passes through {activation} and runs from {low:.1f} to {high:.1f}. The sigmoid asked for maps "
            "any number into (0, 1)."
        ), (
            "Another function is used at the output. Its range is not that of a pixel: tanh reaches −1, and a ReLU has "
            "no upper bound and a zero gradient wherever it gives 0."
        ), hint=2, title="Another function than sigmoid at the end"),
        Misconception("another-squashing", "sigmoid", (
            "The output is kept within [0, 1] by {activation}; the exercise asks for a sigmoid."
        ), (
            "The output is kept within [0, 1], but not by a sigmoid. Clamping and hard sigmoids have gradient 0 "
            "outside their range, so a saturated pixel cannot learn any more; a rescaled tanh is ½(tanh h + 1) = "
            "sigmoid(2h), a sigmoid of another slope."
        ), cost=0.5, hint=2, title="Pixels kept within 0 and 1 in another way"),
        Misconception("softmax-output", "sigmoid", (
            "The 784 pixels of an image sum to 1, so they average 0.0013: that is a softmax. Pixels are not "
            "alternatives; each has its own value between 0 and 1."
        ), (
            "A softmax divides by the sum over all 784 pixels, so that they compete: they add up to 1 and average "
            "1/784 ≈ 0.0013. The idea comes from classification, where exactly one class is right."
        ), hint=2, title="Softmax over the pixels"),
        Misconception("rounded-output", "sigmoid", (
            "Every pixel is 0 or 1 and nothing between, as after rounding or `>`. The sigmoid's own numbers are the "
            "pixels: a step has no slope, so nothing could be learned through it."
        ), (
            "The output is rounded, or compared with ½. Its gradient is 0 wherever it has one, so the loss does not "
            "fall; and the grey of the data cannot be drawn."
        ), hint=2, title="Pixels rounded to 0 and 1"),
        Misconception("relu-before-sigmoid", "sigmoid", (
            "No pixel is ever darker than 0.5: a ReLU comes just before the sigmoid. The sigmoid needs negative "
            "numbers for dark pixels."
        ), (
            "The activation of the hidden layer is repeated after the last one. sigmoid(max(h, 0)) ≥ ½, so that black, "
            "most of an MNIST image, cannot be produced."
        ), hint=3, title="ReLU before the sigmoid"),
        Misconception("sigmoid-twice", "sigmoid", (
            "All pixels lie between 0.5 and 0.73: the sigmoid is applied twice."
        ), (
            "Since sigmoid(h) lies in (0, 1), sigmoid(sigmoid(h)) lies between ½ and 0.731. It happens when the "
            "sigmoid is both a layer of the network and called in `forward`."
        ), hint=3, title="Sigmoid applied twice"),
        Misconception("input-detached", "sigmoid", (
            "No gradient goes through your decoder back to its input, so the encoder before it could never learn. "
            "Which step cuts the graph at the start (`detach`, `no_grad`, `.data`, `.numpy()`)?"
        ), (
            "The values are right and the decoder's own weights learn, but ∂x̂/∂z is 0: nothing flows back into the "
            "encoder. The autoencoder then learns to draw the average image from random latents."
        ), hint=3, title="No gradient back to the latent"),
        Misconception("scaled-output", "sigmoid", (
            "The pixels run up to {high:.0f}. The data's pixels lie between 0 and 1, so nothing should be multiplied "
            "in."
        ), (
            "The sigmoid's output is multiplied by 255, as if pixels were bytes. The data's pixels have already been "
            "divided by 255, so image and reconstruction have different scales."
        ), hint=2, title="Pixels scaled beyond 1"),
        *common_mistakes("shape"),
    ),
)  # fmt: skip
