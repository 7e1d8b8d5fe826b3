"""Make the sample class in ``examples/submitted/`` from the released notebook: ``python examples/make_submitted.py``.

Ten invented submissions in nbgrader's layout, ``submitted/<student>/autoencoders/autoencoders.ipynb``. Each is the
released notebook with some gaps filled in; an answer is a list of replacements in the text of one cell.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parent
RELEASED = EXAMPLES.parent / "notebooks" / "autoencoders" / "autoencoders.ipynb"

Answer = list[tuple[str, str]]
Answers = Mapping[str, Answer]

GAP = "# YOUR CODE HERE\n        raise NotImplementedError()"
VARIATIONAL_FLATTEN = "# YOUR CODE HERE: flatten the images, then hidden layer and ReLU\n"


def network(init: str, forward: str) -> Answer:
    """The two gaps of an encoder or a decoder."""
    return [(GAP, init), (GAP, forward)]


def variational(init: str, hidden: str, mu: str, sigma: str, z: str, kl: str) -> Answer:
    """The gaps of the variational encoder."""
    return [
        (GAP, init),
        (VARIATIONAL_FLATTEN, f"{hidden}\n"),
        ("mu = ...", mu),
        ("sigma = ...", sigma),
        ("z = ...", z),
        ("self.kl = ...", kl),
    ]


def training(loss: str, prediction: str = "x_hat = autoencoder(x)") -> Answer:
    """The gaps of ``train``."""
    return [("x_hat = ...", prediction), ("loss = ...", loss)]


def vae_training(recon_loss: str, kl_loss: str, prediction: str = "x_hat = vae(x)") -> Answer:
    """The gaps of ``train_vae``."""
    return [("x_hat = ...", prediction), ("recon_loss = ...", recon_loss), ("kl_loss = ...", kl_loss)]


TWO_LAYERS = "self.linear1 = nn.Linear({0}, 512)\n        self.linear2 = nn.Linear(512, {1})"
ENCODER = network(
    TWO_LAYERS.format("784", "latent_dims"),
    "x = torch.flatten(x, start_dim=1)\n        x = F.relu(self.linear1(x))\n        return self.linear2(x)",
)
DECODER = network(
    TWO_LAYERS.format("latent_dims", "784"), "z = F.relu(self.linear1(z))\n        z = torch.sigmoid(self.linear2(z))"
)
VARIATIONAL = variational(
    init=(
        "self.linear1 = nn.Linear(784, 512)\n        self.linear2 = nn.Linear(512, latent_dims)\n"
        "        self.linear3 = nn.Linear(512, latent_dims)"
    ),
    hidden="x = torch.flatten(x, start_dim=1)\n        x = F.relu(self.linear1(x))",
    mu="mu = self.linear2(x)",
    sigma="sigma = torch.exp(self.linear3(x))",
    z="z = mu + sigma * torch.randn_like(mu)",
    kl="self.kl = (0.5 * (sigma**2 + mu**2 - 1) - torch.log(sigma)).sum()",
)
TRAIN = training("loss = ((x - x_hat) ** 2).sum()")
TRAIN_VAE = vae_training("recon_loss = ((x - x_hat) ** 2).sum()", "kl_loss = vae.encoder.kl")
INTERPOLATE = [("z = ...", "z = torch.stack([z_1 + (z_2 - z_1) * t for t in np.linspace(0, 1, n)])")]

RIGHT: Answers = {
    "encoder": ENCODER,
    "decoder": DECODER,
    "train": TRAIN,
    "variational_encoder": VARIATIONAL,
    "train_vae": TRAIN_VAE,
    "interpolate": INTERPOLATE,
}

ANOTHER_STYLE: Answers = {
    "encoder": network(
        "self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, latent_dims))",
        "return self.net(x)",
    ),
    "decoder": network(
        "self.net = nn.Sequential(\n"
        "            nn.Linear(latent_dims, 512), nn.ReLU(), nn.Linear(512, 784), nn.Sigmoid())",
        "z = self.net(z)",
    ),
    "train": training("loss = F.mse_loss(x_hat, x, reduction='sum')"),
    "variational_encoder": variational(
        init=(
            "self.trunk = nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU())\n"
            "        self.heads = nn.Linear(512, 2 * latent_dims)"
        ),
        hidden="mu, log_var = self.heads(self.trunk(x)).chunk(2, dim=1)",
        mu="posterior = torch.distributions.Normal(mu, torch.exp(log_var / 2))",
        sigma="prior = torch.distributions.Normal(0.0, 1.0)",
        z="z = posterior.rsample()",
        kl="self.kl = torch.distributions.kl_divergence(posterior, prior).sum()",
    ),
    "train_vae": vae_training(
        "recon_loss = F.mse_loss(x_hat, x, reduction='sum')",
        "kl_loss = vae.encoder.kl",
        "x_hat = vae.decoder(vae.encoder(x))",
    ),
    "interpolate": [("z = ...", "z = torch.lerp(z_1, z_2, torch.linspace(0, 1, n, device=z_1.device).unsqueeze(1))")],
}


def changed(answer: Answer, old: str, new: str) -> Answer:
    """An answer with one slip in it.

    Raises:
        ValueError: the answer does not hold the text to change.
    """
    if not any(old in filled for _, filled in answer):
        raise ValueError(f"no answer holds {old!r}")
    return [(gap, filled.replace(old, new)) for gap, filled in answer]


STUDENTS: Mapping[str, Answers] = {
    # All right, in the notebook's own style.
    "student-01": RIGHT,
    # All right, in another style.
    "student-02": ANOTHER_STYLE,
    # Half done: the sampling is there, the KL and what follows are not.
    "student-03": {
        "encoder": ENCODER,
        "decoder": DECODER,
        "train": TRAIN,
        "variational_encoder": VARIATIONAL[:-1],
    },
    # Untouched.
    "student-04": {},
    # Activations forgotten, mean for sum.
    "student-05": RIGHT
    | {
        "encoder": changed(ENCODER, "F.relu(self.linear1(x))", "self.linear1(x)"),
        "decoder": changed(DECODER, "torch.sigmoid(self.linear2(z))", "self.linear2(z)"),
        "train": training("loss = F.mse_loss(x_hat, x)"),
    },
    # The mean passed on as if it were a sample, and a KL without its constant.
    "student-06": RIGHT
    | {
        "variational_encoder": changed(
            changed(VARIATIONAL, "mu + sigma * torch.randn_like(mu)", "mu"), "mu**2 - 1)", "mu**2)"
        ),
    },
    # A sample and a KL that no gradient passes.
    "student-07": RIGHT
    | {
        "variational_encoder": changed(
            changed(VARIATIONAL, "mu + sigma * torch.randn_like(mu)", "torch.normal(mu, sigma)"),
            ").sum()",
            ").sum().item()",
        ),
        "train_vae": vae_training(
            "recon_loss = ((x - x_hat) ** 2).sum()", "kl_loss = vae.encoder.kl", "x_hat = autoencoder(x)"
        ),
    },
    # Another loss, sums beside means, the last step of the walk missing.
    "student-08": RIGHT
    | {
        "train": training("loss = F.binary_cross_entropy(x_hat, x, reduction='sum')"),
        "train_vae": vae_training("recon_loss = F.mse_loss(x_hat, x)", "kl_loss = vae.encoder.kl"),
        "interpolate": [("z = ...", "z = torch.stack([z_1 + (z_2 - z_1) * i / n for i in range(n)])")],
    },
    # A cell that does not compile; the others stand.
    "student-09": RIGHT | {"decoder": changed(DECODER, "F.relu(self.linear1(z))", "F.relu(self.linear1(z)")},
}
BROKEN_FILE = "student-10"


def filled(notebook: dict[str, Any], answers: Answers) -> dict[str, Any]:
    """A copy of the released notebook with the answers in its cells.

    Raises:
        ValueError: a cell or a gap that an answer fills is not in the notebook.
    """
    copy = deepcopy(notebook)
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in copy["cells"]}
    for name, answer in answers.items():
        if name not in cells:
            raise ValueError(f"the released notebook has no cell {name!r}")
        source = "".join(cells[name]["source"])
        for gap, text in answer:
            if gap not in source:
                raise ValueError(f"{name}: the released cell has no gap {gap!r}")
            source = source.replace(gap, text, 1)
        cells[name]["source"] = source.splitlines(keepends=True)
    return copy


def main() -> None:
    """Write all submissions."""
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    for student, answers in STUDENTS.items():
        write(student, json.dumps(filled(released, answers), indent=1, ensure_ascii=False) + "\n")
    whole = json.dumps(filled(released, RIGHT), indent=1, ensure_ascii=False)
    write(BROKEN_FILE, whole[: len(whole) // 3])


def write(student: str, text: str) -> None:
    """Write one student's notebook."""
    folder = EXAMPLES / "submitted" / student / "autoencoders"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "autoencoders.ipynb").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
