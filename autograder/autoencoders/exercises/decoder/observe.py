"""Run the student's decoder on the probe."""

from autograder.autoencoders.exercises.decoder.probe import AMPLITUDES, KEY, inputs
from autograder.autoencoders.networks.observe import NetworkProbe, run_networks
from autograder.autoencoders.networks.probe import NetworkObservation
from autograder.instruments.calling import Workspace


def observe(workspace: Workspace, seed: int) -> NetworkObservation:
    """What the student's ``Decoder`` does with the probe of this seed."""
    probe = NetworkProbe(
        seed=seed,
        amplitudes=AMPLITUDES,
        inputs=lambda latent_dims, count: inputs(seed, latent_dims, count),
        reshape=lambda latents: latents.unsqueeze(1),
        source=lambda latents: latents.clone().requires_grad_(),
    )
    return NetworkObservation(run_networks(workspace, workspace.find("Decoder", KEY), probe))
