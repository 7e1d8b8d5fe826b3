"""Points, hints and named mistakes of the VAE's training exercise."""

from autograder.exercises import common
from autograder.exercises.definition import EVERY_CHECK, Check, Exercise, Kind, Misconception
from autograder.exercises.training import texts as training

_ERROR = training.OfError("reconstruction", hint=3, silence_hides=("kl", "balance"))

TRAIN_VAE = Exercise(
    key="train_vae",
    title="VAE training loss",
    number=6,
    cell="train_vae",
    name="train_vae",
    taught="Exercise 6: The training loss of the VAE",
    checks=(
        Check("kl", "The KL term is part of the loss", 1.0),
        Check("reconstruction", "The reconstruction loss is the squared error", 0.25),
        Check("balance", "Both terms have the same weight", 0.5),
        Check("loop", "The loop takes one fresh step for each batch of each epoch", 0.25, training.TAUGHT),
    ),
    hints=(
        "Three lines are missing: the reconstruction, its error as in the earlier exercise, and the KL term.",
        "The encoder has computed the KL term while the model was called, and keeps it as an attribute. Take it after "
        "the call, from the model that the function is given.",
        "Add the two as they are: the squared error summed over pixels and images, and the KL summed over images and "
        "latent dimensions. Averaging only one of them changes what is learned.",
    ),
    misconceptions=(
        *common.misconceptions("kl"),
        *training.of_training("vae", error=_ERROR, reduction="balance", loop="loop", loop_cost=0.25),
        Misconception("kl-not-there", "kl", (
            "There is no `kl` in this place. Which part of the model has computed and kept it, and how is that part "
            "reached from `vae`? {line}"
        ), hint=2, hides=EVERY_CHECK),
        Misconception("model-unpacked", "kl", (
            "`vae(x)` gives one thing, the reconstruction, but several names are to take it. {line}"
        ), hint=1, hides=EVERY_CHECK),
        Misconception("kl-left-out", "kl", (
            "No gradient of the loss reaches the KL term: it is missing from the loss, or was made a plain number "
            "(`.item()`, `.detach()`)."
        ), hint=2, hides=("balance",)),
        Misconception("kl-subtracted", "kl", (
            "The KL term is subtracted: training would push the latents away from N(0, 1). It is added to the loss."
        ), hint=3),
        Misconception("kl-from-before", "kl", (
            "The KL term in the loss is the one of the step before. Read it after the model has seen this batch."
        ), hint=2, hides=EVERY_CHECK),
        Misconception("multiplied", "kl", (
            "The two terms are multiplied with each other. The VAE's loss is their sum."
        ), hint=3, hides=("balance",)),
        Misconception("no-reconstruction", "reconstruction", (
            "No gradient of the loss reaches the reconstruction: only the KL term is trained."
        ), hint=3, hides=("balance",)),
        Misconception("kl-weighted", "balance", (
            "The KL term has {weight:.3g} times the weight of the reconstruction. Both should count alike here."
        ), hint=3),
        Misconception("mean-beside-sum", "balance", (
            "The reconstruction loss is a mean but the KL a sum, so the KL weighs {weight:,.0f} times too much. Use "
            "the sum for both."
        ), hint=3),
        Misconception("kl-averaged", "balance", (
            "The KL term has 1/{batch} of the reconstruction's weight for a batch of {batch}: you averaged it over the "
            "images. Both should be sums."
        ), hint=3),
        Misconception("unbalanced", "balance", (
            "The weight of the KL term against the reconstruction changes from step to step, between {low:.3g} and "
            "{high:.3g}. It should be 1 throughout."
        ), hint=3),
        Misconception("common-factor", "balance", (
            "Both terms carry the same factor, {factor:.3g}: that trains alike. The text asks for plain sums."
        ), kind=Kind.NOTE, hint=3),
        Misconception("changed-interface", "kl", (
            "Your function expects a model that returns more than the reconstruction. It trains your own model; a "
            "person will look at this."
        ), cost=0.0, kind=Kind.DOUBT, hint=2),
    ),
)  # fmt: skip
