"""Misconceptions about the value of the divergence: its terms, and what stands before them."""

from autograder.course.exercise import EVERY_CHECK, Kind, Misconception

VALUE = (
    Misconception("not-finite", "value", (
        "`kl` is not a finite number. Does a logarithm get a negative number, or something grow without bound?"
    ), (
        "The value is NaN or infinite: a logarithm of 0 or of a negative number, most often of the raw head (log σ "
        "itself), or an exponential taken twice."
    ), hint=2, hides=EVERY_CHECK, title="KL that is no finite number"),
    Misconception("no-sigma-term", "value", (
        "The σ² term is missing from your KL: nothing keeps σ from growing."
    ), (
        "In the exact form it leaves ½(μ² − 1) − log σ, which falls without bound as σ grows: training makes the "
        "noise as wide as the reconstruction allows."
    ), cost=0.5, hint=2, title="σ² left out"),
    Misconception("no-mu-term", "value", (
        "Your KL does not depend on μ: nothing pulls the means towards 0."
    ), (
        "In the exact form it leaves ½(σ² − 1) − log σ, which does not know where the means lie. They spread as "
        "far apart as helps the reconstruction, so samples of N(0, 1) fall into empty space."
    ), cost=0.5, hint=2, title="μ² left out"),
    Misconception("no-log-term", "value", (
        "The logarithm is missing from your KL: nothing keeps σ from shrinking to 0."
    ), (
        "In the exact form it leaves ½(σ² + μ² − 1), least at σ = 0 with the value −½: the noise shrinks to "
        "nothing, and what remains is an autoencoder with a penalty on the length of its latents."
    ), cost=0.5, hint=2, in_class=(
        "Draw ½(σ² − 1) and ½(σ² − 1) − log σ over σ between 0 and 2. Where is each least, and what does the "
        "noise become there?"
    ), title="Logarithm left out"),
    Misconception("log-sign", "value", (
        "The logarithm has the wrong sign in your KL, so the smaller σ is, the better: the noise would vanish."
    ), (
        "+log σ in place of −log σ: ½(σ² + μ² − 1) + log σ rises with σ everywhere and goes to −∞ as σ → 0, so "
        "that training takes the noise away."
    ), cost=0.5, hint=2, in_class=(
        "Let the class put σ = 0.01 into both signs of the logarithm. Which of the two would training reward?"
    ), title="Sign of the logarithm"),
    Misconception("sigma-not-squared", "value", (
        "σ enters your KL without its square: a σ of 0.5 counts like 0.5, and should count like 0.25."
    ), (
        "In the exact form ½(σ + μ² − 1) − log σ is least at σ = 2 with the value −0.193, and so it is no "
        "divergence, which is never below 0. (In the blog's form σ − log σ is least at σ = 1.)"
    ), cost=0.5, hint=2, in_class=(
        "Ask at which σ the divergence from N(0, 1) has to be 0, and let the class put it into their own "
        "formula."
    ), title="σ not squared"),
    Misconception("mu-not-squared", "value", (
        "μ enters your KL without its square, so large negative means would be rewarded."
    ), (
        "μ enters linearly: the more negative a mean is, the smaller the value, without bound. All means run off "
        "in one direction."
    ), cost=0.5, hint=2, title="μ not squared"),
    Misconception("log-factor", "value", (
        "The logarithm has {factor} times its weight. Is it log σ or log σ² that you have, and does a factor ½ "
        "stand before it?"
    ), (
        "In the exact form −2 log σ puts the minimum at σ = √2 ≈ 1.41 and −½ log σ at σ = 1/√2 ≈ 0.71, in place of "
        "1. The factor 2 is that of log σ² = 2 log σ: the formula was taken for one in the variance, or the ½ was "
        "applied to one term only."
    ), cost=0.5, hint=2, title="Factor before the logarithm"),
    Misconception("log-base", "value", (
        "The logarithm has base {base}, which is {ratio} times the natural one. The natural one is needed."
    ), (
        "log₂ σ = 1.44 ln σ and log₁₀ σ = 0.43 ln σ. In the exact form the minimum moves to σ = 1.20 or σ = 0.66."
    ), cost=0.5, hint=2, title="Logarithm of another base"),
    Misconception("uses-z", "value", (
        "The sample z stands where μ belongs: your KL changes with the noise, and it should not."
    ), (
        "z² in place of μ². Since E[z²] = μ² + σ², the value is on average ½σ² too large for each dimension of the "
        "exact form, which moves its minimum to σ = 1/√2; and it changes with every draw of the noise."
    ), cost=0.5, hint=2, in_class=(
        "Run the same batch twice. A divergence between two given distributions cannot change from call to "
        "call: what in the formula does?"
    ), title="z in place of μ"),
    Misconception("one-sample", "value", (
        "Your KL is estimated from the sample z: right on average, but noisy. The exercise asks for the formula in "
        "μ and σ. A person will look at this."
    ), (
        "½z² − log σ − ½ has the right mean, because E[z²] = μ² + σ²: a Monte Carlo estimate with one sample. It "
        "is unbiased, and legitimate where no formula is known; here it only adds noise."
    ), cost=0.25, kind=Kind.REVIEW, hint=2, title="KL estimated from one sample"),
    Misconception("negated", "value", (
        "Your KL has the wrong sign as a whole: for {batch} images it is {seen:.4g}, but a divergence is never "
        "below 0."
    ), (
        "The whole formula has its sign turned, as in papers that state −KL as a part of the bound to be "
        "maximised. Added to a loss it pushes the latents away from N(0, 1)."
    ), cost=0.5, title="Sign turned round"),
    Misconception("factor", "value", (
        "Your KL is {factor} the expected one, for every batch. Which factors stand before the terms?"
    ), (
        "All terms have the same constant factor c: a missing or doubled ½, or a division by the number of pixels. "
        "The minimum stays at N(0, 1), but in the VAE's loss the factor acts as the β of a β-VAE."
    ), cost=0.5, title="Factor before the whole KL"),
    Misconception("half-missing", "value", (
        "Your terms are σ² + μ² − 1 − log σ. For the exact form, ½(σ² + μ² − 1) − log σ, the ½ is missing. For the "
        "blog's, σ² + μ² − log σ − ½, it is the constant that is another. Take the exact one if in doubt: it is 0 "
        "at N(0, 1)."
    ), (
        "½(σ² + μ² − 1) − log σ with the ½ forgotten, or the blog's σ² + μ² − log σ − ½ with a wrong constant: the "
        "value is the same, so both readings are offered. It is least at σ = 1/√2, not at 1, with the value −0.153."
    ), cost=0.25, hint=2, title="½ left out"),
    Misconception("constant", "value", (
        "The constant term of your KL is {got} for each image and dimension; expected {expected}{form}."
    ), (
        "Only the constant is another one. It has no gradient, so training is the same, but the value at N(0, 1) "
        "is not 0 (in the exact form without its constant: ½ for each dimension)."
    ), cost=0.25, hint=2, title="Another constant"),
    Misconception("constant-once", "value", (
        "The constant {got} is added once to the whole sum. It belongs inside: once for each image and dimension."
    ), (
        "The constant is added once after the sum, and belongs in each term: B·L times. Training is the same, the "
        "value is not. Usually a parenthesis closes too early."
    ), cost=0.25, hint=2, title="Constant added once only"),
    Misconception("another-sigma", "value", (
        "The σ in your KL is not the σ that z is sampled with: one of the two takes the head for log σ, the other "
        "for log σ². Both have to be the same."
    ), (
        "The head h is read as log σ in one place and as log σ² in the other. Each formula is right for its own "
        "reading, so both look right alone. The exact form is still least at σ = 1, but it is that of another "
        "distribution than the one z is drawn from: of N(μ, σ) or N(μ, σ⁴), with the variance named second."
    ), cost=0.5, hint=2, in_class=(
        "Ask for the units: if the head is log σ, what is exp of half of it? Both uses of the head have to be "
        "read the same way."
    ), title="σ and its square mixed up"),
    Misconception("taken-on-log", "value", (
        "log σ stands where σ belongs in your KL. The square is that of σ itself."
    ), (
        "The head's output log σ is squared where σ² belongs. In the exact form ½((log σ)² + μ² − 1) − log σ is "
        "least at σ = e ≈ 2.72."
    ), cost=0.5, hint=2, title="log σ in place of σ"),
    Misconception("sigma-for-log", "value", (
        "σ or σ² itself stands in your KL where its formula has the logarithm: as it is, or under an exponential once "
        "more."
    ), (
        "The formula is written for log σ or log σ², as published code has it, and σ or σ² is given to it: −σ in place "
        "of −log σ, exp(2σ) in place of σ², or both. A σ that has been exponentiated already goes through exp again."
    ), cost=0.5, hint=2, title="σ in place of log σ"),
    Misconception("exchanged", "value", (
        "μ and the other head have changed places in your KL: the exponential is that of μ, and the other head is "
        "squared."
    ), (
        "The pair (μ, log σ) is unpacked, or handed to a function, in the wrong order. In z it is right. The KL then "
        "pulls log σ to 0 as it should, but its square grows alike on both sides, and μ is punished like a log σ."
    ), cost=0.5, hint=2, title="μ and log σ exchanged"),
    Misconception("pooled", "value", (
        "μ and σ are {how} over the {over} before they go into your formula. Each image and each dimension has a "
        "divergence of its own, and those are to be added up."
    ), (
        "`mu.mean()`, or a sum, inside the formula: it is the divergence of one distribution for all. μ of 3 and −3 "
        "have the mean 0, so that nothing pulls them in. The formula is not linear, so pooling has to come last."
    ), cost=0.5, hint=3, title="μ and σ pooled before the formula"),
    Misconception("another-prior", "value", (
        "Yours is the divergence from N({mean}, {variance}), with the variance named second. The one from N(0, 1) is "
        "needed."
    ), (
        "½(σ² + (μ − m)²)/s² − log σ + log s − ½ is the divergence of N(μ, σ²) from N(m, s²). The samples that are "
        "decoded later come from N(0, 1)."
    ), cost=0.5, hint=1, title="Divergence from another normal law"),
    Misconception("reverse", "value", (
        "This is the divergence of N(0, 1) from N(μ, σ²). The other direction is needed."
    ), (
        "KL(N(0, 1) ‖ N(μ, σ²)) = log σ + (1 + μ²)/(2σ²) − ½. It is 0 in the same place, but not symmetric: it "
        "punishes a small σ far more. The bound that a VAE maximises has the encoder's distribution first."
    ), title="Divergence in the other direction"),
    Misconception("bounded", "value", (
        "Your KL follows {what} only {bounds}. Training comes as far as that, and beyond it nothing pulls {what} back."
    ), (
        "μ or log σ is clamped before it enters the formula, at a bound that trained encoders reach. Outside it the KL "
        "has no gradient. Bounds that only keep numbers finite, as published code has them, cost nothing: μ free as "
        "far as ±10, σ from e⁻⁵ to e⁴."
    ), cost=0.25, hint=2, title="KL of bounded heads"),
    Misconception("bounded-in-part", "value", (
        "The {term} in your KL takes σ {bounds}, and the rest of it takes σ as it is. Beyond that bound the terms no "
        "longer balance each other: it is no divergence there."
    ), (
        "A clamp stands inside the logarithm, or under the square, alone: log(max(σ, c)). For a σ below c the "
        "logarithm is constant and σ² goes on pulling σ down, so that nothing keeps σ from 0. Bounds that only keep "
        "numbers finite cost nothing: in the logarithm σ from e⁻⁵ to e⁴."
    ), cost=0.25, hint=2, title="Bound on σ in one term"),
    Misconception("capped", "value", (
        "{of} is held at {most:.4g} or less. Whatever lies above has no gradient, so nothing pulls it back."
    ), (
        "min(KL, c), for each dimension or for the whole sum. What is furthest from N(0, 1) should be pulled most, "
        "and is not pulled at all."
    ), cost=0.25, hint=2, title="KL held below a bound"),
    Misconception("floored", "value", (
        "Your `kl` is held at {floor:.3g} or more{of}, as with \"free bits\". The divergence itself is asked for: "
        "below such a bound it has no gradient, and at N(0, 1) it should be 0."
    ), (
        "max(KL, λ), for each dimension, each image or the whole sum. It is a published way (\"free bits\") to keep "
        "latents in use; with it the value is no divergence where it matters most, near N(0, 1)."
    ), cost=0.25, hint=2, title="KL held above a bound"),
    Misconception("far-off", "value", (
        "With ordinary weights your `kl` is the divergence; with larger ones, where μ and log σ lie several units out, "
        "it is not. If that is on purpose, leave it: your teacher sees it."
    ), (
        "One head's weights after the other were all given one sign, so that μ or log σ reaches far. There `kl` is "
        "another than the formula gives with the same heads, and no bound explains it."
    ), cost=0.25, kind=Kind.REVIEW, hint=2, title="Another KL far out"),
    Misconception("log-lifted", "value", (
        "{added:.2g} is added to {of} {where}. So small a number only guards against the logarithm of 0: "
        "it costs nothing."
    ), (
        "log(σ + c) with a small constant c. An exponential is never 0, so it is not needed; it hardly changes the KL."
    ), kind=Kind.NOTE, hint=2, title="Small constant in the logarithm"),
    Misconception("log-offset", "value", (
        "{added:.2g} is added to {of} {where}. For a σ below {at:.2g} that number counts more than σ "
        "itself, so little keeps σ from shrinking to 0."
    ), (
        "log(σ + c) has the derivative 1/(σ + c), at most 1/c, where that of log σ grows without bound as σ falls. The "
        "value differs as well. Of c = 10⁻³ or less nothing is to be seen in training, and it costs nothing."
    ), cost=0.25, hint=2, title="Constant in the logarithm"),
    Misconception("noise-before", "value", (
        "With random draws set to 0 your `kl` is the divergence; with them μ and σ themselves change. That is about "
        "the first half of this exercise."
    ), (
        "Noise goes into the pixels or the hidden layer, so that μ and σ are other ones each time. The formula is "
        "right, and the first half of the exercise is charged for the noise."
    ), kind=Kind.NOTE, hint=2, title="Noise in μ and σ"),
    Misconception("nearly", "value", (
        "Your KL is near the formula's, but not it: for {batch} images it is {got:.6g}, and {expected:.6g} was "
        "expected. If something small is added on purpose, leave it: your teacher sees it."
    ), (
        "All values lie within two hundredths of a right formula's, and no known slip explains the rest: perhaps a "
        "constant that guards a logarithm or a root."
    ), cost=0.25, kind=Kind.REVIEW, hint=2, title="KL that is nearly right"),
    Misconception("wrong-coefficient", "value", (
        "All terms of your KL are there, but {term} has the weight {got:g} where {expected:g} is expected."
    ), (
        "A least-squares fit over many batches shows the coefficient of each term; one of them is off, by another "
        "amount than the usual slips."
    ), cost=0.5, hint=2, title="One term with another weight"),
    Misconception("wrong-coefficients", "value", (
        "Your KL has the right kind of terms with other weights: {got}. Compare them with the formula in the text."
    ), (
        "The value is a sum of σ², μ², log σ, a constant, σ and μ, but with several coefficients that are wrong. "
        "The fitted ones are shown to the student."
    ), hint=2, title="Terms with other weights"),
    Misconception("wrong-value", "value", (
        "For {batch} images your KL is {got:.5g}; expected {expected:.5g}. It is not a sum of the formula's terms."
    ), (
        "The value is no weighted sum of the terms that such a formula has. `F.kl_div` is a common reason: it "
        "compares discrete distributions given as log-probabilities."
    ), hint=2, hides=("reduction",), title="Value that no known formula gives"),
    Misconception("sigma-unknown", "value", (
        "Which μ and σ your encoder uses could not be told, so the KL could not be compared. A person will look at "
        "this."
    ), (
        "Neither z nor the heads show which μ and σ the encoder uses, so that there is nothing to compare the "
        "value with. It follows from an encoder that could not be read."
    ), kind=Kind.REVIEW, hint=2, hides=("reduction", "gradient"), title="μ and σ not recognised"),
)  # fmt: skip
