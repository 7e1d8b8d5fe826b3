"""What a student runs and types in the hour: each exercise first with a slip, then right."""

import re
from dataclasses import dataclass

import nbformat
from proof.checkout import checkout

CHECKS = ("encoder", "decoder", "train", "variational_encoder", "kl", "train_vae", "interpolate")
# What can be run after an exercise, in the notebook's order.
GIVEN = {
    "encoder": ("load-data",),
    "decoder": ("autoencoder",),
    "train": (
        "run-training",
        "reconstructions-autoencoder",
        "plots",
        "plot-autoencoder-latent",
        "before-after",
        "plot-autoencoder-reconstructed",
    ),
    "variational_encoder": (),
    "kl": ("variational-autoencoder",),
    "train_vae": (
        "run-vae-training",
        "reconstructions-vae",
        "plot-vae-latent",
        "plot-vae-reconstructed",
        "two-latent-spaces",
        "held-out",
        "new-digits",
        "elbo-check",
    ),
    "interpolate": ("run-interpolation", "two-walks"),
}
# Cells that are run too early, and the exercise or heading that they name then.
TOO_EARLY = {
    "run-training": "The data",
    "plot-autoencoder-latent": "Look at the latent space",
    "run-vae-training": "Exercise 2 (the decoder)",
    "held-out": "The data",
    "run-interpolation": "The data",
}
_MARKER = re.compile(r"\n *### (BEGIN|END) SOLUTION|\n *# stub:[^\n]*")


@dataclass(frozen=True)
class Slip:
    """A mistake in an exercise that is right but for it.

    Attributes:
        key: the exercise.
        cell: its cell's id.
        right: what has to be there.
        wrong: what is typed in its place.
        named: words by which the card names the mistake.
    """

    key: str
    cell: str
    right: str
    wrong: str
    named: str


SLIPS = (
    Slip("encoder", "encoder", "x = F.relu(self.linear1(x))", "x = self.linear1(x)", "linear function"),
    Slip("decoder", "decoder", "torch.sigmoid(self.linear2(z))", "self.linear2(z)", "sigmoid"),
    Slip("train", "train", "((x - x_hat) ** 2).sum()", "((x - x_hat) ** 2).mean()", "averaged"),
    Slip(
        "variational_encoder",
        "variational-encoder",
        "z = mu + sigma * torch.randn_like(mu)",
        "z = mu",
        "z has to be a sample",
    ),
    Slip(
        "kl",
        "variational-encoder",
        "mu**2 - 1) - torch.log(sigma)).sum()",
        "mu**2 - 1) - torch.log(sigma)).mean()",
        "mean",
    ),
    Slip("train_vae", "train-vae", "kl_loss = vae.encoder.kl", "kl_loss = 0", "KL"),
    Slip("interpolate", "interpolate", "np.linspace(0, 1, n)", "np.arange(n) / n", "z_2"),
)


def right_text(cell: str) -> str:
    """An exercise's cell as the reference solution has it."""
    source = nbformat.read(checkout() / "solutions/autoencoders/autoencoders.ipynb", as_version=4)
    text = next(one.source for one in source.cells if one.id == cell)
    return _MARKER.sub("", text)


def wrong_text(slip: Slip) -> str:
    """The same with the slip."""
    text = right_text(slip.cell)
    assert slip.right in text, f"the solution of {slip.key} does not read like this any more"
    return text.replace(slip.right, slip.wrong)
