"""Points, hints and misconceptions of the VAE's training exercise."""

from autograder.autoencoders.common_mistakes import common_mistakes
from autograder.autoencoders.training import misconceptions as training
from autograder.autoencoders.training.loss_misconceptions import OfError
from autograder.course.exercise import Check, Exercise, Kind, Misconception

_ERROR = OfError("reconstruction", hint=3, most=0.25, silent="kl", hides=("balance",), silence_hides=("kl", "balance"))

TRAIN_VAE = Exercise(
    key="train_vae",
    title="VAE training loss",
    short="TrVAE",
    number=6,
    cell="train_vae",
    name="train_vae",
    section="Exercise 6: The training loss of the VAE",
    checks=(
        Check("kl", "The KL term is part of the loss", 1.0, lines=r"kl|loss *="),
        Check("reconstruction", "The reconstruction loss is the squared error", 0.25, lines=r"recon|mse|MSE|x_hat *="),
        Check("balance", "Both terms have the same weight", 0.5, lines=r"loss *=|kl"),
        Check(
            "loop", "The loop takes one fresh step for each batch of each epoch", 0.25, training.SECTION,
            lines=r"backward|step\(|zero_grad|\bfor\b|opt",
        ),
    ),
    hints=(
        "Three lines are missing: the reconstruction, its error as in the earlier exercise, and the KL term.",
        "The encoder has computed the KL term while the model was called, and keeps it as an attribute. Take it after "
        "the call, from the model that the function is given.",
        "Add the two as they are: the squared error summed over pixels and images, and the KL summed over images and "
        "latent dimensions. Averaging only one of them changes what is learned.",
    ),
    misconceptions=(
        *training.of_training("vae", error=_ERROR, reduction="balance", loop="loop", loop_cost=0.25),
        Misconception("kl-not-there", "kl", (
            "There is no `kl` in this place. Which part of the model has computed and kept it, and how is that part "
            "reached from `vae`? {line}"
        ), (
            "`vae.kl`, `self.kl` or `encoder.kl`: the KL term is looked for on the wrong object. The variational "
            "encoder stores it in its own attribute, and is itself a part of the model. What else the function does "
            "was seen by finding it there; more is lost where that shows nothing."
        ), cost=0.75, hint=2, title="KL looked for in the wrong place"),
        Misconception("kl-left-out", "kl", (
            "No gradient of the loss reaches the KL term. Is it in the loss, and still a tensor there (no `.item()`, "
            "no `.detach()`), not held at a bound?"
        ), (
            "The loss is the reconstruction error alone, or the KL term is in it as a number without a gradient. Then "
            "nothing rewards a σ above 0: training shrinks the noise, and the VAE becomes an autoencoder with nicer "
            "reconstructions than a right one. That is why the outcome of training is no test for it."
        ), hint=2, hides=("balance",), in_class=(
            "Show the latents of a VAE trained without the term beside those with it: what keeps them near 0 now, "
            "and what would a sample of N(0, 1) decode to?"
        ), title="KL left out"),
        Misconception("kl-number", "kl", (
            "The KL term is in your loss as a number without a gradient (`.item()`, `.numpy()`, `.detach()`, "
            "`no_grad`), so training takes no notice of it. It has to be a tensor with its graph when it is added."
        ), (
            "`vae.encoder.kl.item()`, `.detach()`, `float(…)` or a `torch.no_grad()` around it: the value of the loss "
            "is right, but its gradient is that of the reconstruction alone, and training shrinks the noise. That is "
            "so since a gradient arrives at the KL as soon as nothing is cut off; the rest was judged in that way."
        ), cost=0.75, hint=2, in_class=(
            "Print `loss` and `loss.grad_fn` with and without `.item()`: the same number, but what is it made of?"
        ), title="KL without a gradient"),
        Misconception("kl-subtracted", "kl", (
            "The KL term is subtracted: training would push the latent vectors away from N(0, 1). It is added to the "
            "loss."
        ), (
            "Reconstruction − KL: training makes the divergence as large as it can. Since the KL has no upper bound, "
            "the loss goes to −∞ with growing |μ| or vanishing σ."
        ), hint=3, title="KL subtracted"),
        Misconception("kl-from-before", "kl", (
            "The KL term in the loss is the one of the step before. Read it after the model has seen this batch."
        ), (
            "The KL term is read before the model is called with this batch, so it belongs to the batch before (or is "
            "the initial 0). Its graph is freed by then, or its gradient belongs to other images."
        ), hint=2, hides=("balance",), title="KL of the step before"),
        Misconception("kl-of-some-images", "kl", (
            "The KL term in the loss is that of {seen} of the batch's {batch} images. All of them belong to it."
        ), (
            "The images go through the model in parts, and only some of the KL terms are added up: each call of the "
            "encoder replaces the one before."
        ), cost=0.5, hint=2, hides=("balance",), title="KL of some images only"),
        Misconception("multiplied", "kl", (
            "The two terms are multiplied with each other. The VAE's loss is their sum."
        ), (
            "Reconstruction · KL: each term's gradient is weighted with the other term's value. The product is 0 as "
            "soon as the KL is, whatever the reconstruction."
        ), hint=3, hides=("balance",), title="Terms multiplied"),
        Misconception("no-reconstruction", "reconstruction", (
            "No gradient of the loss reaches the reconstruction: only the KL term is trained."
        ), (
            "Only the KL term is in the loss. Its minimum, μ = 0 and σ = 1 for every image, carries no information "
            "about the images."
        ), hint=3, hides=("balance",), title="Reconstruction left out"),
        Misconception("reconstruction-number", "reconstruction", (
            "The reconstruction error is in your loss as a number without a gradient (`.item()`, `.numpy()`, "
            "`.detach()`, `no_grad`), so only the KL term is trained. It has to be a tensor with its graph."
        ), (
            "The error is cut off from the model before it is added: the value of the loss is right, but its gradient "
            "is that of the KL alone, whose minimum carries no information about the images. A gradient arrives as "
            "soon as nothing is cut off."
        ), hint=3, hides=("balance",), title="Reconstruction error without a gradient"),
        Misconception("kl-weighted", "balance", (
            "The KL term has {weight:.3g} times the weight of the reconstruction. Both should count alike here."
        ), (
            "The loss is reconstruction + β·KL with β ≠ 1, as in a β-VAE. β > 1 gives latents closer to N(0, 1) and "
            "blurrier images, β < 1 the other way round. The text asks for β = 1."
        ), hint=3, title="KL with a weight of its own"),
        Misconception("mean-beside-sum", "balance", (
            "The reconstruction loss is a mean but the KL a sum, so the KL weighs {weight:,.0f} times too much. Use "
            "the sum for both."
        ), (
            "The reconstruction error is a mean, the KL a sum. For a batch of 128 a mean over all pixels divides one "
            "term by 128·784 = 100,352, so the KL outweighs it by that factor: μ → 0 and σ → 1 for every image, and "
            "all reconstructions become the mean image (posterior collapse)."
        ), hint=3, in_class=(
            "Write both terms with their sums and means spelt out, for B = 128 images: which is how many times the "
            "other? The balance is the model, not a detail of it."
        ), title="A mean beside a sum"),
        Misconception("kl-averaged", "balance", (
            "The KL term has 1/{batch} of the reconstruction's weight for a batch of {batch}: you averaged it over the "
            "images. Both should be sums."
        ), (
            "The KL is divided by the batch size B while the reconstruction error is a sum: a β-VAE with β = 1/B, "
            "about 0.008 for 128. Reconstructions get sharper, and the latents move away from N(0, 1)."
        ), hint=3, title="KL averaged over the images"),
        Misconception("kl-divided", "balance", (
            "The KL term has 1/{factor} of the reconstruction's weight: it looks divided by {what}. Both should be "
            "plain sums."
        ), (
            "The KL is divided by a number that the reconstruction error is not divided by. Beside a summed error it "
            "then has next to no weight, and the VAE is trained as an autoencoder with noise."
        ), hint=3, title="KL divided"),
        Misconception("kl-by-epoch", "balance", (
            "The weight of the KL term changes from epoch to epoch: {weights}. It should be 1 throughout."
        ), (
            "β is a schedule over the epochs (KL annealing, warm-up), perhaps one that begins with 0. It is used "
            "against posterior collapse; here the text asks for β = 1."
        ), hint=3, title="KL's weight changes with the epoch"),
        Misconception("unbalanced", "balance", (
            "The weight of the KL term against the reconstruction is not the same in all steps: it lies between "
            "{low:.3g} and {high:.3g}. It should be 1 throughout."
        ), (
            "The ratio of the two weights is not the same in all steps: an annealed weight, a root, or a division by a "
            "batch size that varies."
        ), hint=3, title="Weights that differ from step to step"),
        Misconception("common-factor", "balance", (
            "Both terms carry the same factor, {factor:.3g}: that trains alike. The text asks for plain sums."
        ), (
            "c·(reconstruction + KL), such as both divided by the batch size. The minimum is the same, and Adam's "
            "steps hardly depend on c, so this costs nothing."
        ), kind=Kind.NOTE, hint=3, title="Both terms with one factor"),
        Misconception("changed-interface", "kl", (
            "Your function asks the model for more than the notebook's has, and it trains your own model. A person "
            "will look at the loss."
        ), (
            "The student's models return more than the notebook's do, for example (x̂, μ, log σ²), or keep more, such "
            "as `encoder.mu`. Their own `train_vae` trains their own model; a person has to read the loss."
        ), cost=0.0, kind=Kind.REVIEW, hint=2, title="Another interface"),
        *common_mistakes("kl"),
    ),
)  # fmt: skip
