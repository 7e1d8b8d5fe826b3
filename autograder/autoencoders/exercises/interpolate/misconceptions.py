"""Points, hints and misconceptions of the interpolation exercise."""

from autograder.autoencoders.common_mistakes import common_mistakes
from autograder.course.exercise import EVERY_CHECK, Check, Exercise, Kind, Misconception

INTERPOLATE = Exercise(
    key="interpolate",
    title="Interpolation",
    short="Interp",
    number=7,
    cell="interpolate",
    name="interpolate",
    section="Exercise 7: Interpolation",
    checks=(
        Check(
            "ends", "The first latent vector is that of x_1, the last that of x_2", 0.5,
            lines=r"linspace|\bz\b|arange|stack|cat",
        ),
        Check(
            "line", "The latent vectors lie evenly on the straight line between the two", 1.0,
            lines=r"linspace|\bz\b|arange|stack|lerp",
        ),
        Check("count", "There are n of them, and all are decoded", 0.5, lines=r"linspace|arange|range\(|\bz\b"),
    ),
    hints=(
        "A point on the line from z₁ to z₂ is z₁ plus a part t of the way to z₂.",
        "Take n values of t from 0 to 1, both ends included, evenly spaced; `linspace` gives just these.",
        "Make one latent vector for each t, then stack them to one tensor that the decoder takes. The given lines "
        "below decode and plot it.",
    ),
    misconceptions=(
        Misconception("other-model", "line", (
            "Your function did not use the model it was given. Which model encodes and decodes in your lines?"
        ), (
            "The function uses the notebook's global model and not its argument. It works in the notebook, where both "
            "are the same, and ignores any other model that it is given."
        ), hint=3, hides=EVERY_CHECK, title="Another model than the argument"),
        Misconception("nothing-decoded", "line", (
            "No latent vector was passed to the decoder of the model that was given."
        ), (
            "The function never calls the decoder of its argument with a latent. It may return the latents themselves, "
            "or stop before decoding."
        ), hint=3, hides=EVERY_CHECK, title="Nothing decoded"),
        Misconception("pictures-decoded", "line", (
            "The decoder was given pictures in place of latent vectors. What turns `x_1` and `x_2` into their latent "
            "vectors, and what does calling the whole model give?"
        ), (
            "The walk goes from image to image, because nothing was encoded, or because the whole model was called in "
            "place of its encoder. The real decoder cannot take pictures, so that nothing is drawn."
        ), hint=1, hides=EVERY_CHECK, title="Pictures in place of latents"),
        Misconception("not-stacked", "count", (
            "The decoder was given a {kind} of latent vectors. Stack them to one tensor first."
        ), (
            "A Python list of latents is passed to the decoder, which needs one tensor with the latents along its "
            "first dimension. The probe's decoder stacks them itself, to see the rest."
        ), hint=3, raised=((r".*", r"must be Tensor, not (?P<kind>list|tuple)"),), title="Latents not stacked"),
        Misconception("joined-end-to-end", "count", (
            "The latent vectors were joined end to end, to one row of numbers. The decoder needs a row for each of "
            "them: in the notebook your function stops there with an error."
        ), (
            "`torch.cat` joins along the dimension that is there: vectors of shape (L,) become one of shape (n·L,). "
            "The probe's decoder parts it again, to see the rest."
        ), hint=3, title="Latents joined to one row"),
        Misconception("in-columns", "count", (
            "The latent vectors stand in columns, side by side. The decoder needs a row for each of them: in the "
            "notebook your function stops there with an error."
        ), (
            "A tensor of shape (L, n) in place of (n, L): stacked along the last dimension, or made coordinate by "
            "coordinate. The probe's decoder turns it, to see the rest."
        ), hint=3, title="Latents in columns"),
        Misconception("encoder-unpacked", "count", (
            "The encoder gives one tensor for an image, its latent vector, but several names are to take it. {line} "
            "(The rest was judged as if it gave several.)"
        ), (
            "`z_1, _ = encoder(x_1)` or the like, as in tutorials whose encoder returns μ and log σ². In this notebook "
            "it returns z alone, and the function stops there. The probe's encoder was made to give its vector several "
            "times, to see the rest."
        ), hint=1, title="Encoder's output unpacked"),
        Misconception("array-decoded", "count", (
            "The decoder was given an array of NumPy (`{kind}`), and it takes a tensor. In the notebook your function "
            "stops there with an error."
        ), (
            "The latents were computed with NumPy and not made a tensor again. The probe's decoder does that itself, "
            "to see the rest."
        ), hint=3, title="NumPy array decoded"),
        Misconception("double-decoded", "count", (
            "The latent vectors are of `{kind}`, but the decoder's weights of float32: in the notebook your function "
            "stops there with an error. What has made them so?"
        ), (
            "NumPy computes in float64, and a tensor made of its numbers keeps that; a layer does not take it. The "
            "probe's decoder lets them pass, to see the rest."
        ), hint=3, title="Latents of float64"),
        Misconception("linspace-of-latents", "count", (
            "`torch.linspace` goes from one number to another, and not from vector to vector. What in the formula runs "
            "from one number to another? {line}"
        ), (
            "torch's `linspace` takes numbers for its ends, and was given two latents. It is t that runs evenly from "
            "one number to another; each latent follows from its t. The rest is seen by letting it pass."
        ), cost=0.5, hint=2, raised=((r".*", "linspace only supports 0-dimensional"),),
            title="`linspace` between latents",
        ),
        Misconception("tensor-of-tensors", "count", (
            "`torch.tensor` makes a tensor of plain numbers, but was given tensors. Tensors are stacked. {line}"
        ), (
            "`torch.tensor([...])` of tensors with more than one number raises; `torch.stack` and `torch.cat` join "
            "tensors. The rest is seen by letting it pass."
        ), cost=0.5, hint=3, raised=((r".*", "only one element tensors can be converted"),),
            title="`torch.tensor` of tensors",
        ),
        Misconception("parts-meet-numbers", "line", (
            "The n values of t meet the L numbers of a latent vector one by one, and do not fit. Each t has to meet "
            "the whole vector. {line}"
        ), (
            "The n parts of the way, of shape (n,), meet the way itself, of shape (1, L): broadcasting pairs the parts "
            "with the L coordinates. The parts need a dimension of their own."
        ), hint=3, hides=EVERY_CHECK, raised=((r".*", "must match the size of tensor b"),),
            title="n parts meet L numbers",
        ),
        Misconception("pixels-blended", "line", (
            "The images are blended pixel by pixel and then encoded. Encode both images first, and walk between their "
            "latent vectors."
        ), (
            "The mixture t·x₂ + (1 − t)·x₁ is made of the images, and then encoded: a cross-fade, in which two digits "
            "shine through each other. Encoding is not linear, so this is no walk between the latents."
        ), in_class=(
            "Show both strips: blended pixels fade one digit out and the other in, decoded latents change the "
            "shape. Ask which of the two uses what the encoder has learned."
        ), title="Pixels blended"),
        Misconception("same-image", "line", (
            "Both latent vectors are those of one image: every decoded one is the same."
        ), (
            "Both latents come from one image, mostly by a copied line in which one index was not changed. All "
            "pictures are alike."
        ), hides=("ends",), title="Both latents of one image"),
        Misconception("standing-still", "line", (
            "The latent vectors are all the same (number of them: {count}). They should move from z_1 to z_2."
        ), (
            "All latents are the same point although two images were encoded: t does not change, or does not enter the "
            "formula."
        ), hides=("ends",), title="All latents the same"),
        Misconception("sphere", "line", (
            "The latent vectors follow an arc (a spherical interpolation). The exercise asks for the straight line."
        ), (
            "Spherical interpolation (slerp) moves on an arc at a constant angle. It is used with high-dimensional "
            "normal latents, whose norms concentrate near √L; in two dimensions there is no such reason, and the text "
            "asks for the straight line."
        ), cost=0.5, title="An arc in place of the line"),
        Misconception("noise-added", "line", (
            "The latent vectors scatter around the line from z_1 to z_2, by up to {off:.2g}. Is noise added?"
        ), (
            "Two calls with the same images give different latents that lie beside the line. Noise is drawn for each "
            "point, or each end is sampled anew for each t."
        ), cost=0.5, hint=2, title="Noise beside the line"),
        Misconception("encoded-anew", "line", (
            "The images are encoded {count} times for one walk. A VAE's encoder draws another vector each time, so the "
            "walk would not be a straight line. Once for each image is enough."
        ), (
            "The encoder is called inside the loop over t. For a plain autoencoder that changes nothing; a variational "
            "one samples z anew each time, and the points scatter. Seen with an encoder that gives another latent for "
            "each call."
        ), cost=0.5, title="Images encoded anew for each step"),
        Misconception("small-to-large", "line", (
            "Each coordinate goes from the smaller value of the two to the larger one. The walk should "
            "go from z_1 to z_2, and some coordinates fall on that way."
        ), (
            "Every coordinate is sorted, as `torch.quantile` over the two latents does: right where z₂ is larger, "
            "turned round where it is smaller. In general neither end is one of the two latents."
        ), cost=0.5, title="From the smaller to the larger value"),
        Misconception("numbers-mixed", "line", (
            "All numbers of the right latent vectors are there, but not each in its place: coordinates of several "
            "vectors have been mixed. What has changed the shape?"
        ), (
            "A `view` or `reshape` of a tensor of shape (L, n) gives (n, L), but in rows that cut across the vectors; "
            "turning it round is another operation. None of the points lies on the line."
        ), cost=0.5, hint=3, title="Coordinates of several latents mixed"),
        Misconception("never-filled", "line", (
            "Some of your latent vectors are all zeros (number of them: {count}), and the others right: over which "
            "numbers does the loop go that fills them?"
        ), (
            "`torch.zeros(n, L)` is filled by a loop that leaves out the first or the last row. That row is no latent "
            "of an image, and the walk jumps."
        ), cost=0.5, hint=2, title="Latents that were never filled"),
        Misconception("weights-not-one", "line", (
            "Each of your latent vectors is a part of z_1 plus a part of z_2: on the way the part of z_1 goes from "
            "{first}, that of z_2 from {second}. Between the two vectors both parts together make 1 everywhere."
        ), (
            "The formula has a term too many or too few, such as z₁ + t·z₂ in place of z₁ + t·(z₂ − z₁), or t·(z₂ − "
            "z₁) without the start. The points lie evenly on a straight line, but not on the one through z₁ and z₂."
        ), cost=0.5, hint=1, title="Parts of the two latents that are not 1 together"),
        Misconception("off-line", "line", (
            "The latent vectors do not lie on the straight line from z_1 to z_2; they are off by up to {off:.2g}."
        ), (
            "The latents leave the line through z₁ and z₂, in none of the ways that are known here."
        ), title="Latents off the line"),
        Misconception("uneven", "line", (
            "The latent vectors lie on the line, but not evenly: the parts of the way are {parts}. Equal steps from "
            "0 to 1 are needed."
        ), (
            "The points lie on the line but at unequal distances, as with t² or an easing curve. The ends can be right "
            "all the same."
        ), cost=0.5, hint=2, title="Uneven steps"),
        Misconception("random-steps", "line", (
            "The parts of the way are random, such as {parts}. Equal steps from 0 to 1 are needed."
        ), (
            "t is drawn at random for each point, so that neighbours in the plot are no neighbours on the line."
        ), cost=0.5, hint=2, title="Random steps"),
        Misconception("last-missing", "ends", (
            "The walk stops before z_2: the last part of the way is {last:.3g} and not 1. Both ends belong to it."
        ), (
            "t = i/n for i = 0 … n − 1 ends at (n − 1)/n: n points have n − 1 gaps. The last picture is then not x₂'s."
        ), hint=2, title="Last end missing"),
        Misconception("first-missing", "ends", (
            "The walk starts after z_1: the first part of the way is {first:.3g} and not 0. Both ends belong to it."
        ), (
            "t = i/n for i = 1 … n begins at 1/n and leaves out z₁. n points with both ends have n − 1 gaps."
        ), hint=2, in_class=(
            "Count fence posts and gaps with n = 3: how many steps lie between three points, and what does the "
            "first weight have to be?"
        ), title="First end missing"),
        Misconception("open-ends", "ends", (
            "The walk leaves out both ends: it runs from {first:.3g} to {last:.3g} of the way, not from 0 to 1."
        ), (
            "The values of t leave out both 0 and 1, such as i/(n + 1) for i = 1 … n. All points lie between the ends."
        ), hint=2, title="Both ends missing"),
        Misconception("reversed", "ends", (
            "The walk runs the other way round, from z_2 towards z_1: it begins at {first:.3g} of the way and ends at "
            "{last:.3g}. It should run from 0 to 1."
        ), (
            "The weights of the two latents are exchanged: the walk begins at z₂, or near it, and ends at z₁, or near "
            "it."
        ), title="Walk in reverse"),
        Misconception("other-way", "ends", (
            "The walk begins at z_1 and goes away from z_2: it ends at {last:.3g} of the way, where 1 is z_2. Which of "
            "the two is subtracted from which?"
        ), (
            "The difference has the wrong sign, such as z₁ + t·(z₁ − z₂) or z₁ − t·(z₂ − z₁): the points lie on the "
            "line through both latents, but on the far side of z₁."
        ), title="Walk away from the second end"),
        Misconception("too-far", "ends", (
            "The walk runs from {first:.3g} to {last:.3g} of the way; it should run from 0 to 1."
        ), (
            "Some t lie outside [0, 1], for example in −1 … 1: the walk goes beyond the two images, which is an "
            "extrapolation."
        ), hint=2, title="Walk beyond the ends"),
        Misconception("wrong-ends", "ends", (
            "The first decoded vector is off that of x_1 by up to {first:.3f}, the last off that of x_2 by up to "
            "{last:.3f}. Both should be 0."
        ), (
            "The first or the last latent is not the one that the encoder gives for the image. Where the points leave "
            "the line, this shows that the ends are affected too."
        ), title="Other ends than the two images"),
        Misconception("only-ends", "count", (
            "Only the two ends are decoded, nothing between them."
        ), (
            "The two latents are decoded, but nothing between them. Without points between there is no line to judge."
        ), hint=2, hides=("line",), title="Only the two ends"),
        Misconception("count-fixed", "count", (
            "The number of latent vectors is always {got}, whatever `n` is. It should be the argument `n`."
        ), (
            "The number of points is written into the function (often 12, the default), so that the argument n has no "
            "effect."
        ), hint=2, title="Number of steps written into the code"),
        Misconception("stopped-after-decoding", "count", (
            "The latent vectors are decoded, but then your function stopped, so nothing would be drawn: {error}."
        ), (
            "The latents are right; what fails is the given half of the function, which plots them. It carries no "
            "points, but the student sees an error in the notebook while every check is green, so the card says why."
        ), kind=Kind.NOTE, title="Stopped after decoding"),
        Misconception("decoded-twice", "count", (
            "The decoder is given pictures that it has made already. In the notebook your function stops there with an "
            "error: the given line below decodes what you leave in `z`."
        ), (
            "`z` holds decoded pictures, and the given line decodes `z` once more. The real decoder cannot take "
            "pictures, so that nothing is drawn. The probe's decoder lets them pass, to see the rest."
        ), hint=3, title="Pictures decoded once more"),
        Misconception("wrong-count", "count", (
            "With n={asked} there are {got} latent vectors; there should be {asked}."
        ), (
            "The number of points is not n; most often n + 1, from counting the gaps in place of the points."
        ), hint=2, title="Another number of latents"),
        *common_mistakes("line"),
    ),
)  # fmt: skip
