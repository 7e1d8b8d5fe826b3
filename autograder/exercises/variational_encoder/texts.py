"""Points, hints and named mistakes of the variational encoder exercise."""

from autograder.exercises import common
from autograder.exercises.definition import EVERY_CHECK, Check, Exercise, Kind, Misconception
from autograder.exercises.networks import texts as networks

_HINTS = networks.Hints(layers=2, activation=1, forward=3)

VARIATIONAL_ENCODER = Exercise(
    key="variational_encoder",
    title="Variational encoder",
    number=5,
    cell="variational_encoder",
    name="VariationalEncoder",
    taught="First half: predict and sample",
    checks=(
        Check("shape", "A batch of images becomes a batch of latents, shape (B, L)", 0.5),
        Check("hidden", "One hidden layer of 512 units with ReLU", 0.5),
        Check("heads", "Two linear heads: one is μ, the exponential of the other is σ", 0.75),
        Check("sampling", "z = μ + σ·ε with fresh standard normal ε for every image and dimension", 0.75),
        Check("gradient", "The gradient reaches μ and σ through the sample", 0.5),
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
        *common.misconceptions("shape"),
        *networks.of_layers(
            "784 → 512 → (μ, log σ)", shape="shape", hidden="hidden", last="gradient", hints=_HINTS,
            slip=0.25, size_hides=EVERY_CHECK,
        ),
        networks.not_flattened("shape"),
        Misconception("split-by-two", "shape", (
            "With 2 latent dimensions your code works, with {latents} it does not: {message}. Does a `split` or an "
            "index assume that L is 2?"
        ), hint=2),
        Misconception("changed-interface", "shape", (
            "`forward` returns a {returned}; the cells below need z alone. (Its first tensor was judged as z.) A "
            "person will look at this."
        ), kind=Kind.DOUBT, hint=3),
        Misconception("no-mu", "heads", (
            "z is centred on 0 whatever the image: μ does not take part in it."
        ), hint=3),
        Misconception("mu-activated", "heads", (
            "μ passes through {activation}. A mean may be any real number: leave that head's output as it is."
        ), cost=0.5, hint=2),
        Misconception("heads-activated", "heads", (
            "Both heads pass through an activation, μ's through {activation}. Both may be any real number: leave the "
            "layers' outputs as they are."
        ), hint=2),
        Misconception("exp-on-mu", "heads", (
            "μ passes through an exponential, so it can never be negative. Only σ has to be positive."
        ), cost=0.5, hint=2),
        Misconception("same-head-twice", "heads", (
            "μ and σ come from the same layer, so one fixes the other. Each needs a head of its own."
        )),
        Misconception("no-exp", "heads", (
            "The second head is used as σ directly. It runs from {low:.2f} to {high:.2f} here, but a spread is never "
            "negative. That head gives log σ: what turns it into a positive σ?"
        ), hint=2),
        Misconception("softplus-sigma", "heads", (
            "σ is a softplus of its head; the exercise asks for an exponential. Where the head gives 0, yours is 0.69 "
            "and the one asked for is 1."
        ), cost=0.25, hint=2),
        Misconception("relu-before-exp", "heads", (
            "A ReLU comes before the exponential, so σ can never be below 1."
        ), cost=0.5, hint=2),
        Misconception("sigma-activated", "heads", (
            "σ is {activation} of its head; the exercise asks for an exponential."
        ), cost=0.5, hint=2),
        Misconception("variance-as-sigma", "heads", (
            "The noise is stretched by σ², the variance: where σ is 0.5, by 0.25. The standard deviation, σ, is needed "
            "there."
        ), cost=0.5, hint=3),
        Misconception("constant-sigma", "heads", (
            "The noise has the same spread, 1, for every image: σ does not take part in the sample."
        ), hint=3),
        Misconception("unknown-sigma", "heads", (
            "μ is right, but the spread of the noise is no function of σ's head that is known here. The exercise asks "
            "for σ = exp(head). A person will look at this."
        ), kind=Kind.DOUBT, hint=2),
        Misconception("unknown-heads", "heads", (
            "With known weights, neither μ = head nor σ = exp(head) explains the latents. With the noise off, z lies "
            "between {low:.2g} and {high:.2g}. A person will look at this."
        ), kind=Kind.DOUBT, hint=2, hides=("hidden",)),
        Misconception("no-noise", "sampling", (
            "The same image always gives the same z: nothing random is in it. z has to be a sample, not μ itself."
        ), hint=3, hides=("gradient",)),
        Misconception("noise-only-in-eval", "sampling", (
            "Noise comes only in evaluation mode. It is in training that the decoder has to see samples."
        ), hint=3, hides=("gradient",)),
        Misconception("fixed-noise", "sampling", (
            "Every call draws the very same noise. Is a seed set, or the noise made once and kept?"
        ), hint=3),
        Misconception("uniform-noise", "sampling", (
            "The noise is uniform (`rand`): as likely at its edges as in its middle. A sample of N(μ, σ²) needs "
            "standard normal noise."
        ), cost=0.5, hint=3),
        Misconception("noise-one-number", "sampling", (
            "The whole batch shares one noise value. Each image and latent dimension needs its own."
        ), cost=0.5, hint=3),
        Misconception("noise-shared-by-images", "sampling", (
            "All images of a batch share their noise; only the dimensions differ. Each image needs its own."
        ), cost=0.5, hint=3),
        Misconception("noise-shared-by-dimensions", "sampling", (
            "All dimensions of an image share one noise value, so the samples lie on a line. Each dimension needs its "
            "own."
        ), cost=0.5, hint=3),
        Misconception("noise-scaled", "sampling", (
            "The noise has standard deviation {got:.3g}; ε needs 1, so that σ alone sets the spread."
        ), cost=0.5, hint=3),
        Misconception("noise-law", "sampling", (
            "The noise is not standard normal: {law}. Its mean is {mean:.2f}, its variance {variance:.2f} and its "
            "kurtosis {kurtosis:.1f}; expected 0, 1 and 3."
        ), cost=0.5, hint=3),
        Misconception("noise-not-seen", "sampling", (
            "The noise does not come from torch, and its statistics do not decide whether it is right. A person will "
            "look at this."
        ), kind=Kind.DOUBT, hint=3, hides=("hidden", "heads", "gradient")),
        Misconception("noise-other", "sampling", (
            "z does not move in proportion to the noise. A sample of N(μ, σ²) is μ plus σ times ε."
        ), hint=3),
        Misconception("stops-in-training", "gradient", (
            "With gradients recorded, as in training, your code stops: {error}. {line}"
        ), hint=3),
        Misconception("sample-cuts-gradient", "gradient", (
            "z is random in the right way, but no gradient reaches μ and σ through it. Drawing directly from N(μ, σ) "
            "cuts the graph; draw ε first and compute z from it."
        ), hint=3),
        Misconception("sigma-cut-off", "gradient", (
            "The gradient reaches μ but not σ's head: which step makes σ a constant?"
        ), hint=3),
        Misconception("mu-cut-off", "gradient", (
            "The gradient reaches σ but not μ's head: which step makes μ a constant?"
        ), hint=3),
        Misconception("head-cut-off", "gradient", (
            "The gradient stops at the head of {head} and does not go on to the hidden layer, which never learns what "
            "that head needs. Which step cuts the graph there (`detach`, `no_grad`, `.data`)?"
        ), hint=3),
        Misconception("wrong-gradient", "gradient", (
            "A gradient reaches μ and σ, but it is {ratio:.2g} times what z = μ + σ·ε gives."
        ), hint=3),
    ),
)  # fmt: skip
