"""Run the student's decoder on the probe."""

import torch

from autograder.autoencoders.exercises.decoder.probe import AMPLITUDES, KEY, inputs
from autograder.autoencoders.networks.observe import NetworkProbe, run_networks
from autograder.autoencoders.networks.observe_line import End, LineProbe
from autograder.autoencoders.networks.probe import FEW, LATENT_DIMS, NetworkObservation
from autograder.autoencoders.networks.retrying import Trying
from autograder.autoencoders.probe_data import PIXELS
from autograder.instruments.calling import Workspace

_ENDS = (
    End("sigmoid", PIXELS, lambda module, latents: torch.logit(module.eval()(latents)).flatten(1), decides=True),
    End("tanh", PIXELS, lambda module, latents: torch.atanh(module.eval()(latents)).flatten(1), decides=True),
    End("identity", PIXELS, lambda module, latents: module.eval()(latents).flatten(1)),
)


def observe(workspace: Workspace, seed: int) -> NetworkObservation:
    """What the student's ``Decoder`` does with the probe of this seed."""
    probe = NetworkProbe(
        seed=seed,
        amplitudes=AMPLITUDES,
        inputs=lambda latent_dims, count: inputs(seed, latent_dims, count),
        reshape=lambda latents: latents.unsqueeze(1),
        source=lambda latents: latents.clone().requires_grad_(),
        sizes=lambda latent_dims: (latent_dims, [PIXELS]),
        line=lambda latent_dims: LineProbe(seed, (latent_dims,), _ENDS),
    )
    given = workspace.tensor(probe.inputs(LATENT_DIMS[0], FEW))

    def seen() -> NetworkObservation:
        return NetworkObservation(run_networks(workspace, workspace.find("Decoder", KEY), probe))

    return Trying(workspace, "Decoder", KEY, given, PIXELS, _shows_too_little).observe(seen)


def _shows_too_little(seen: NetworkObservation) -> bool:
    """Whether nothing is seen of it, or one latent vector only goes through."""
    return seen.shows_nothing or all(one.failure is not None for one in seen.runs[0].outputs[1:])
