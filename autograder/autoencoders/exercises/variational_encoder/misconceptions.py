"""Points, hints and misconceptions of the variational encoder exercise."""

from autograder.autoencoders.common_mistakes import common_mistakes
from autograder.autoencoders.exercises.variational_encoder.sampling_misconceptions import SAMPLING
from autograder.autoencoders.networks import misconceptions as networks
from autograder.course.exercise import EVERY_CHECK, Check, Exercise, Kind, Misconception

_HINTS = networks.Hints(layers=2, activation=1, forward=3)

VARIATIONAL_ENCODER = Exercise(
    key="variational_encoder",
    title="Variational encoder",
    short="VEnc",
    number=5,
    cell="variational_encoder",
    name="VariationalEncoder",
    section="First half: predict and sample",
    checks=(
        Check(
            "shape", "A batch of images becomes a batch of latent vectors, shape (B, L)", 0.5,
            lines=r"flatten|reshape|view",
        ),
        Check("hidden", "One hidden layer of 512 units with ReLU", 0.5, lines=r"[Rr]e[Ll][Uu]|linear1|Linear\(784"),
        Check(
            "heads", "Two linear heads: one is μ, the exponential of the other is σ", 0.75,
            lines=r"\b(mu|sigma|log_\w+|logvar)\b *=",
        ),
        Check(
            "sampling", "z = μ + σ·ε with fresh standard normal ε for every image and dimension", 0.75,
            lines=r"\bz\b *=|randn|\.sample|rsample|Normal",
        ),
        Check(
            "gradient", "The gradient reaches μ and σ through the sample", 0.5,
            lines=r"\bz\b *=|detach|no_grad|sample|\.item\(",
        ),
    ),
    hints=(
        "Begin as in the encoder: flatten, one hidden layer with ReLU. Then two layers side by side read the same "
        "hidden units.",
        "One head gives μ, the other log σ. Neither has an activation; the exponential makes σ positive. Both map 512 "
        "to `latent_dims`.",
        "A sample of N(μ, σ²) is standard normal noise, stretched by σ and moved by μ. Noise of μ's own shape gives "
        "each image and dimension its own. Drawing noise first, then computing with μ and σ, lets gradients through.",
    ),
    misconceptions=(
        *networks.of_layers(
            "784 → 512 → (μ, log σ)",
            shape="shape",
            hidden="hidden",
            last="gradient",
            hints=_HINTS,
            slip=0.25,
            unknown=0.25,
            size_hides=EVERY_CHECK,
        ),
        networks.not_flattened("shape"),
        networks.pixels_changed("hidden", 0.25, _HINTS.forward),
        networks.too_many_ways("hidden", 0.25, hides=("heads",), hint=_HINTS.layers),
        Misconception("noise-on-pixels", "hidden", (
            "Noise comes onto the pixels before the first layer, so μ and σ of one image are others each time. Here "
            "only z is random, given μ and σ."
        ), (
            "A denoising encoder: x + c·ε, or x·(1 + c·ε), goes into the first layer. With every random draw set to "
            "one number after the other, z is μ(x + c·ε) + σ(x + c·ε)·ε throughout."
        ), cost=0.25, hint=_HINTS.forward, title="Noise on the pixels"),
        Misconception("noise-on-units", "hidden", (
            "Noise comes onto the hidden units before the two heads, so μ and σ of one image are others each time. "
            "Here only z is random, given μ and σ."
        ), (
            "Noise goes into the hidden layer, before or after its ReLU, as well as into z. z is then no sample of "
            "N(μ, σ²) with the μ and σ that the KL is computed with for this image."
        ), cost=0.25, hint=_HINTS.forward, title="Noise on the hidden units"),
        Misconception("dropped", "hidden", (
            "Some numbers are dropped at random on the way to z, as a dropout does. The exercise does not ask for "
            "that; the rest was judged without it."
        ), (
            "A dropout before or after a layer. With every coin in it at its mean z is that of the heads, and so the "
            "other checks were judged; the dropout adds noise of its own to μ and σ."
        ), cost=0.25, hint=_HINTS.activation, title="Numbers dropped"),
        Misconception("split-by-two", "shape", (
            "With 2 latent dimensions your code works, with {latents} it does not: {message}. Does a `split` or an "
            "index assume that L is 2?"
        ), (
            "The output of one layer is split, or indexed, as if it had two columns: right for L = 2 by accident, "
            "where two numbers and two halves are easily taken for each other. For any other L it fails."
        ), hint=2, title="Works for two latents only"),
        Misconception("split-over-images", "heads", (
            "One layer's output is split between the images of a batch: some of them give μ, others log σ. Each image "
            "needs both. Which dimension of that output counts images, and which one numbers?"
        ), (
            "`chunk(2)`, `split(L)`, `h[:L]`, `view(2, -1, L)` or `mu, logvar = h` work along the first dimension, "
            "which counts images. For some batch sizes the code stops; for others z mixes pictures."
        ), hint=2, title="Outputs split between images"),
        Misconception("changed-interface", "shape", (
            "`forward` returns a {returned}, and its first tensor was judged as z. The cells below need z alone. If "
            "you have changed those cells, too, leave it: your teacher sees it."
        ), (
            "`forward` returns (z, μ, σ) or the like, as many published implementations do. The sampling is judged on "
            "the first tensor; the notebook's next cells need z alone."
        ), kind=Kind.REVIEW, hint=3, title="Another interface"),
        Misconception("no-mu", "heads", (
            "z is centred on 0 whatever the image: μ does not take part in it."
        ), (
            "z = σ·ε: the mean is left out. The latents of all images scatter around 0, and only their spread can tell "
            "images apart."
        ), hint=3, title="μ left out of z"),
        Misconception("mu-activated", "heads", (
            "μ passes through {activation}. A mean may be any real number: leave that head's output as it is."
        ), (
            "A function restricts the mean, for example to positive numbers. The KL pulls the means towards a normal "
            "distribution around 0, which such a head cannot follow."
        ), cost=0.5, hint=2, title="Activation on μ"),
        Misconception("heads-activated", "heads", (
            "Both heads pass through an activation, μ's through {activation}. Both may be any real number: leave the "
            "layers' outputs as they are."
        ), (
            "Both heads end in an activation. With a ReLU all means are ≥ 0, and, since exp(max(h, 0)) ≥ 1, no σ is "
            "below 1: the noise can never become small."
        ), hint=2, title="Activation on both heads"),
        Misconception("exp-on-mu", "heads", (
            "μ passes through an exponential, so it can never be negative. Only σ has to be positive."
        ), (
            "The exponential is applied to both heads, so every mean is positive. Only σ needs it."
        ), cost=0.5, hint=2, title="Exponential on μ"),
        Misconception("same-head-twice", "heads", (
            "μ and σ come from the same layer, so one fixes the other. Each needs a head of its own."
        ), (
            "One layer gives both μ and log σ, so σ = exp(μ): an image far to the right must have wide noise. The two "
            "need separate weights."
        ), title="One head for μ and σ"),
        Misconception("sigma-astray", "heads", (
            "The layer that gives σ works on {source}; the one that gives μ on the hidden units, as both should. "
            "Which variable is it called with?"
        ), (
            "`self.linear3` is called with μ, or with the flattened images, in place of the hidden layer's output. "
            "Both heads read the same hidden units; from μ alone σ cannot tell apart what μ does not."
        ), cost=0.5, hint=1, title="σ's head on another input"),
        Misconception("sigma-shared", "heads", (
            "σ is one and the same number for {by}. Each image and each dimension has a σ of its own, as it has a μ: "
            "how many numbers does the second head give, and are all of them used?"
        ), (
            "A head of one output, a mean over σ, one column of it, or a parameter in place of a head. The encoder "
            "then cannot say for which image, or in which dimension, it is how sure."
        ), cost=0.5, hint=2, title="One σ for many latents"),
        Misconception("no-exp", "heads", (
            "The second head is used as σ directly. It runs from {low:.2f} to {high:.2f} here, but a spread is never "
            "negative. That head gives log σ: what turns it into a positive σ?"
        ), (
            "The head's output is used as σ. It may be negative; then μ + σε still has the right distribution, since ε "
            "is symmetric, so that sampling looks right, but log σ in the KL is not a number for a negative σ."
        ), hint=2, in_class=(
            "Ask for a σ for every number that a linear layer can give, −3 too. What maps the whole line to "
            "positive numbers, and takes 0 to 1?"
        ), title="No exponential on σ"),
        Misconception("softplus-sigma", "heads", (
            "Where h is what its head gives, σ is {activation}; the exercise asks for exp(h). At h = 0 yours is "
            "{at_zero:.2g} and the one asked for is 1."
        ), (
            "σ = log(1 + eʰ) is positive too, and is often used. It differs from the eʰ of the text: at h = 0 it is ln "
            "2 ≈ 0.693 and not 1."
        ), cost=0.25, hint=2, title="Softplus in place of the exponential"),
        Misconception("relu-before-exp", "heads", (
            "A ReLU comes before the exponential, so σ can never be below 1."
        ), (
            "σ = exp(max(h, 0)) ≥ 1. The noise cannot become smaller than that of the prior, so neighbouring images "
            "blur into each other."
        ), cost=0.5, hint=2, title="ReLU before the exponential"),
        Misconception("sigma-activated", "heads", (
            "Where h is what its head gives, σ is {activation}; the exercise asks for exp(h)."
        ), (
            "σ is another function of its head than the exponential, such as a sigmoid (never above 1) or a square (0 "
            "at h = 0, where log σ is −∞)."
        ), cost=0.5, hint=2, title="Another function than exp gives σ"),
        Misconception("variance-as-sigma", "heads", (
            "The noise is stretched by σ², the variance: where σ is 0.5, by 0.25. The standard deviation, σ, is needed "
            "there."
        ), (
            "The noise is multiplied by the variance σ² = exp(2h). A sample of N(μ, σ²) is stretched by the standard "
            "deviation; N(μ, σ²) names the variance, and this is where the two are confused."
        ), cost=0.5, hint=3, title="Variance in place of σ"),
        Misconception("sigma-lifted", "heads", (
            "{added:.2g} is added to your σ. So small a number only keeps σ off 0: it costs nothing."
        ), (
            "σ = exp(h) + c with a small constant c, against a σ of 0 in the logarithm. The exponential is never 0, so "
            "it is not needed; it hardly changes the model."
        ), kind=Kind.NOTE, hint=2, title="Small constant added to σ"),
        Misconception("bounded", "heads", (
            "{what} is kept {bounds}, whatever its head gives. Training comes as far as that, and from there on the "
            "head gets no gradient."
        ), (
            "A head is clamped at a bound that trained encoders reach: σ at which an image is told apart from its "
            "neighbours is a few hundredths, and means lie several units out. Bounds that only keep numbers finite, "
            "as published code has them, cost nothing: μ free as far as ±10, σ from e⁻⁴ to e⁴."
        ), cost=0.25, hint=2, title="Head held within bounds"),
        Misconception("far-off", "heads", (
            "With ordinary weights your z is μ + σ·ε; far out, with wide noise or larger weights, it is "
            "not. If that is on purpose, leave it: your teacher sees it."
        ), (
            "The noise was made ten times as large, and one head's weights after the other all of one sign. There z is "
            "another than μ + σ·ε of the same heads, and no bound explains it."
        ), cost=0.25, kind=Kind.REVIEW, hint=2, title="Another z far out"),
        Misconception("constant-sigma", "heads", (
            "The noise has the same spread, 1, for every image: σ does not take part in the sample."
        ), (
            "z = μ + ε: σ takes no part, so the noise is that of N(μ, 1) for every image. The encoder cannot say how "
            "sure it is."
        ), hint=3, title="σ left out of z"),
        Misconception("unknown-sigma", "heads", (
            "z is centred on μ as it should be, but no known function of a second head gives the spread of the noise. "
            "The exercise asks for σ = exp(head). If yours is that in other words, leave it: your teacher sees it."
        ), (
            "μ is the first head's output, but the spread is not a known function of the second head. It may "
            "be a right idea with a bound or a small constant added."
        ), kind=Kind.REVIEW, hint=2, title="σ not recognised"),
        Misconception("unknown-heads", "heads", (
            "Two heads on one hidden layer, μ = head and σ = exp(head), do not give your z (with the noise off it lies "
            "between {low:.2g} and {high:.2g}), nor does a known mistake. Look at what `forward` does to each. If it "
            "is the same, leave it: your teacher sees it."
        ), (
            "With known weights and the noise switched off, z is no known function of any layer that could give μ. "
            "Read the code: an unusual architecture, or several mistakes at once."
        ), kind=Kind.REVIEW, hint=2, hides=("hidden",), title="Heads not recognised"),
        Misconception("latents-not-finite", "heads", (
            "With ordinary images and weights, some numbers of z are infinite or no numbers at all (`nan`). Which step "
            "gives that for a negative number, or for a large one: a logarithm, a root, a division?"
        ), (
            "z holds NaN or infinity where weights and images are of ordinary size: a logarithm or a root of a head, "
            "which may be negative, or an exponential of an exponential."
        ), hint=2, hides=EVERY_CHECK, title="Latents that are not finite"),
        *SAMPLING,
        Misconception("stops-in-training", "gradient", (
            "With gradients recorded, as in training, your code stops: {error}. {line}"
        ), (
            "Without gradients the code runs, with them it raises: most often a NumPy function, or `.numpy()`, on a "
            "tensor that wants a gradient. In the notebook the training cell stops at this line."
        ), hint=3, title="Stops where gradients are recorded"),
        Misconception("sample-cuts-gradient", "gradient", (
            "z is random in the right way, but no gradient reaches μ and σ through it. Drawing directly from N(μ, σ) "
            "cuts the graph; draw ε first and compute z from it."
        ), (
            "z has the right distribution, but it was drawn by `.sample()`, by `torch.normal(mu, sigma)`, or under "
            "`no_grad`. A random draw is no differentiable function of μ and σ; written as a function of them and of "
            "an independent ε it is (the reparametrisation: dz/dμ = 1, dz/dσ = ε)."
        ), hint=3, in_class=(
            "Ask for dz/dμ and dz/dσ of z = μ + σ·ε with ε given, and then of a number that a random generator has "
            "handed out. That is the whole idea of reparametrising."
        ), title="Sample that cuts the gradient off"),
        Misconception("sigma-cut-off", "gradient", (
            "The gradient reaches μ but not σ's head: which step makes σ a constant?"
        ), (
            "dz/dσ is 0: σ was detached or passed through NumPy. From the reconstruction the encoder cannot learn how "
            "much noise is good; the KL alone, if it still reaches σ, drives it to 1."
        ), hint=3, title="No gradient at σ"),
        Misconception("mu-cut-off", "gradient", (
            "The gradient reaches σ but not μ's head: which step makes μ a constant?"
        ), (
            "dz/dμ is 0: μ was detached. The reconstruction cannot move the means, so images are not told apart."
        ), hint=3, title="No gradient at μ"),
        Misconception("head-cut-off", "gradient", (
            "The gradient stops at the head of {head} and does not go on to the hidden layer, which never learns what "
            "that head needs. Which step cuts the graph there (`detach`, `no_grad`, `.data`)?"
        ), (
            "A head is given the hidden layer's output cut off from the graph. Its own weights learn, but ∂z/∂W₁ holds "
            "the other head's share alone: the features are shaped for one head, and the other makes do with them."
        ), hint=3, title="Gradient stops at a head"),
        Misconception("wrong-gradient", "gradient", (
            "A gradient reaches μ and σ, but it is {ratio:.3g} times what z = μ + σ·ε gives."
        ), (
            "The value of z is right but the gradient is not that of μ + σε, for example because a part is detached "
            "and added again, or a hook changes it."
        ), hint=3, title="Gradient that does not fit z"),
        Misconception("hidden-gradient", "gradient", (
            "The gradient that reaches your hidden layer is not the one that z = μ + σ·ε sends there. Is a part of it "
            "detached, or changed on the way? If that is on purpose, leave it: your teacher sees it."
        ), (
            "The heads get the right gradient and the hidden layer another one, which is neither that of both heads "
            "nor that of one alone: a hook may change it, or a part of the way may be cut."
        ), kind=Kind.REVIEW, hint=3, title="Another gradient at the hidden layer"),
        *common_mistakes("shape"),
    ),
)  # fmt: skip
