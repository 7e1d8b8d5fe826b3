"""Misconceptions about the sample z = μ + σ·ε: how it is put together, and the law of its noise."""

from autograder.course.exercise import Kind, Misconception

SAMPLING = (
    Misconception("no-epsilon", "sampling", (
        "z = {written}: the same image always gives the same z. σ takes part, but nothing random does, so z is no "
        "sample."
    ), (
        "The factor ε is missing, as in z = μ + σ. That is one number for each image and dimension, one standard "
        "deviation away from the mean: no sample of N(μ, σ²)."
    ), hint=3, hides=("gradient",), title="σ added without noise"),
    Misconception("another-formula", "sampling", (
        "Your z is {written}: with the noise set to known numbers, that gives all that was seen. The sample asked "
        "for has μ as its centre and σ as its spread."
    ), (
        "μ, σ and ε are put together in another way, for example (μ + σ)·ε. Both heads are right; centre or spread "
        "of z is another."
    ), hint=3, title="Another formula for z"),
    Misconception("swapped", "sampling", (
        "z is centred on the exponential of one head, and the other head as it is stretches the noise. Have μ and "
        "σ changed places?"
    ), (
        "z = σ + μ·ε: mean and standard deviation are swapped (or the exponential stands at the wrong head, which "
        "is the same in z). The centre is then always positive, and the spread may be negative."
    ), hint=3, title="μ and σ swapped"),
    Misconception("sample-activated", "sampling", (
        "z passes through {activation} after it was sampled. A sample of N(μ, σ²) may be any real number: hand it "
        "back as it is."
    ), (
        "An activation is applied to the finished sample, z = f(μ + σ·ε). Its law is then no normal one, and the "
        "KL in the loss belongs to another distribution."
    ), cost=0.5, hint=3, title="Activation on the sample"),
    Misconception("no-noise", "sampling", (
        "The same image always gives the same z: nothing random is in it. z has to be a sample, not μ itself."
    ), (
        "z = μ: a plain autoencoder. It reconstructs better than a VAE, and the KL alone then has to shape the "
        "latents; the decoder never sees the space between the means, and no gradient reaches σ through z."
    ), hint=3, hides=("gradient",), title="No noise in z"),
    Misconception("noise-only-in-eval", "sampling", (
        "Noise comes only in evaluation mode. It is in training that the decoder has to see samples."
    ), (
        "The condition on `self.training` is turned round: samples are drawn in evaluation only. In training the "
        "decoder sees means alone, which is the case of z = μ. (The other way round, noise in training only, is "
        "right.)"
    ), hint=3, hides=("gradient",), title="Noise in evaluation mode only"),
    Misconception("fixed-noise", "sampling", (
        "Every call draws the same noise. Is a seed set, or the noise made once and kept?"
    ), (
        "A seed is set, or the noise is made once and kept, so that every call draws the same ε. The decoder "
        "learns to undo this one noise rather than to be smooth."
    ), hint=3, title="The same noise in every call"),
    Misconception("uniform-noise", "sampling", (
        "The noise is uniform (`rand`): as likely at its edges as in its middle. A sample of N(μ, σ²) needs "
        "standard normal noise."
    ), (
        "ε comes from `rand`, uniform on [0, 1]: mean ½, variance 1/12, kurtosis 1.8 in place of 0, 1 and 3 "
        "(shifted or scaled forms too). z is then no sample of N(μ, σ²), and the KL in the loss belongs to another "
        "distribution."
    ), cost=0.5, hint=3, title="Uniform noise"),
    Misconception("noise-of-uniforms", "sampling", (
        "Your noise is put together of uniform draws. A sample of N(μ, σ²) needs standard normal noise. If the law of "
        "yours is N(0, 1) nevertheless, leave it: your teacher sees it."
    ), (
        "ε is a sum of uniform draws, such as twelve of them less 6: near to normal, with lighter tails (kurtosis 2.9 "
        "for twelve, 2.4 for two, 3 for a normal law). Whether that is near enough is for a person to say."
    ), cost=0.25, kind=Kind.REVIEW, hint=3, title="Noise made of uniform draws"),
    Misconception("noise-one-number", "sampling", (
        "The whole batch shares one noise value. Each image and latent dimension needs its own."
    ), (
        "ε is a single number for the whole batch. All images are moved together and along one direction, so their "
        "samples are fully dependent."
    ), cost=0.5, hint=3, title="One noise value for the whole batch"),
    Misconception("noise-shared-by-images", "sampling", (
        "All images of a batch share their noise; only the dimensions differ. Each image needs its own."
    ), (
        "ε has one number for each dimension, shared by all images: the whole batch is shifted as one. Each image "
        "alone has the right distribution, so a plot of one image's samples looks right; the gradient of a batch "
        "is far noisier."
    ), cost=0.5, hint=3, title="Noise shared by all images"),
    Misconception("noise-shared-by-dimensions", "sampling", (
        "All dimensions of an image share one noise value, so the samples lie on a line. Each dimension needs its "
        "own."
    ), (
        "ε has one number for each image, shared by its dimensions: z lies on the line μ + ε·(σ₁, …, σ_L). Each "
        "coordinate alone is normal, but they are perfectly correlated, while the KL assumes independent ones."
    ), cost=0.5, hint=3, title="Noise shared by all dimensions"),
    Misconception("noise-shared", "sampling", (
        "The noise repeats: one number serves several images or dimensions, or comes back with its sign turned. "
        "Each image and each dimension needs a number of its own."
    ), (
        "Some numbers of ε are copies of others, up to the sign: one for two neighbours, or for two halves of the "
        "batch (antithetic draws). Each alone is standard normal, but they are not independent, as the sample of "
        "N(μ, σ²) asked for has them."
    ), cost=0.5, hint=3, title="Noise that repeats"),
    Misconception("noise-scaled", "sampling", (
        "The spread of z is {got:.3g} times what σ = exp(head) gives. Is there a factor on ε, or in σ? ε needs "
        "standard deviation 1, so that σ alone sets the spread."
    ), (
        "The noise is multiplied by a constant c, so z has standard deviation cσ, while the KL judges σ. A small c "
        "is a common trick to get sharper pictures; it takes the model part of the way back to an autoencoder."
    ), cost=0.5, hint=3, title="Noise scaled by a factor"),
    Misconception("noise-law", "sampling", (
        "The noise ε is not standard normal: {law}. Its mean is {mean:.2f}, its variance {variance:.2f} and its "
        "kurtosis (how much lies far out) {kurtosis:.1f}; a standard normal has 0, 1 and 3."
    ), (
        "With μ and σ known, the noise in z was recovered from many copies of one image. Its mean, variance or "
        "kurtosis lies more than six standard errors from those of a standard normal distribution (0, 1 and 3)."
    ), cost=0.5, hint=3, title="Noise that is not standard normal"),
    Misconception("noise-not-seen", "sampling", (
        "z is random, but many samples of it are not those of μ + σ·ε with μ = head, σ = exp(head) and standard "
        "normal ε, nor of a known mistake. If yours is that in other words, leave it: your teacher sees it."
    ), (
        "The noise cannot be steered, as it comes from elsewhere than torch or is made in another way, and the mean "
        "and spread of many samples fit neither the right answer nor a known mistake."
    ), kind=Kind.REVIEW, hint=3, hides=("hidden", "heads", "gradient"), title="Noise not recognised"),
    Misconception("noise-other", "sampling", (
        "z does not move in proportion to the noise, and many samples of it are not those of μ + σ·ε. If the law of "
        "yours is N(μ, σ²) nevertheless, leave it: your teacher sees it."
    ), (
        "With the noise set to 0, 1 and −2, z did not move in proportion: the noise goes through another function, "
        "such as a square or an exponential of ε."
    ), kind=Kind.REVIEW, hint=3, title="z that does not follow the noise"),
)  # fmt: skip
