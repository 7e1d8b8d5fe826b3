"""Points, hints and named mistakes of the KL exercise."""

from autograder.exercises import common
from autograder.exercises.definition import EVERY_CHECK, Check, Exercise, Kind, Misconception

KL = Exercise(
    key="kl",
    title="KL divergence",
    number=5,
    cell="variational_encoder",
    name="VariationalEncoder",
    taught="Second half: the KL divergence",
    checks=(
        Check("value", "`kl` is the divergence of N(μ, σ²) from N(0, 1)", 1.0),
        Check("reduction", "It is summed over images and latent dimensions", 0.25),
        Check("gradient", "The gradient of `kl` reaches the encoder", 0.75),
    ),
    hints=(
        "The formula stands in the text above the exercise: one term for each image and each latent dimension, then "
        "their sum.",
        "Three things enter: σ squared, μ squared and log σ, and a constant. Take the very σ that the noise is "
        "stretched with.",
        "Write it with tensor operations on `mu` and `sigma`, add everything up with `.sum()`, and store the tensor "
        "itself in `self.kl`: a plain number has no gradient.",
    ),
    misconceptions=(
        *common.misconceptions("value"),
        Misconception("never-stored", "value", (
            "After `forward`, `kl` still holds {got}. The divergence has to be stored in `self.kl`."
        ), hint=3, hides=EVERY_CHECK),
        Misconception("not-finite", "value", (
            "`kl` is not a finite number. Does a logarithm get a negative number, or something grow without bound?"
        ), hint=2, hides=EVERY_CHECK),
        Misconception("accumulates", "value", (
            "`kl` grows with every call: the same batch gives {first:.4g}, then {later:.4g}. It has to be set anew "
            "each time, not added to."
        ), cost=0.5, hint=3),
        Misconception("no-sigma-term", "value", (
            "The σ² term is missing from your KL: nothing keeps σ from growing."
        ), cost=0.5, hint=2),
        Misconception("no-mu-term", "value", (
            "Your KL does not depend on μ: nothing pulls the means towards 0."
        ), cost=0.5, hint=2),
        Misconception("no-log-term", "value", (
            "The logarithm is missing from your KL: nothing keeps σ from shrinking to 0."
        ), cost=0.5, hint=2),
        Misconception("log-sign", "value", (
            "The logarithm has the wrong sign in your KL, so the smaller σ is, the better: the noise would vanish."
        ), cost=0.5, hint=2),
        Misconception("sigma-not-squared", "value", (
            "σ enters your KL without its square: a σ of 0.5 counts like 0.5, and should count like 0.25."
        ), cost=0.5, hint=2),
        Misconception("mu-not-squared", "value", (
            "μ enters your KL without its square, so large negative means would be rewarded."
        ), cost=0.5, hint=2),
        Misconception("log-factor", "value", (
            "The logarithm has {factor} times its weight. Is it log σ or log σ² that you have, and does a factor ½ "
            "stand before it?"
        ), cost=0.5, hint=2),
        Misconception("log-base", "value", (
            "The logarithm has base {base}, which is {ratio} times the natural one. The natural one is needed."
        ), cost=0.5, hint=2),
        Misconception("uses-z", "value", (
            "The sample z stands where μ belongs: your KL changes with the noise, and it should not."
        ), cost=0.5, hint=2),
        Misconception("one-sample", "value", (
            "Your KL is estimated from the sample z: right on average, but noisy. The exercise asks for the formula "
            "in μ and σ. A person will look at this."
        ), cost=0.25, kind=Kind.DOUBT, hint=2),
        Misconception("negated", "value", (
            "Your KL has the wrong sign as a whole: for {batch} images it is {seen:.4g}, but a divergence is never "
            "below 0."
        ), cost=0.5),
        Misconception("factor", "value", (
            "Your KL is {factor} the expected one, for every batch. Which factors stand before the terms?"
        ), cost=0.5),
        Misconception("constant", "value", (
            "The constant term of your KL is {got} for each image and dimension; expected {expected}."
        ), cost=0.25, hint=2),
        Misconception("constant-once", "value", (
            "The constant {got} is added once to the whole sum. It belongs inside: once for each image and dimension."
        ), cost=0.25, hint=2),
        Misconception("another-sigma", "value", (
            "The σ in your KL is not the σ that z is sampled with: one of the two takes the head for log σ, the other "
            "for log σ². Both have to be the same."
        ), cost=0.5, hint=2),
        Misconception("taken-on-log", "value", (
            "log σ stands where σ belongs in your KL. The square is that of σ itself."
        ), hint=2),
        Misconception("reverse", "value", (
            "This is the divergence of N(0, 1) from N(μ, σ²). The other direction is needed."
        )),
        Misconception("wrong-coefficient", "value", (
            "All terms of your KL are there, but {term} has the weight {got:g} where {expected:g} is expected."
        ), cost=0.5, hint=2),
        Misconception("wrong-coefficients", "value", (
            "Your KL has the right kind of terms with other weights: {got}. Compare them with the formula in the text."
        ), hint=2),
        Misconception("wrong-value", "value", (
            "For {batch} images your KL is {got:.5g}; expected {expected:.5g}. It is not a sum of the formula's terms."
        ), hint=2, hides=("reduction",)),
        Misconception("sigma-unknown", "value", (
            "Which μ and σ your encoder uses could not be told, so the KL could not be compared. A person will look "
            "at this."
        ), kind=Kind.DOUBT, hint=2, hides=("reduction", "gradient")),
        Misconception("averaged-everything", "reduction", (
            "For {batch} images your KL is {seen:.3g} and the sum {total:.4g}. That is 1/{factor} of it: you took a "
            "mean over {batch} images and {latents} dimensions. The task asks for the sum."
        ), hint=3),
        Misconception("averaged-images", "reduction", (
            "For {batch} images your KL is {seen:.3g} and the sum {total:.4g}. That is 1/{batch} of it: you took a "
            "mean over the {batch} images. The task asks for the sum."
        ), hint=3),
        Misconception("averaged-dimensions", "reduction", (
            "For {latents} latent dimensions your KL is {seen:.3g} and the sum {total:.4g}. That is 1/{latents} of it: "
            "you took a mean over the dimensions. The task asks for the sum."
        ), hint=3),
        Misconception("first-image-only", "reduction", "Of {batch} images only the first enters your KL.", hint=3),
        Misconception("not-summed", "reduction", (
            "`kl` has shape {got}: the terms are right but not summed to one number yet."
        ), hint=3),
        Misconception("stops-in-training", "gradient", (
            "With gradients recorded, as in training, your code stops: {error}. {line}"
        ), hint=3),
        Misconception("detached", "gradient", (
            "Your KL value is right, but no gradient reaches the encoder. Which step made it a plain number?"
        ), hint=3),
        Misconception("no-gradient", "gradient", (
            "No gradient of `kl` reaches the encoder, so training could not change it. Which step made it a plain "
            "number?"
        ), hint=3),
        Misconception("partly-detached", "gradient", (
            "The gradient of `kl` reaches one head only, not {missing}'s. Which step cuts it off?"
        ), hint=3),
        Misconception("wrong-gradient", "gradient", (
            "A gradient of `kl` arrives, but it is {ratio:.2g} times the one that its value should have."
        ), hint=3),
        Misconception("finite-where-positive", "value", (
            "`kl` is not a number where σ is negative, as it can be in the first half of this exercise. It was judged "
            "where σ is positive."
        ), kind=Kind.NOTE),
        Misconception("blog-form", "value", (
            "This is the blog post's form, σ² + μ² − log σ − ½. It earns full marks; the exact divergence is "
            "½(σ² + μ² − 1) − log σ."
        ), kind=Kind.NOTE),
    ),
)  # fmt: skip
